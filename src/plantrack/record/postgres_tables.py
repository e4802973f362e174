"""The tables of the record on PostgreSQL, step by step; a step that was released never changes."""

ROLE = "plantrack_app"
"""Whom the running program acts as: it may read and append, nothing else."""

CHANNEL = "events"
"""Where listeners hear that something was appended."""

LAST_IN_LINE = 0x706C616E74
"""The lock of appending: held to the end of a transaction, so that positions become visible in
their own order. A reader who follows positions could otherwise skip an entry for ever."""

_OPENING = "substr(topic, 1, 11) = 'PlanOpened@'"

_CREATE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- a migration of another database of this server was quicker
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{ROLE}', CASE
        WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
END $$
"""

_APPEND = f"""
CREATE FUNCTION append_entries(
    plans text[], numbers bigint[], topics text[], states bytea[],
    children text[], nths bigint[], child_plans text[],
    command_id text, fingerprint text, answer text, command_recorded_at timestamptz
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    positions bigint[];
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock({LAST_IN_LINE});
    IF command_id IS NOT NULL THEN
        INSERT INTO public.commands VALUES (command_id, fingerprint, answer, command_recorded_at);
    END IF;
    IF children IS NOT NULL THEN
        INSERT INTO public.child_plans SELECT * FROM unnest(children, nths, child_plans);
    END IF;
    WITH written AS (
        INSERT INTO public.events (originator_id, originator_version, topic, state)
        SELECT plan, number, topic, state
        FROM unnest(plans, numbers, topics, states)
            WITH ORDINALITY AS entry (plan, number, topic, state, nth)
        ORDER BY nth
        RETURNING notification_id
    )
    SELECT array_agg(notification_id ORDER BY notification_id) INTO positions FROM written;
    NOTIFY {CHANNEL};
    RETURN positions;
END $$
"""

# What is appended most, one entry, takes a fifth less time without arrays.
_APPEND_ONE = f"""
CREATE FUNCTION append_entry(
    plan text, number bigint, topic text, state bytea,
    command_id text, fingerprint text, answer text, command_recorded_at timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock({LAST_IN_LINE});
    IF command_id IS NOT NULL THEN
        INSERT INTO public.commands VALUES (command_id, fingerprint, answer, command_recorded_at);
    END IF;
    INSERT INTO public.events (originator_id, originator_version, topic, state)
    VALUES (plan, number, topic, state) RETURNING notification_id INTO written;
    NOTIFY {CHANNEL};
    RETURN written;
END $$
"""

# Several commands that share a commit. The function above stays for a program of the release
# before, which may still be running while the database is brought up to date.
_APPEND_TOGETHER = f"""
CREATE FUNCTION append_together(
    plans text[], numbers bigint[], topics text[], states bytea[],
    children text[], nths bigint[], child_plans text[],
    command_ids text[], fingerprints text[], answers text[], commands_recorded_at timestamptz[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    positions bigint[];
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock({LAST_IN_LINE});
    IF command_ids IS NOT NULL THEN
        INSERT INTO public.commands
        SELECT * FROM unnest(command_ids, fingerprints, answers, commands_recorded_at);
    END IF;
    IF children IS NOT NULL THEN
        INSERT INTO public.child_plans SELECT * FROM unnest(children, nths, child_plans);
    END IF;
    WITH written AS (
        INSERT INTO public.events (originator_id, originator_version, topic, state)
        SELECT plan, number, topic, state
        FROM unnest(plans, numbers, topics, states)
            WITH ORDINALITY AS entry (plan, number, topic, state, nth)
        ORDER BY nth
        RETURNING notification_id
    )
    SELECT array_agg(notification_id ORDER BY notification_id) INTO positions FROM written;
    NOTIFY {CHANNEL};
    RETURN positions;
END $$
"""

# Whoever appends says which entries of the record of rights they knew. If others came since, what
# was allowed may not be allowed any more, and nothing is appended.
RIGHTS_MOVED = "rights_moved"
_APPEND_UNDER_RIGHTS = f"""
CREATE FUNCTION append_under_rights(
    known bigint, rights_topics text[], rights_states bytea[],
    plans text[], numbers bigint[], topics text[], states bytea[],
    children text[], nths bigint[], child_plans text[],
    command_ids text[], fingerprints text[], answers text[], commands_recorded_at timestamptz[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock({LAST_IN_LINE});
    IF (SELECT coalesce(max(number), 0) FROM public.rights) <> known THEN
        RAISE EXCEPTION 'The rights changed.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{RIGHTS_MOVED}';
    END IF;
    IF rights_topics IS NOT NULL THEN
        INSERT INTO public.rights (number, topic, state)
        SELECT known + nth, topic, state
        FROM unnest(rights_topics, rights_states) WITH ORDINALITY AS entry (topic, state, nth);
    END IF;
    IF plans IS NULL THEN
        RETURN '{{}}';
    END IF;
    RETURN public.append_together(
        plans, numbers, topics, states, children, nths, child_plans,
        command_ids, fingerprints, answers, commands_recorded_at
    );
END $$
"""

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The record of % is append-only.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""


def _append_only(table: str) -> list[str]:
    """Refuse to change a table's rows, also to its owner and where triggers are switched off."""
    trigger = f"{table}_are_never_changed"
    return [
        f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}",
        f"REVOKE ALL ON {table} FROM PUBLIC, {ROLE}",
        f"GRANT SELECT, INSERT ON {table} TO {ROLE}",
    ]


def _for_the_program_only(function: str) -> list[str]:
    return [
        f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {function} TO {ROLE}",
    ]


STEPS: list[tuple[str, list[str]]] = [
    (
        "The record: entries, commands and which plans a child has",
        [
            _CREATE_ROLE,
            f"GRANT USAGE ON SCHEMA public TO {ROLE}",
            f"GRANT SELECT ON schema_version TO {ROLE}",
            """
            CREATE TABLE events (
                notification_id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
                originator_id text COLLATE "C" NOT NULL,
                originator_version bigint NOT NULL,
                topic text COLLATE "C" NOT NULL,
                state bytea NOT NULL,
                PRIMARY KEY (originator_id, originator_version)
            )
            """,
            f"CREATE INDEX ON events (notification_id, originator_id) WHERE {_OPENING}",
            """
            CREATE TABLE commands (
                command_id text COLLATE "C" PRIMARY KEY,
                fingerprint text NOT NULL,
                answer text NOT NULL,
                recorded_at timestamptz NOT NULL
            )
            """,
            """
            CREATE TABLE child_plans (
                child text COLLATE "C" NOT NULL,
                nth bigint NOT NULL,
                plan text COLLATE "C" NOT NULL,
                PRIMARY KEY (child, nth)
            )
            """,
            "CREATE INDEX ON child_plans (plan)",
            _REFUSE,
            *_append_only("events"),
            *_append_only("commands"),
            *_append_only("child_plans"),
            _APPEND,
            _APPEND_ONE,
            *_for_the_program_only(
                "append_entries(text[], bigint[], text[], bytea[], text[], bigint[], text[],"
                " text, text, text, timestamptz)"
            ),
            *_for_the_program_only(
                "append_entry(text, bigint, text, bytea, text, text, text, timestamptz)"
            ),
        ],
    ),
    (
        "Policies as they were adopted, and commands that share a commit",
        [
            """
            CREATE TABLE policies_adopted (
                nth integer PRIMARY KEY,
                adopted_at timestamptz NOT NULL,
                by_name text NOT NULL,
                by_agency text NOT NULL,
                by_role text NOT NULL,
                file text NOT NULL,
                text text NOT NULL
            )
            """,
            *_append_only("policies_adopted"),
            _APPEND_TOGETHER,
            *_for_the_program_only(
                "append_together(text[], bigint[], text[], bytea[], text[], bigint[], text[],"
                " text[], text[], text[], timestamptz[])"
            ),
        ],
    ),
    (
        "The record of rights, and appending under the rights that were known",
        [
            """
            CREATE TABLE rights (
                number bigint PRIMARY KEY,
                topic text COLLATE "C" NOT NULL,
                state bytea NOT NULL
            )
            """,
            *_append_only("rights"),
            _APPEND_UNDER_RIGHTS,
            *_for_the_program_only(
                "append_under_rights(bigint, text[], bytea[], text[], bigint[], text[], bytea[],"
                " text[], bigint[], text[], text[], text[], text[], timestamptz[])"
            ),
        ],
    ),
]

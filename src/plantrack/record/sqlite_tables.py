"""The tables of the record on SQLite, step by step; a step that was released never changes."""

STEPS: list[tuple[str, list[str]]] = [
    (
        "The record: entries, commands and which plans a child has",
        [
            # The library reads the position as ``rowid``. AUTOINCREMENT never gives one twice.
            """
            CREATE TABLE events (
                rowid INTEGER PRIMARY KEY AUTOINCREMENT,
                originator_id TEXT NOT NULL,
                originator_version INTEGER NOT NULL,
                topic TEXT NOT NULL,
                state BLOB NOT NULL,
                UNIQUE (originator_id, originator_version)
            ) STRICT
            """,
            """
            CREATE INDEX events_that_open_a_plan ON events (rowid, originator_id)
            WHERE substr(topic, 1, 11) = 'PlanOpened@'
            """,
            """
            CREATE TABLE commands (
                command_id TEXT PRIMARY KEY,
                fingerprint TEXT NOT NULL,
                answer TEXT NOT NULL,
                recorded_at TEXT NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE child_plans (
                child TEXT NOT NULL,
                nth INTEGER NOT NULL,
                plan TEXT NOT NULL,
                PRIMARY KEY (child, nth)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX child_plans_by_plan ON child_plans (plan)",
        ],
    ),
    (
        "Policies as they were adopted, and commands that share a commit",
        [
            """
            CREATE TABLE policies_adopted (
                nth INTEGER PRIMARY KEY,
                adopted_at TEXT NOT NULL,
                by_name TEXT NOT NULL,
                by_agency TEXT NOT NULL,
                by_role TEXT NOT NULL,
                file TEXT NOT NULL,
                text TEXT NOT NULL
            ) STRICT
            """,
        ],
    ),
    (
        "The record of rights, and appending under the rights that were known",
        [
            """
            CREATE TABLE rights (
                number INTEGER PRIMARY KEY,
                topic TEXT NOT NULL,
                state BLOB NOT NULL
            ) STRICT
            """,
        ],
    ),
]

KEYS: list[dict[str, str]] = [
    {
        "events": "rowid = NEW.rowid OR (originator_id = NEW.originator_id"
        " AND originator_version = NEW.originator_version)",
        "commands": "command_id = NEW.command_id",
        "child_plans": "child = NEW.child AND nth = NEW.nth",
    },
    {"policies_adopted": "nth = NEW.nth"},
    {"rights": "number = NEW.number"},
]
"""What makes a row of a table the same row, for the tables of each step."""


def _append_only(table: str, key: str) -> list[str]:
    """Refuse to change a table's rows. Without the third, REPLACE would delete a row unseen."""
    refuse = f"BEGIN SELECT RAISE(ABORT, 'The record of {table} is append-only.'); END"
    return [
        f"CREATE TRIGGER {table}_are_never_updated BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_are_never_deleted BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_are_never_replaced BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) {refuse}",
    ]


for (_, _statements), _keys in zip(STEPS, KEYS, strict=True):
    for _table, _key in _keys.items():
        _statements.extend(_append_only(_table, _key))

"""Drafts have a place of their own, which nobody else reads and no upgrade empties."""

import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import update

from plantrack.application import stores
from plantrack.drafts.drafts import Drafts, OfPlan
from plantrack.drafts.store import CannotKeepDrafts, Store, drafts_path
from plantrack.drafts.tables import KEPT
from plantrack.record import migrate
from postgres import Postgres

DAY, PLANS = date(2026, 11, 20), (OfPlan("CP-1", "M2", 14),)


def test_the_tables_are_made_with_everything_beside_the_record(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    migrate(url)

    assert "The drafts of what people are still writing" in stores.make(url)

    file = tmp_path / "record-drafts.db"
    assert drafts_path(url) == file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_tables_that_are_missing_are_refused(tmp_path: Path) -> None:
    drafts = Drafts(f"sqlite:///{tmp_path}/record.db")

    with pytest.raises(CannotKeepDrafts, match="run plantrack migrate"):
        drafts.check()
    with pytest.raises(CannotKeepDrafts, match="still on your page"):
        drafts.find("a draft", "p-ada")
    drafts.close()


def test_the_program_may_change_its_rows_and_not_its_tables(postgres: Postgres) -> None:
    with postgres.database() as url:
        migrate(url)
        Drafts(url).make()

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET ROLE plantrack_app")
            connection.execute("DELETE FROM drafts.parts")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DROP TABLE drafts.parts")


def test_a_release_with_other_tables_loses_nothing_that_is_being_written(kept_at: str) -> None:
    drafts, store = Drafts(kept_at), Store(kept_at)
    name = drafts.begin("p-ada", "review_conference", DAY, PLANS)
    with store.writing() as connection:
        connection.execute(update(KEPT).values(shape="another release's"))

    with pytest.raises(CannotKeepDrafts, match="still being written"):
        drafts.make()
    assert drafts.find(name, "p-ada")
    for each in drafts.unfinished("p-ada"):
        drafts.throw_away(each.draft)
    assert drafts.make()

    drafts.close()
    store.close()


def test_no_words_stay_in_the_file_of_a_draft_that_is_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    drafts = Drafts(url)
    drafts.make()
    for over in (drafts.throw_away, lambda name: drafts.finish(name, {})):
        name = drafts.begin("p-ada", "review_conference", DAY, PLANS)
        drafts.save(name, "said", {"w": ["Peregrine words"]}, version=0, pen="", done=True)
        over(name)
    drafts.close()

    with closing(sqlite3.connect(drafts_path(url))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in tmp_path.glob("record-drafts*"):
        assert b"Peregrine" not in file.read_bytes(), file

"""Steps of the schema: applied once, in order, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from store.errors import StoreError, StoreVersionError
from store.migrations import Step, known_steps, migrate, schema_version

FIRST = Step(1, "initial", "CREATE TABLE cats (name VARCHAR); INSERT INTO cats VALUES ('Tom');")
SECOND = Step(2, "colours", "ALTER TABLE cats ADD COLUMN colour VARCHAR DEFAULT 'red';")
BROKEN = Step(3, "broken", "INSERT INTO cats VALUES ('Kit', 'blue'); SELECT * FROM nowhere;")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "meta.duckdb")
    yield opened
    opened.close()


def test_steps_are_applied_once(database: Database) -> None:
    assert schema_version(database) == 0
    assert migrate(database, 1.0, [FIRST]) == [FIRST]
    assert migrate(database, 2.0, [FIRST, SECOND]) == [SECOND]
    assert migrate(database, 3.0, [FIRST, SECOND]) == []
    assert database.rows("SELECT name, colour FROM cats ORDER BY name") == [("Tom", "red")]
    records = database.rows("SELECT number, name, applied_at FROM migrations ORDER BY number")
    assert records == [(1, "initial", 1.0), (2, "colours", 2.0)]


def test_a_step_that_fails_leaves_nothing(database: Database) -> None:
    migrate(database, 1.0, [FIRST, SECOND])
    with pytest.raises(StoreError):
        migrate(database, 2.0, [FIRST, SECOND, BROKEN])
    assert schema_version(database) == 2
    assert database.rows("SELECT name FROM cats ORDER BY name") == [("Tom",)]


def test_a_newer_schema_is_refused(database: Database) -> None:
    migrate(database, 1.0, [FIRST, SECOND])
    with pytest.raises(StoreVersionError) as caught:
        migrate(database, 2.0, [FIRST])
    assert (caught.value.found, caught.value.supported) == (2, 1)


def test_our_own_steps_are_numbered_without_gaps() -> None:
    steps = known_steps()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert steps[0].name == "initial"


def test_the_file_can_be_read_by_the_oldest_supported_engine(tmp_path: Path) -> None:
    database = Database(tmp_path / "meta.duckdb")
    tags = database.row("SELECT tags FROM duckdb_databases() WHERE database_name = 'meta'")
    database.close()
    assert tags is not None
    assert tags[0]["storage_version"].startswith("v1.5.0")

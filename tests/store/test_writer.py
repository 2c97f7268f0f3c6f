"""The metadata writer: group commit, failures, order, checkpoints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from store.database import Database, clean_text, insert_rows, json_list
from store.errors import NotFoundError, QueryStoppedError, StoreError
from store.writer import MetadataWriter


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "meta.duckdb")
    opened.cursor().execute("CREATE TABLE numbers (number INTEGER, text VARCHAR, value DOUBLE)")
    yield opened
    opened.close()


@pytest.fixture
def writer(database: Database) -> Iterator[MetadataWriter]:
    started = MetadataWriter(database)
    yield started
    started.close()


def insert(number: int) -> Callable[[DuckDBPyConnection], int]:
    def work(cursor: DuckDBPyConnection) -> int:
        cursor.execute("INSERT INTO numbers (number) VALUES (?)", [number])
        return number

    return work


def numbers(database: Database) -> list[int]:
    return [row[0] for row in database.rows("SELECT number FROM numbers ORDER BY rowid")]


def test_jobs_run_in_order_and_are_visible_when_done(
    database: Database, writer: MetadataWriter
) -> None:
    futures = [writer.submit(insert(number)) for number in range(1000)]
    assert futures[-1].result() == 999
    assert numbers(database) == list(range(1000))
    assert [future.result() for future in futures] == list(range(1000))


def test_a_job_fails_for_its_own_reasons_only(
    database: Database, writer: MetadataWriter
) -> None:
    hold, held = threading.Event(), threading.Event()

    def first(cursor: DuckDBPyConnection) -> None:
        held.set()
        hold.wait(10)

    def half(cursor: DuckDBPyConnection) -> None:
        cursor.execute("INSERT INTO numbers (number) VALUES (-1)")
        raise NotFoundError("run", "x")

    def broken(cursor: DuckDBPyConnection) -> None:
        cursor.execute("INSERT INTO numbers (number) VALUES (-2)")
        cursor.execute("SELECT * FROM nowhere")

    writer.submit(first)
    held.wait(10)
    good = [writer.submit(insert(1))]
    bad = [writer.submit(half), writer.submit(broken)]
    good.append(writer.submit(insert(2)))
    hold.set()
    assert [future.result(10) for future in good] == [1, 2]
    assert isinstance(bad[0].exception(10), NotFoundError)
    error = bad[1].exception(10)
    assert type(error) is StoreError
    assert numbers(database) == [1, 2]


def test_after_runs_once_and_before_the_future(
    database: Database, writer: MetadataWriter
) -> None:
    seen: list[tuple[int, list[int]]] = []
    writer.run(insert(7), lambda number: seen.append((number, numbers(database))))
    assert seen == [(7, [7])]


def test_a_failing_after_reaches_the_caller(writer: MetadataWriter) -> None:
    def after(number: object) -> None:
        raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        writer.run(insert(1), after)
    assert writer.run(insert(2)) == 2


def test_a_closed_writer_refuses(writer: MetadataWriter) -> None:
    future = writer.submit(insert(1))
    writer.close()
    assert future.result() == 1
    with pytest.raises(StoreError):
        writer.submit(insert(2))
    writer.close()


def test_the_log_of_the_database_is_folded_in(database: Database, tmp_path: Path) -> None:
    writer = MetadataWriter(database, checkpoint_bytes=10_000)
    rows = [(number, "x" * 100, 0.5) for number in range(2000)]
    columns = {"number": "INTEGER", "text": "VARCHAR", "value": "DOUBLE"}
    writer.run(lambda cursor: insert_rows(cursor, "numbers", columns, rows))
    writer.close()
    wal = tmp_path / "meta.duckdb.wal"
    assert not wal.exists() or wal.stat().st_size < 10_000
    assert len(numbers(database)) == 2000


def test_bulk_rows_keep_every_value(database: Database, writer: MetadataWriter) -> None:
    rows = [
        (1, "a\0b", float("nan")),
        (2, "été \"'\\\n", float("inf")),
        (3, None, -float("inf")),
        (4, "", None),
        (5, "half \ud800", -0.0),
    ]
    columns = {"number": "INTEGER", "text": "VARCHAR", "value": "DOUBLE"}
    writer.run(lambda cursor: insert_rows(cursor, "numbers", columns, rows))
    found = database.rows("SELECT number, text, value FROM numbers ORDER BY number")
    expected = [(number, text and clean_text(text), value) for number, text, value in rows]
    assert repr(found) == repr(expected)


def test_every_thread_reads_its_own_answer(database: Database, writer: MetadataWriter) -> None:
    rows = [(number, str(number), None) for number in range(5000)]
    columns = {"number": "INTEGER", "text": "VARCHAR", "value": "DOUBLE"}
    writer.run(lambda cursor: insert_rows(cursor, "numbers", columns, rows))
    wrong: list[int] = []

    def read(thread: int) -> None:
        for number in range(thread, 5000, 100):
            row = database.row("SELECT number, text FROM numbers WHERE number = ?", [number])
            if row != (number, str(number)):
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_query_can_be_stopped(database: Database) -> None:
    started = threading.Event()
    caught: list[BaseException] = []

    def run() -> None:
        cursor = database.cursor()
        started.cursor = cursor  # type: ignore[attr-defined]
        started.set()
        try:
            database.rows(
                "SELECT count(*) FROM range(100000000) a, range(100000000) b "
                "WHERE a.range + b.range = 7"
            )
        except StoreError as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(10)
    while thread.is_alive():
        started.cursor.interrupt()  # type: ignore[attr-defined]
        thread.join(0.05)
    assert isinstance(caught[0], QueryStoppedError)


def test_lists_of_ids_and_texts() -> None:
    assert json_list([3, 1]) == "[3, 1]"
    assert json_list(["é\ud800"]) == '["é\ufffd"]'

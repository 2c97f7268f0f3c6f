"""Opening a store: what may lie at a path, who else may own it, and that errors change nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import Store, read_owner
from store.database import Database
from store.errors import (
    NotAStoreError,
    OpenError,
    StoreCorruptError,
    StoreError,
    StoreLockedError,
    StoreVersionError,
)
from tests.factories import log_run

OWNER = """
import sys, time
from store import Store
store = Store.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
store.close()
"""


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b""
        for path in sorted(root.rglob("*"))
    }


def start_owner(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def test_a_new_folder_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lab.rf"
    with Store.open(path) as store:
        assert store.default.runs.count() == 0
    with Store.open(path, create=False) as store:
        assert store.default.runs.count() == 0


def test_an_empty_folder_becomes_a_store(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        assert store.path == tmp_path


def test_nothing_is_made_when_not_asked_to(tmp_path: Path) -> None:
    with pytest.raises(NotAStoreError):
        Store.open(tmp_path / "lab.rf", create=False)
    with pytest.raises(NotAStoreError):
        Store.open(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_a_store(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(NotAStoreError):
        Store.open(path)
    assert path.read_text() == "hello"


def test_a_folder_of_other_things_is_not_a_store(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("print()")
    before = tree(tmp_path)
    with pytest.raises(NotAStoreError):
        Store.open(tmp_path)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 20_000])
def test_damaged_metadata_are_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lab.rf"
    Store.open(path).close()
    (path / "meta.duckdb").write_bytes(content)
    with pytest.raises(StoreCorruptError):
        Store.open(path)
    assert (path / "meta.duckdb").read_bytes() == content
    assert read_owner(path) is None


def test_cut_off_metadata_are_told(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    Store.open(path).close()
    whole = (path / "meta.duckdb").read_bytes()
    (path / "meta.duckdb").write_bytes(whole[:9_000])
    with pytest.raises(OpenError):
        Store.open(path)
    (path / "meta.duckdb").write_bytes(whole)
    Store.open(path).close()


def test_damage_inside_the_metadata_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    with Store.open(path) as store:
        for number in range(50):
            log_run(store.default, number, params={"a": "x" * number})
    whole = (path / "meta.duckdb").read_bytes()
    for place in range(5_000, len(whole) - 3_000, len(whole) // 5):
        damaged = whole[:place] + b"\xa5" * 3_000 + whole[place + 3_000 :]
        (path / "meta.duckdb").write_bytes(damaged)
        try:
            Store.open(path).close()
        except StoreCorruptError:
            continue
    (path / "meta.duckdb").write_bytes(whole)
    with Store.open(path) as store:
        assert store.default.runs.count() == 50


def test_a_cut_off_log_of_the_metadata_loses_its_end_only(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    script = (
        "import os, sys\nfrom store import Store\nstore = Store.open(sys.argv[1])\n"
        "for n in range(20): store.default.runs.create(f'r{n}')\nos.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    log = path / "meta.duckdb.wal"
    log.write_bytes(log.read_bytes()[:-37])
    with Store.open(path) as store:
        found = store.default.runs.hashes()
        assert found == [f"r{number}" for number in range(len(found))]
        assert len(found) >= 18
        store.default.runs.create("new")
    with Store.open(path) as store:
        assert store.default.runs.exists("new")


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "lab.rf", tmp_path / "nul\0byte"):
        with pytest.raises(OpenError):
            Store.open(path)


def test_a_database_of_somebody_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    path.mkdir()
    database = Database(path / "meta.duckdb")
    database.cursor().execute("CREATE TABLE cats (name VARCHAR)")
    database.close()
    with pytest.raises(StoreCorruptError):
        Store.open(path)


def test_a_store_of_a_newer_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    Store.open(path).close()
    database = Database(path / "meta.duckdb")
    database.cursor().execute("INSERT INTO migrations VALUES (999, 'future', 0)")
    database.close()
    with pytest.raises(StoreVersionError) as caught:
        Store.open(path)
    assert caught.value.found == 999


def test_a_half_made_store_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "meta.new").write_bytes(b"half")
    with Store.open(tmp_path) as store:
        assert store.default.runs.count() == 0
    assert not (tmp_path / "meta.new").exists()


def test_one_store_is_not_opened_twice_in_a_process(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf") as store:
        with pytest.raises(StoreLockedError) as caught:
            Store.open(store.path)
        assert caught.value.pid == os.getpid()
    Store.open(store.path).close()


def test_a_second_process_is_told_who_owns_the_store(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    owner = start_owner(path)
    try:
        with pytest.raises(StoreLockedError) as caught:
            Store.open(path)
        assert caught.value.pid == owner.pid
        found = read_owner(path)
        assert found is not None
        assert (found.pid, found.socket, found.url) == (owner.pid, None, None)
        assert abs(found.started_at - time.time()) < 60
    finally:
        owner.communicate("\n")
    assert read_owner(path) is None
    Store.open(path).close()


def test_an_owner_that_was_killed_owns_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    owner = start_owner(path)
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()
    assert (path / "owner.json").exists()
    assert read_owner(path) is None
    Store.open(path).close()


def test_the_owner_says_how_to_reach_it(store: Store) -> None:
    store.ownership.publish(socket="/tmp/x", url="http://127.0.0.1:53800")
    found = read_owner(store.path)
    assert found is not None
    assert (found.socket, found.url) == ("/tmp/x", "http://127.0.0.1:53800")
    owner_file = store.path / "owner.json"
    assert owner_file.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(owner_file.read_text())) == {
        "pid", "started_at", "version", "socket", "url",
    }  # fmt: skip


def test_a_damaged_owner_note_is_no_owner(store: Store) -> None:
    (store.path / "owner.json").write_text("{")
    assert read_owner(store.path) is None


def test_nobody_owns_what_is_not_there(tmp_path: Path) -> None:
    assert read_owner(tmp_path / "nothing") is None


def test_a_closed_store_refuses_and_closes_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "lab.rf")
    store.close()
    store.close()
    with pytest.raises(StoreError):
        log_run(store.default)
    with pytest.raises(StoreError):
        store.default.runs.active_hashes()


def test_a_program_that_forgets_to_close_ends_in_peace(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom store import Store\nfrom store.models.operations import CreateRun\n"
        "store = Store.open(sys.argv[1])\n"
        "for n in range(50): store.default.ingest.submit(f'r{n}', [CreateRun()])\n"
        "sys.exit(3)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "lab.rf")], check=False)
    assert done.returncode == 3
    with Store.open(tmp_path / "lab.rf") as store:
        assert store.default.runs.count() == 50


def test_importing_the_store_loads_nothing_heavy() -> None:
    script = (
        "import sys, store\n"
        "heavy = {'pyarrow', 'pandas', 'polars', 'pydantic', 'fastapi', 'textual', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"

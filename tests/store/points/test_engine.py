"""The engine's promises, one by one."""

from __future__ import annotations

import math
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pytest

from store.errors import InvalidDataError, StoreCorruptError, StoreError, WriteFailedError
from store.models import Context
from store.points.frames import SequenceBatch
from store.points.lifecycle import SealRules
from tests.store.points.harness import QUIET, T0, Points, batch


@pytest.fixture
def points(tmp_path: Path) -> Iterator[Points]:
    with Points(tmp_path / "points") as opened:
        opened.add_runs([1, 2, 3])
        yield opened


def test_a_repeated_frame_does_not_duplicate(points: Points) -> None:
    sequence = points.sequence(1)
    for _ in range(2):
        points.append(1, sequence, [0, 1, 2], [1.0, math.nan, 3.0])
    assert points.summary(1).count == 3
    points.engine.seal()
    points.append(1, sequence, [0, 1, 2], [1.0, math.nan, 3.0])
    assert points.summary(1).count == 3
    assert points.pairs(sequence)[0::2] == [(0, 1.0), (2, 3.0)]
    points.engine.seal()
    assert points.summary(1).count == len(points.read(sequence)) == 3


def test_the_last_write_of_a_step_wins_everywhere(points: Points) -> None:
    sequence = points.sequence(1)
    points.append(1, sequence, [5, 5, 6], [1.0, 2.0, 3.0])
    assert points.pairs(sequence) == [(5, 2.0), (6, 3.0)]
    points.engine.seal()
    points.append(1, sequence, [6], [4.0])
    assert points.pairs(sequence) == [(5, 2.0), (6, 4.0)]
    points.engine.seal()
    points.append(1, sequence, [5], [7.0])
    points.append(1, sequence, [5], [8.0])
    assert points.pairs(sequence) == [(5, 8.0), (6, 4.0)]
    points.reopen()
    assert points.pairs(sequence) == [(5, 8.0), (6, 4.0)]


def test_points_without_a_step_come_after_the_last(points: Points) -> None:
    sequence, other = points.sequence(1), points.sequence(1, "other")
    points.append(1, sequence, [-1, -1], [1.0, 2.0])
    points.append(1, sequence, [9, -1], [3.0, 4.0])
    futures = [
        points.engine.append(1, [batch(sequence, [-1], [5.0]), batch(other, [-1], [0.0])]),
        points.engine.append(1, [batch(sequence, [-1], [6.0])]),
    ]
    for future in futures:
        future.result()
    assert points.read(sequence).steps.tolist() == [0, 1, 9, 10, 11, 12]
    assert points.read(other).steps.tolist() == [0]
    points.engine.seal()
    points.reopen()
    points.append(1, sequence, [-1], [7.0])
    assert points.read(sequence).steps[-1] == 13


def test_nan_infinities_epochs_and_times_survive_sealing(points: Points) -> None:
    sequence = points.sequence(1)
    column = SequenceBatch(
        sequence,
        np.arange(4),
        np.array([math.nan, math.inf, -math.inf, -0.0]),
        np.array([0.5, math.nan, 1.0, 2.0]),
        np.array([T0 + 0.1239, math.nan, math.inf, -5.0]),
    )
    points.engine.append(1, [column]).result()
    hot = points.read(sequence)
    np.testing.assert_array_equal(hot.times, [T0 + 0.124, math.nan, math.nan, math.nan])
    points.engine.seal()
    sealed = points.read(sequence)
    for name in ("steps", "values", "epochs", "times"):
        np.testing.assert_array_equal(getattr(sealed, name), getattr(hot, name))
    assert math.copysign(1, sealed.values[3]) == -1


def test_any_engine_can_read_a_segment(points: Points) -> None:
    context = Context.of({"subset": "été"})
    sequence = points.sequence(2, "损失/o'x", context)
    points.append(2, sequence, [1, 2], [0.5, math.nan])
    points.append(2, points.sequence(2, "a"), [1], [1.0])
    points.engine.seal()
    pattern = points.paths.segments_dir / "*.parquet"
    rows = duckdb.sql(
        f"SELECT run, name, context, step, value, time, run_id FROM '{pattern}'"
    ).fetchall()
    assert [row[:4] for row in rows] == [
        (f"{2:032x}", "a", "{}", 1),
        (f"{2:032x}", "损失/o'x", context.text, 1),
        (f"{2:032x}", "损失/o'x", context.text, 2),
    ]
    assert math.isnan(rows[2][4])
    assert rows[0][5].timestamp() == T0 + 1 / 8


def test_ranges_and_densities(points: Points) -> None:
    sequence = points.sequence(1)
    points.append(1, sequence, range(100), np.sin(np.arange(100.0)))
    points.engine.seal()
    points.append(1, sequence, range(100, 200), np.sin(np.arange(100.0, 200.0)))

    def steps(**options: object) -> list[int]:
        found = points.engine.read_many([sequence], **options)  # type: ignore[arg-type]
        return found[sequence].steps.tolist()

    assert steps() == list(range(200))
    assert steps(step_range=(95, 104)) == list(range(95, 105))
    assert steps(density=5) == [0, 50, 100, 149, 199]
    assert len(steps(density=20, method="minmax")) <= 20
    assert steps(step_range=(500, 600)) == []
    assert points.engine.read_many([]) == {}
    assert len(points.engine.read_many([12345])[12345]) == 0


def test_who_knows_the_names_gets_the_same_points(points: Points) -> None:
    names = [f"metric {number}" for number in range(40)]
    ids = [points.sequence(1, name) for name in names]
    for place, sequence in enumerate(ids):
        points.append(1, sequence, [0, 1], [place, place + 0.5])
    points.engine.seal()
    points.append(1, ids[0], [2], [9.0])
    for wanted in (slice(0, 1), slice(0, 3), slice(None)):
        found = points.engine.read_many(ids[wanted], names=names[wanted])
        expected = points.engine.read_many(ids[wanted])
        assert list(found) == list(expected) == ids[wanted]
        for sequence in ids[wanted]:
            assert found[sequence].values.tolist() == expected[sequence].values.tolist()
    assert found[ids[0]].values.tolist() == [0.0, 0.5, 9.0]


def test_columns_of_different_length_are_refused(points: Points) -> None:
    sequence = points.sequence(1)
    wrong = SequenceBatch(sequence, np.arange(2), np.ones(1), np.ones(2), np.ones(2))
    with pytest.raises(InvalidDataError):
        points.engine.append(1, [wrong])
    points.append(1, sequence, [0], [1.0])


def test_watchers_hear_of_a_change_when_it_is_visible(points: Points) -> None:
    points.append(3, points.sequence(3), [0], [1.0])
    assert points.changed_runs == [3]


def test_points_of_a_deleted_run_are_gone(points: Points) -> None:
    kept, gone = points.sequence(1), points.sequence(2)
    for run, sequence in ((1, kept), (2, gone)):
        points.append(run, sequence, range(10), range(10))
    points.engine.seal()
    points.append(2, gone, [10], [1.0])
    points.delete_run(2)
    points.engine.append(2, [batch(gone, [11], [1.0])]).result()
    assert points.engine.summaries([2]) == {2: []}
    assert len(points.read(gone)) == 0 or points.engine.registry.is_forgotten(2)
    points.engine.seal()
    points.engine.merge()
    assert points.engine.statistics().points == 10
    points.reopen()
    assert len(points.read(kept)) == 10
    assert len(points.read(gone)) == 0


def test_a_number_that_lies_in_a_file_is_not_used_again(points: Points) -> None:
    points.append(1, points.sequence(1), range(10), range(10))
    points.append(2, points.sequence(2), [1], [1.0])
    points.engine.seal()
    points.delete_run(2)
    points.reopen()
    sequence = points.sequence(3)
    points.append(3, sequence, [5], [5.0])
    points.engine.seal()
    assert points.pairs(sequence) == [(5, 5.0)]


@contextmanager
def full_disk(room_bytes: int) -> Iterator[None]:
    """No file may grow beyond this size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_fails_the_write_and_nothing_else(points: Points) -> None:
    sequence = points.sequence(1)
    points.append(1, sequence, range(100), range(100))
    with full_disk(100_000):
        future = points.submit(1, sequence, range(100, 9000), np.ones(8900))
        with pytest.raises(WriteFailedError):
            future.result()
        assert len(points.read(sequence)) == points.summary(1).count == 100
        points.append(1, sequence, [100], [1.0])
        with pytest.raises(WriteFailedError):
            points.submit(1, points.sequence(1, "new"), range(9000), np.ones(9000)).result()
    points.append(1, points.sequence(1, "new"), [7], [7.0])
    points.reopen()
    assert points.read(sequence).steps.tolist() == list(range(101))
    assert points.pairs(points.sequence(1, "new")) == [(7, 7.0)]


def test_a_full_disk_while_sealing_keeps_the_log(points: Points) -> None:
    sequence = points.sequence(1)
    values = np.random.default_rng(0).normal(size=20_000)
    points.append(1, sequence, range(20_000), values)
    with full_disk(50_000), pytest.raises(StoreError):
        points.engine.seal()
    np.testing.assert_array_equal(points.read(sequence).values, values)
    points.engine.seal()
    np.testing.assert_array_equal(points.read(sequence).values, values)
    assert points.engine.statistics().unsealed_points == 0


def test_several_unsealed_logs_are_taken_up_again(points: Points) -> None:
    sequence = points.sequence(1)
    points.append(1, sequence, range(20_000), np.random.default_rng(0).normal(size=20_000))
    with full_disk(50_000), pytest.raises(StoreError):
        points.engine.seal()
    points.append(1, sequence, [20_000], [1.0])
    summary = points.summary(1)
    points.reopen()
    assert len(list(points.paths.wal_dir.iterdir())) == 2
    assert points.summary(1) == summary
    points.engine.seal()
    assert points.summary(1) == summary
    points.reopen()
    assert points.summary(1) == summary
    assert summary.count == len(points.read(sequence)) == 20_001


def test_a_missing_segment_is_reported(points: Points) -> None:
    points.append(1, points.sequence(1), [0], [1.0])
    points.engine.seal()
    (segment,) = points.paths.segments_dir.iterdir()
    points.close()
    away = segment.rename(segment.with_name("away"))
    with pytest.raises(StoreCorruptError) as caught:
        points._open()
    assert caught.value.path == segment
    points.writer.close()
    points.database.close()
    away.rename(segment)
    points._open()


def test_a_segment_that_the_metadata_lack_is_registered(points: Points) -> None:
    sequence = points.sequence(1)
    points.append(1, sequence, range(5), [3.0, 1.0, math.nan, 2.0, 5.0])
    points.engine.seal()
    points.append(1, sequence, range(3, 8), np.ones(5))
    points.engine.seal()
    before, summary = points.pairs(sequence), points.summary(1)
    for table in ("segments", "sequences"):
        points.writer.run(lambda cursor, table=table: cursor.execute(f"DELETE FROM {table}"))
    points.reopen()
    np.testing.assert_array_equal(points.pairs(sequence), before)
    np.testing.assert_array_equal(
        [getattr(points.summary(1), name) for name in ("count", "min", "max", "mean")],
        [getattr(summary, name) for name in ("count", "min", "max", "mean")],
    )
    assert points.sequence(1) == sequence


def test_leftovers_of_a_crash_are_removed(points: Points) -> None:
    sequence = points.sequence(1)
    for start in range(3):
        points.append(1, sequence, [start], [1.0])
        points.engine.seal()
    points.append(1, sequence, [3], [1.0])
    folder = points.paths.segments_dir
    content = next(folder.iterdir()).read_bytes()
    # A seal before its manifest row, a merge before its manifest row, a file half written.
    for name in ("00000004-00000004-0", "00000001-00000003-1", "00000009-00000009-0"):
        suffix = ".parquet.tmp" if name.startswith("00000009") else ".parquet"
        (folder / f"{name}{suffix}").write_bytes(content)
    (points.paths.wal_dir / "00000099.log").write_bytes(b"RFPO")
    points.reopen()
    assert len(list(folder.iterdir())) == 3
    assert points.read(sequence).steps.tolist() == [0, 1, 2, 3]


def test_a_file_is_removed_only_when_nobody_reads_it(points: Points) -> None:
    points.rules = SealRules(**{**_fields(QUIET), "merge_count": 2})
    points.reopen()
    sequence = points.sequence(1)
    for step in range(2):
        points.append(1, sequence, [step], [1.0])
        points.engine.seal()
    with points.engine.catalogue.pin() as snapshot:
        points.engine.merge()
        files = [points.paths.segments_dir / segment.path for segment in snapshot.segments]
        assert len(files) == 2
        assert all(path.exists() for path in files)
    assert not any(path.exists() for path in files)
    assert points.engine.statistics().segments == 1


def _fields(rules: SealRules) -> dict[str, object]:
    return {name: getattr(rules, name) for name in SealRules.__slots__}


def test_sealing_starts_by_itself(tmp_path: Path) -> None:
    with Points(tmp_path / "points", SealRules(points=500)) as points:
        points.add_runs([1])
        sequence = points.sequence(1)
        points.append(1, sequence, range(600), np.zeros(600))
        deadline = time.monotonic() + 20
        while points.engine.statistics().segments == 0:
            assert time.monotonic() < deadline
        assert len(points.read(sequence)) == 600


def test_readers_always_see_every_acknowledged_point(tmp_path: Path) -> None:
    """While one thread writes and others seal and merge, a reader never misses a point."""
    rules = SealRules(points=400, check_s=0.01, merge_count=3)
    with Points(tmp_path / "points", rules) as points:
        points.add_runs([1])
        sequence = points.sequence(1)
        acknowledged = [0]
        failures: list[str] = []
        is_done = threading.Event()

        def read() -> None:
            while not is_done.is_set():
                least = acknowledged[0]
                found = points.read(sequence)
                count = points.summary(1).count if least else 0
                tail = points.engine.tail(sequence, least // 2 - 1)
                if found.steps.tolist() != list(range(len(found))) or len(found) < least:
                    failures.append(f"{len(found)} points of {least}")
                if count < least:
                    failures.append(f"summary counts {count} of {least}")
                if len(tail) < least - least // 2 or tail.steps[0] != least // 2:
                    failures.append(f"tail of {least} has {len(tail)}")

        reader = threading.Thread(target=read)
        points.append(1, sequence, [0], [0.0])
        acknowledged[0] = 1
        reader.start()
        for start in range(1, 6000, 20):
            points.append(1, sequence, range(start, start + 20), np.ones(20))
            acknowledged[0] = start + 20
        is_done.set()
        reader.join()
        assert failures == []


def test_new_runs_keep_coming_while_others_are_sealed_and_merged(tmp_path: Path) -> None:
    rules = SealRules(points=300, check_s=0.01, merge_count=3)
    writers, runs_each, metrics = 4, 30, ("a", "b", "c")
    with Points(tmp_path / "points", rules) as points:
        points.add_runs(range(1, 1 + writers * runs_each))

        def write(writer: int) -> None:
            for run in range(1 + writer, 1 + writers * runs_each, writers):
                waiting = []
                for part in (range(10), range(10, 20)):
                    batches = [batch(points.sequence(run, m), part, part) for m in metrics]
                    waiting.append(points.engine.append(run, batches))
                for future in waiting:
                    future.result()

        threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for is_sealed in (False, True):
            if is_sealed:
                points.engine.seal()
                points.engine.merge()
                points.reopen()
            found = points.engine.summaries(range(1, 1 + writers * runs_each))
            for run, summaries in found.items():
                assert [item.count for item in summaries] == [20, 20, 20], run
                ids = [item.sequence_id for item in summaries]
                for series in points.engine.read_many(ids).values():
                    assert series.values.tolist() == list(range(20))
        assert points.engine.statistics().points == writers * runs_each * len(metrics) * 20
        assert not any(s.has_overlap for s in points.engine.catalogue.current.segments)

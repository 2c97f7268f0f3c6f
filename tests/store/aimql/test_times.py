"""Times in queries are those of the person who asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from store import Store
from store.search import RunSearch
from tests.factories import StillClock, log_run

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC).timestamp()
MADE_AT = NOON - 30 * 60


@pytest.mark.parametrize(
    ("offset_min", "query", "is_found"),
    [
        (0, "run.created_at >= datetime(2026, 6, 15, 11, 30)", True),
        (0, "run.created_at > datetime(2026, 6, 15, 11, 30)", False),
        (-120, "run.created_at >= datetime(2026, 6, 15, 13, 30)", True),
        (-120, "run.created_at > datetime(2026, 6, 15, 13, 30)", False),
        (
            300,
            "datetime(2026, 6, 15, 6, 29) < run.created_at < datetime(2026, 6, 15, 6, 31)",
            True,
        ),
        (-120, "run.created_at > datetime.now() - timedelta(hours=1)", True),
        (-120, "run.created_at > datetime.now() - timedelta(minutes=29)", False),
        (300, "run.created_at > datetime.utcnow() - timedelta(hours=1)", True),
        (
            -120,
            'run.created_at == datetime.strptime("2026-06-15 13:30", "%Y-%m-%d %H:%M")',
            True,
        ),
        (
            -120,
            "run.created_at == datetime(year=2026, month=6, day=15, hour=13, minute=30)",
            True,
        ),
        (-120, "run.created_at.hour == 13 and run.created_at.minute == 30", True),
        (-120, 'run.created_at.strftime("%H:%M") == "13:30"', True),
        (-14 * 60, "run.created_at.day == 16 and run.created_at.weekday() == 1", True),
        (12 * 60, "run.created_at.date() == datetime(2026, 6, 14).date()", True),
        (-120, f'f"{{run.created_at:%H}}" == "13" and run.created_at == {MADE_AT}', True),
        (0, "run.end_time - run.created_at == timedelta(seconds=60)", True),
        (0, "run.end_time - run.created_at == 60", True),
        (0, "run.duration == timedelta(minutes=1) and timedelta(hours=1) > run.duration", True),
        (0, "run.duration.total_seconds() == 60 and run.duration / 60 == 1", True),
        (0, "datetime.now().timestamp() - run.created_at == 1800", True),
        (0, "run.created_at + timedelta(minutes=30) == datetime.now()", True),
        (0, "datetime.fromisoformat('2026-06-15T11:30:00+00:00') == run.created_at", True),
    ],
)
def test_times_are_read_by_the_clock_of_the_asker(
    tmp_path: Path, offset_min: int, query: str, is_found: bool
) -> None:
    from store.models import RunStatus

    with Store.open(tmp_path / "lab.rf", clock=StillClock(NOON)) as store:
        log_run(store.default, started_at=MADE_AT, status=RunStatus.FINISHED)
        matches = store.default.search.runs(RunSearch(query, timezone_offset_min=offset_min))

    assert matches.total == is_found


def test_a_run_that_is_running_lasts_until_now_and_has_no_end(tmp_path: Path) -> None:
    query = "run.duration == 1800 and run.end_time is None and run.finalized_at == None"

    with Store.open(tmp_path / "lab.rf", clock=StillClock(NOON)) as store:
        log_run(store.default, started_at=MADE_AT)

        assert store.default.search.runs(RunSearch(query)).total == 1
        assert store.default.search.runs(RunSearch("run.end_time > 0")).total == 0

"""Pictures of charts, of the tabs of a run and of the comparison; look before accepting one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from app.messages import CompareRuns, OpenRun
from app.sources.local import LocalSource
from app.traces.options import EXPLORER_DEFAULTS, ChartKind
from tests.app.dashboard import SMALL, WIDE, Driven
from tests.app.test_snapshots import Compare, at, pressing
from tests.factories import make_hash

if TYPE_CHECKING:
    from store import Store

METRIC_STATES = {
    "all": (),
    "values": ("i", "right", "down"),
    "smooth-log": ("S", "S", "g"),
    "full-size": ("enter", "plus", "plus"),
    "measured": ("i", "m", "shift+right", "shift+right", "m"),
}


def exploring(*keys: str, **options: Any) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Show all metrics without smoothing and with these options, then press keys."""

    async def act(pilot: Pilot[None]) -> None:
        driving = Driven(pilot.app, pilot)  # type: ignore[arg-type]
        await driving.settle()
        driving.screen.explorer.options = replace(EXPLORER_DEFAULTS, smoothing=0.0, **options)
        driving.screen.load_metrics('metric.name != "__system__cpu"')
        await pressing(*keys)(pilot)

    return act


@pytest.mark.parametrize("state", METRIC_STATES)
def test_metrics(snap_compare: Compare, demo_store: Store, state: str) -> None:
    application = at(LocalSource(demo_store), "metrics")
    keys = exploring(*METRIC_STATES[state])
    assert snap_compare(application, terminal_size=WIDE, run_before=keys)


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.BOXES])
def test_values_of_groups(snap_compare: Compare, demo_store: Store, kind: ChartKind) -> None:
    application = at(LocalSource(demo_store), "metrics")
    keys = exploring(kind=kind, color_by=("experiment",))
    assert snap_compare(application, terminal_size=WIDE, run_before=keys)


def test_small_metrics(snap_compare: Compare, demo_store: Store) -> None:
    application = at(LocalSource(demo_store), "metrics")
    assert snap_compare(application, terminal_size=SMALL, run_before=exploring("i"))


def test_light_metrics(snap_compare: Compare, demo_store: Store) -> None:
    application = at(LocalSource(demo_store), "metrics", "runfolio-light")
    assert snap_compare(application, terminal_size=WIDE, run_before=exploring("i"))


@pytest.mark.parametrize("tab", ["overview", "media", "logs", "timeline"])
def test_run(snap_compare: Compare, demo_store: Store, tab: str) -> None:
    application = at(LocalSource(demo_store), "runs")

    async def open_run(pilot: Pilot[None]) -> None:
        driving = Driven(application, pilot)
        await driving.settle()
        application.post_message(OpenRun(make_hash(("demo", 0)), tab=tab))
        await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
        await pressing()(pilot)

    assert snap_compare(application, terminal_size=WIDE, run_before=open_run)


@pytest.mark.parametrize("tab", ["params", "metrics", "parallel", "scatter", "importance"])
def test_compare(snap_compare: Compare, demo_store: Store, tab: str) -> None:
    application = at(LocalSource(demo_store), "runs")
    hashes = tuple(make_hash(("demo", number)) for number in range(6))

    async def compare(pilot: Pilot[None]) -> None:
        driving = Driven(application, pilot)
        await driving.settle()
        application.post_message(CompareRuns(hashes))
        await driving.until(
            lambda: getattr(getattr(driving.screen, "compared", None), "records", ()),
            "the runs",
        )
        driving.screen.action_show_tab(tab)
        await driving.until(lambda: driving.screen.tab.id == f"{tab}-tab", "the tab")
        await driving.until(lambda: driving.screen.tab.compared.records, "its runs")
        await pressing()(pilot)

    assert snap_compare(application, terminal_size=WIDE, run_before=compare)

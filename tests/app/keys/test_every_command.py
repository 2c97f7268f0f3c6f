"""The key of every command does something that a person sees, in the place where it belongs."""

from __future__ import annotations

import io
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from app.commands import COMMANDS
from app.messages import OpenRun
from store.models import SequenceKind
from tests.app.boarding import keep, opened
from tests.app.comparing import HASHES, compare, population
from tests.app.dashboard import SMALL, Driven, driven
from tests.app.keys import charts, pages, tables
from tests.app.keys.trying import Try, attempt_all
from tests.app.test_media import log_files, sound
from tests.app.test_metrics_keys import show
from tests.app.test_reports_screen import CODE

if TYPE_CHECKING:
    from pathlib import Path

    from store import Store

MIDDLE = (120, 36)

SCENES = [
    value
    for module in (tables, charts, pages)
    for value in vars(module).values()
    if isinstance(value, tuple) and value and isinstance(value[0], Try)
]


def test_every_command_is_pressed_once() -> None:
    tried = [each.command for each in chain.from_iterable(SCENES)]
    assert sorted(tried) == sorted(command.id for command in COMMANDS)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written to a folder of the test; there is an editor that changes nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDITOR", "true")


@pytest.mark.parametrize(
    ("place", "tries"),
    [
        ("runs", tables.EVERYWHERE),
        ("runs", tables.TABLE),
        ("runs", tables.RUNS),
        ("home", tables.HOME),
        ("experiments", tables.EXPERIMENTS),
        ("notes", tables.NOTES),
        ("server", tables.SERVER),
    ],
    ids=["everywhere", "table", "runs", "home", "experiments", "notes", "server"],
)
async def test_lists(still_lab: Store, place: str, tries: tuple[Try, ...]) -> None:
    async with driven(still_lab, screen=place, size=MIDDLE) as driving:
        driving.application.update_state(serve_address="127.0.0.1:0")
        await attempt_all(driving, tries)


async def test_query(still_lab: Store) -> None:
    async with driven(still_lab, size=MIDDLE) as driving:
        await driving.press("slash")
        await attempt_all(driving, tables.QUERY)


async def open_run(driving: Driven, tab: str) -> None:
    driving.application.post_message(OpenRun(HASHES[0], HASHES[:2], tab))
    await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
    await driving.until(lambda: driving.screen.focused, "the focus")


def png(shade: int) -> bytes:
    """A picture in which every place looks different."""
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize((64, 64)).rotate(shade)
    image.save(out, format="PNG")
    return out.getvalue()


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration with pictures, sounds and files."""
    for run in HASHES[:2]:
        shades = [png(60 * step) for step in range(4)]
        log_files(still_lab.default, run, SequenceKind.IMAGES, shades, "png")
        with still_lab.default.artifacts.put(run, "model/notes.txt", "text/plain") as writer:
            writer.write(b"weights\n")
    log_files(still_lab.default, HASHES[2], SequenceKind.AUDIOS, [sound()], "wav")
    return still_lab


RUN_TABS: dict[str, tuple[Try, ...]] = {
    "overview": charts.RUN_OVERVIEW,
    "metrics": charts.RUN_METRICS,
    "notes": charts.RUN_NOTES,
    "media": charts.MEDIA,
    "logs": charts.LOG,
    "artifacts": charts.FILES,
}


@pytest.mark.parametrize("tab", RUN_TABS)
async def test_run(lab: Store, tab: str) -> None:
    async with driven(lab, size=MIDDLE) as driving:
        await open_run(driving, tab)
        await attempt_all(driving, RUN_TABS[tab])


async def test_metrics(lab: Store) -> None:
    async with driven(lab, screen="metrics", size=MIDDLE) as driving:
        await show(driving, 'metric.name in ["loss", "acc"]')
        await attempt_all(driving, charts.METRICS)


async def test_chart(lab: Store) -> None:
    async with driven(lab, screen="metrics", size=MIDDLE) as driving:
        await show(driving, 'metric.name in ["loss", "acc"]')
        await attempt_all(driving, charts.CHART)


COMPARE_TABS: dict[str, tuple[Try, ...]] = {
    "params": charts.COMPARE_PARAMS,
    "metrics": charts.COMPARE_METRICS,
    "logs": charts.COMPARE_LOGS,
    "importance": charts.COMPARE_IMPORTANCE,
    "media": charts.PICTURES,
    "parallel": charts.PARALLEL,
    "scatter": charts.SCATTER,
}


@pytest.mark.parametrize("tab", COMPARE_TABS)
async def test_compare(lab: Store, tab: str) -> None:
    async with driven(lab, size=MIDDLE) as driving:
        await compare(driving, tab, HASHES[:2] if tab in {"media", "logs"} else HASHES)
        if tab in {"parallel", "scatter", "importance"}:
            await population(driving, 11)
        await driving.settle()
        await attempt_all(driving, COMPARE_TABS[tab])


async def test_dashboards(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards", size=SMALL) as driving:
        await attempt_all(driving, pages.DASHBOARDS)


async def test_board(lab: Store) -> None:
    keep(lab)
    async with driven(lab, screen="dashboards", size=SMALL) as driving:
        await opened(driving)
        await attempt_all(driving, pages.BOARD)


CHART = """
```panel
kind: chart
metric: loss {subset=val}
```
"""
REPORT_KEYS: dict[str, tuple[Try, ...]] = {
    "": pages.REPORTS,
    "enter": pages.REPORT,
    "e": pages.REPORT_TEXT,
}


@pytest.mark.parametrize("key", REPORT_KEYS)
async def test_reports(lab: Store, key: str) -> None:
    lab.default.reports.create("Findings", CODE + CHART, "of the year")
    async with driven(lab, screen="reports", size=SMALL) as driving:
        if key:
            await driving.press(key)
        await attempt_all(driving, REPORT_KEYS[key])

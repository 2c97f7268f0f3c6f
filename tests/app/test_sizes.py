"""Every screen and dialog in windows of all sizes, while it is open: nothing crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.screen import ModalScreen

from app.commands import PLACES
from app.messages import OpenRun
from tests.app.boarding import keep
from tests.app.comparing import HASHES, compare
from tests.app.dashboard import SMALL, WIDE, Driven, driven
from tests.app.test_reports_screen import CODE

if TYPE_CHECKING:
    from store import Store

FEW = ((1, 1), (40, 10), WIDE)
ALL = ((200, 60), (120, 35), SMALL, (60, 15), (40, 10), (20, 5), (1, 1), WIDE)
Sizes = tuple[tuple[int, int], ...]
HOW_MANY = pytest.mark.parametrize(
    "sizes", [FEW, pytest.param(ALL, marks=pytest.mark.slow)], ids=["few", "all"]
)

DIALOGS = {
    "runs": (
        *("question_mark", "ctrl+p", "colon", "ctrl+o", "f2", "f3", "f4", "C", "t", "n"),
        *("r", "e", "x", "delete", "B"),
    ),
    "metrics": ("b", "alt+s", "x", "comma"),
    "server": ("n", "e"),
    "dashboards": ("n", "i"),
}
"""Keys that open a dialog, by place."""


def is_filled(driving: Driven) -> bool:
    """Whether the picture is as large as the window."""
    width, height = driving.application.size
    strips = driving.application.screen._compositor.render_strips()
    return len(strips) == height and all(strip.cell_length == width for strip in strips)


async def through_sizes(driving: Driven, sizes: Sizes) -> None:
    """Change the size of the window; all of the picture has to fit."""
    for size in sizes:
        await driving.pilot.resize_terminal(*size)
        await driving.settle()
        assert driving.application.is_running
        assert driving.application.screen.size == size
        await driving.until(lambda: is_filled(driving), f"a picture of {size}")


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration with a dashboard and a report."""
    keep(still_lab)
    still_lab.default.reports.create("Findings", CODE, "of the year")
    return still_lab


@HOW_MANY
async def test_every_screen(lab: Store, sizes: Sizes) -> None:
    async with driven(lab) as driving:
        for place in PLACES:
            await driving.press(place.key)
            if place.name in {"dashboards", "reports"}:
                await driving.press("enter")
            await through_sizes(driving, sizes)
        if sizes is FEW:
            return
        for tab in ("params", "media", "logs", "parallel", "scatter", "importance"):
            await compare(driving, tab)
            await through_sizes(driving, sizes)
        driving.application.post_message(OpenRun(HASHES[0]))
        await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
        for _ in range(8):
            await through_sizes(driving, sizes)
            await driving.press("greater_than_sign")


@HOW_MANY
@pytest.mark.parametrize("place", DIALOGS)
async def test_every_dialog(lab: Store, place: str, sizes: Sizes) -> None:
    async with driven(lab, screen=place) as driving:
        for key in DIALOGS[place]:
            await driving.press(key)
            dialog = driving.screen
            assert isinstance(dialog, ModalScreen), key
            if sizes is ALL:
                await through_sizes(driving, sizes)
            await driving.pilot.resize_terminal(*SMALL)
            await driving.settle()
            for widget in dialog.focus_chain:
                widget.focus()
                await driving.settle()
                inside = widget.region.intersection(dialog.region)
                assert inside.width > 3, (key, widget, widget.region)
            for _ in range(3):
                if driving.screen is dialog:
                    await driving.press("escape")
            await driving.pilot.resize_terminal(*WIDE)
            await driving.settle()

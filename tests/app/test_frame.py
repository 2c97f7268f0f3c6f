"""The frame of every screen: top line, bottom line, dialogs, characters, colours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.css.query import NoMatches
from textual.widgets import Static

from app.application import RunfolioApplication
from app.commands import PLACES
from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.note_editor import NoteEditor
from app.dialogs.settings import SettingsDialog
from app.messages import OpenRun
from app.outside.terminal import (
    QUESTION,
    background_from_environment,
    background_in,
    has_dark_background,
)
from app.screens.run import TABS
from app.settings.config import Config
from app.widgets.header import Header, Standing
from tests.app.dashboard import SMALL, driven, make_application
from tests.factories import DEMO_NOW, make_hash

if TYPE_CHECKING:
    from store import Store

DRAWN = frozenset("─━│┃╭╮╰╯┌┐└┘┏┓┗┛├┤●○◆■▲▼▸▾✔✖…·“”—▁▂▃▄▅▆▇█▀▔▏▎▍▌▋▊▉▐→←↑↓⠁⣿±∞") | {
    chr(code) for code in range(0x2800, 0x2900)
}
"""What the dashboard draws with; letters and emoji are data."""
FIRST = make_hash(("demo", 0))


def top_line(width: int, crumb: str = "") -> str:
    header = Header()
    header.set_reactive(Header.places, tuple((p.name, p.key, p.title) for p in PLACES))
    header.set_reactive(Header.current, "runs")
    header.set_reactive(Header.crumb, crumb)
    header.set_reactive(Header.standing, Standing("./d.rf", running_count=2, now_s=DEMO_NOW))
    return "".join(part.content.plain for part in header.parts(width))


@pytest.mark.parametrize("width", [200, 160, 130, 120, 100, 80])
@pytest.mark.parametrize("crumb", ["", "a-run-with-a-long-name-of-its-own"])
def test_titles_of_screens_get_shorter_with_the_room(width: int, crumb: str) -> None:
    line = top_line(width, crumb)
    assert len(line) == width
    for short in ("Home", "Exp", "Runs", "Met", "Comp", "Note", "Dash", "Rep", "Serv"):
        assert short in line
    assert ("Dashboards" in line) == (width >= 200 or (width == 160 and not crumb))
    assert "d.rf" in line


async def test_the_clock_goes_on_under_a_dialog(demo_store: Store) -> None:
    now = [DEMO_NOW]
    async with driven(demo_store) as driving:
        driving.application.clock = lambda: now[0]
        before = driving.screen.header
        await driving.press("f2")
        assert isinstance(driving.screen, SettingsDialog)
        now[0] += 3600
        driving.application._update_clock()
        await driving.settle()
        assert before.standing.now_s == now[0] // 60 * 60


async def test_settings_fit_a_small_terminal(demo_store: Store) -> None:
    async with driven(demo_store, size=SMALL) as driving:
        await driving.press("f2")
        dialog = driving.screen
        assert "auto follows the background" in driving.text()
        fields = list(dialog.query(".setting"))
        assert all(each.region.height == 1 for each in fields)
        assert "Keep" in driving.text()
        for _ in range(len(fields) - 1):
            await driving.press("tab")
        assert "Post alerts as JSON" in driving.text()
        assert "alerts: address" in driving.text()


async def test_the_menu_breaks_long_sentences(demo_store: Store) -> None:
    sentence = "lorem " * 30 + "end"
    async with driven(demo_store, size=SMALL) as driving:
        menu = CommandMenu("Menu", [Choice("one", "One", sentence, "x"), Choice("two", "Two")])
        driving.application.push_screen(menu)
        await driving.until(lambda: "end" in driving.text(), "the end of the sentence")
        lines = [line for line in driving.text().splitlines() if "lorem" in line]
        assert len(lines) > 3
        starts = {line.index("lorem") for line in lines}
        assert len(starts) == 1


async def test_leaving_while_a_dialog_opens_is_no_fault(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await driving.settle()
        driving.application.exit()
        for dialog in (NoteEditor("Note"), CommandMenu("Menu", [])):
            dialog.call_later(dialog.remove_children)
            driving.application.push_screen(dialog)


async def test_what_comes_while_it_ends_unasked_is_no_fault(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        application = driving.application
    application._handle_exception(NoMatches("the table of runs is gone"))
    assert application._exception is None


async def test_nothing_drawn_is_beyond_ascii_if_that_is_wanted(demo_store: Store) -> None:
    config = Config(start_screen="home", ascii_only=True)
    async with driven(demo_store, config=config) as driving:

        def check(where: str) -> None:
            odd = {char for char in driving.text() if char in DRAWN}
            assert not odd, f"{where}: {odd}"

        for place in PLACES:
            driving.application.action_go(place.name)
            await driving.until(
                lambda place=place: place.name == driving.screen.PLACE,  # type: ignore[misc]
                place.name,
            )
            check(place.name)
        driving.application.post_message(OpenRun(FIRST))
        await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
        for tab in TABS:
            driving.screen.action_show_tab(tab)
            await driving.settle()
            check(tab)
        for key in ("question_mark", "f2", "f3", "f4", "ctrl+p"):
            await driving.press(key)
            check(key)
            await driving.press("escape")


async def test_names_keep_their_letters_in_plain_characters(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNFOLIO_CONFIG", str(tmp_path / "config.toml"))
    async with driven(demo_store) as driving:
        assert any(not char.isascii() for char in driving.text())
        driving.application.apply_settings({"ascii_only": True})
        driving.screen.query_one(Header).crumb = "größe-模型…"
        await driving.until(lambda: "größe-模型~" in driving.text(), "the letters")


def test_the_terminal_tells_its_background() -> None:
    assert background_in(b"\x1b]11;rgb:ffff/ffff/e000\x1b\\\x1b[?62;c") is False
    assert background_in(b"\x1b]11;rgb:00/10/20\x07\x1b[?1;2c") is True
    assert background_in(b"\x1b[?62;22c") is None
    assert background_from_environment({"COLORFGBG": "0;15"}) is False
    assert background_from_environment({"COLORFGBG": "15;default;0"}) is True
    assert background_from_environment({}) is None
    assert has_dark_background({"TERM": "dumb"})


@pytest.mark.parametrize(
    ("answer", "is_dark"),
    [
        (b"\x1b]11;rgb:fafa/fafa/f8f8\x1b\\\x1b[?62;22c", False),
        (b"\x1b]11;rgb:1010/1010/1414\x07\x1b[?62;22c", True),
        (b"\x1b[?62;22c", True),
        (b"", True),
    ],
)
def test_the_terminal_is_asked_and_nothing_is_left_over(answer: bytes, is_dark: bool) -> None:
    # Where an answer is written, it is waited for: this machine may be slower than a terminal.
    patience = "terminal.PATIENCE_S = 30;" if answer else ""
    code = (
        f"import sys, select; from app.outside import terminal; {patience}"
        "print(terminal.has_dark_background(), select.select([0], [], [], 0)[0])"
    )
    outer, inner = os.openpty()
    environment = {key: text for key, text in os.environ.items() if key != "COLORFGBG"}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=inner,
        stdout=subprocess.PIPE,
        stderr=inner,
        env=environment | {"TERM": "xterm-256color"},
        text=True,
    )
    question = b""
    while not question.endswith(QUESTION):
        question += os.read(outer, 100)
    os.write(outer, answer)
    told, _ = process.communicate(timeout=30)
    os.close(outer)
    os.close(inner)
    assert told.split() == [str(is_dark), "[]"]


@pytest.mark.parametrize(
    ("config", "is_dark", "theme"),
    [
        (Config(), True, "runfolio"),
        (Config(), False, "runfolio-light"),
        (Config(theme="nord"), False, "nord"),
        (Config(theme="no such theme"), False, "runfolio"),
    ],
)
async def test_the_theme_follows_the_terminal_unless_one_is_chosen(
    demo_store: Store, config: Config, is_dark: bool, theme: str
) -> None:
    from app.sources.local import LocalSource

    application: RunfolioApplication = make_application(LocalSource(demo_store), config=config)
    application.is_dark_terminal = is_dark
    async with application.run_test():
        assert application.theme == theme
        assert application.config.theme == config.theme


async def test_a_text_that_changes_while_it_is_arranged_is_as_high_as_it_is_long(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        text = Static("one line")
        await driving.screen.mount(text)
        await driving.settle()
        text.refresh(layout=True)
        driving.screen._clear_arrangement_cache()
        driving.screen._refresh_layout()
        text.update("three\nmore\nlines")
        await driving.settle()
        assert text.size.height == 3


async def test_the_bottom_line_shows_the_keys_of_the_tab(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        driving.application.post_message(OpenRun(FIRST, tab="logs"))
        await driving.until(lambda: "f follow" in driving.text(), "keys of the log")
        for key in ("v level", "s save", "enter chart"):
            assert key in driving.text()
        assert "next tab" in driving.text()
        driving.screen.action_show_tab("artifacts")
        await driving.until(lambda: "S save all" in driving.text(), "keys of the files")
        assert "f follow" not in driving.text()


async def test_colours_of_curves_change_while_the_dashboard_runs(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNFOLIO_CONFIG", str(tmp_path / "config.toml"))
    async with driven(demo_store) as driving:
        driving.application.post_message(OpenRun(FIRST, tab="metrics"))
        await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
        explorer = driving.screen.tab.explorer

        def colors() -> set[str]:
            return {each.color for chart in explorer.charts.values() for each in chart.traces}

        before = await driving.until(colors, "the curves")
        driving.application.apply_settings({"safe_colors": True})
        await driving.until(lambda: colors() and not colors() & before, "other colours")

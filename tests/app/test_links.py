"""Links in texts: `@run#name` and `[[metric]]`, found, shown, followed; pages for people without."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Markdown

from app.dialogs.command_menu import CommandMenu
from app.links import Link, linked, links_in, unlinked
from store import Store
from tests.app.dashboard import driven
from tests.factories import log_run

TEXT = 'Better than @run#base.1, see [[loss {subset=val}]] and @run#"two words".'


def test_links_are_found_outside_of_code_only() -> None:
    assert links_in(TEXT) == [
        Link("run", "base.1"),
        Link("metric", "loss {subset=val}"),
        Link("run", "two words"),
    ]
    assert "(runfolio:run/base.1), see" in linked(TEXT)
    assert unlinked("see [[loss]]") == "see **loss**"
    for code in ("`@run#x`", "```\n[[loss]]\n```", "mail@run#x"):
        assert linked(code) == code
    assert all(Link.of_address(each.address) == each for each in links_in(TEXT))
    assert Link.of_address("https://run/x") is None


@pytest.fixture
def lab(store: Store) -> Store:
    """Two runs, with a note and a report that speak of them."""
    run_hash = str(log_run(store.default, name="base.1", experiment="slow-ones"))
    store.default.notes.create("**Look** at @run#base.1 and [[loss]]", run_hash=run_hash)
    store.default.reports.create("about", "# About\n\nSee @run#none.\n")
    return store


async def test_notes_are_followed_exported_deleted_and_brought_back(
    lab: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven(lab, screen="notes", size=(140, 40)) as driving:
        screen = driving.screen
        await driving.until(lambda: screen.note, "the note")
        await driving.until(
            lambda: "runfolio:run/base.1" in screen.query_one(Markdown).source, "its links"
        )
        assert "written" in str(screen.query_one("#note").border_subtitle)
        await driving.press("L")
        await driving.until(lambda: isinstance(driving.screen, CommandMenu), "the links")
        await driving.type("loss")
        await driving.press("enter")
        await driving.until(lambda: driving.screen.PLACE == "metrics", "the metric")
        assert driving.screen.query_text == 'metric.name == "loss"'
        await driving.press("6", "x", "enter")
        page = tmp_path / "notes.md"
        await driving.until(page.exists, "the page")
        assert "## base.1" in page.read_text("utf-8")
        assert "**Look**" in page.read_text("utf-8")
        await driving.press("delete", "y")
        await driving.until(lambda: not lab.default.notes.find(), "no note")
        await driving.press("z")
        await driving.until(lab.default.notes.find, "the note again")
        assert lab.default.notes.find()[0].content.startswith("**Look**")


async def test_a_note_is_begun_on_what_one_chooses(lab: Store) -> None:
    async with driven(lab, screen="notes") as driving:
        await driving.until(lambda: driving.screen.note, "the note")
        await driving.press("n")
        await driving.until(lambda: isinstance(driving.screen, CommandMenu), "the choice")
        await driving.type("slow-ones")
        await driving.press("enter")
        await driving.until(lambda: type(driving.screen).__name__ == "NoteEditor", "the editor")
        await driving.type("slow")
        await driving.press("ctrl+s")
        await driving.until(lambda: len(lab.default.notes.find()) == 2, "another note")
        assert any(each.experiment_id for each in lab.default.notes.find())


async def test_a_link_to_nothing_says_so(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        await driving.until(lambda: driving.screen.report, "the report")
        await driving.press("o")
        await driving.until(lambda: "No run is called" in driving.text(), "the words")

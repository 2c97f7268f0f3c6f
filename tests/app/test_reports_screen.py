"""Reports: reading with live panels, writing, export."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Markdown

from app.panels.board_panels.panel import BoardPanel
from app.sources.local import LocalSource
from app.sources.remote import RemoteSource
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.app.dashboard import SMALL, Driven, driven
from tests.app.test_snapshots import Compare, at, pressing
from tests.factories import log_run

CODE = """# What helps

Some **words** about it.

```panel
kind: leaderboard
metric: acc {subset=val}
top: 3
height: 8
```

```panel
kind: counter
```
"""


@pytest.fixture
def lab(still_lab: Store) -> Store:
    """The demonstration in a store of its own, that may be written to."""
    still_lab.default.reports.create("Findings", CODE, "of the year")
    return still_lab


async def shown(driving: Driven) -> list[BoardPanel]:
    """The panels of the report, once they have read."""
    await driving.until(lambda: driving.screen.query(BoardPanel), "panels")
    panels = list(driving.screen.query(BoardPanel))
    await driving.until(lambda: all(each.content for each in panels), "contents")
    return panels


def code(store: Store) -> str:
    return store.default.reports.find()[0].code


async def test_a_report_is_read_with_live_panels(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        _, counter = await shown(driving)
        assert counter.content.value == "11"  # type: ignore[union-attr]
        assert "What helps" in driving.text()
        assert "of the year" in driving.text()
        log_run(lab.default, "new", metrics={"loss": [1.0]})
        await driving.until(lambda: counter.content.value == "12", "the new run")  # type: ignore[union-attr]


async def test_panels_of_a_report_are_visited_and_opened(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        panels = await shown(driving)
        await driving.press("enter", "right_curly_bracket")
        assert driving.screen.focused is panels[0]
        await driving.press("j", "enter")
        await driving.until(lambda: type(driving.screen).__name__ == "RunScreen", "the run")
        assert driving.screen.run_hash == panels[0].run_hashes[1]


async def test_keys_scroll_the_page(lab: Store) -> None:
    async with driven(lab, screen="reports", size=SMALL) as driving:
        await driving.press("enter")
        reader = driving.screen.reader
        await driving.press("space")
        assert reader.scroll_offset.y > 0
        await driving.press("home", "down", "up", "pageup", "end")
        assert reader.scroll_offset.y == reader.max_scroll_y
        await driving.press("right_curly_bracket", "left_curly_bracket")
        await driving.press("escape")
        assert driving.screen.grid.has_focus


async def test_what_is_typed_is_kept_and_can_be_taken_back(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        await shown(driving)
        await driving.press("e")
        await driving.type("new ")
        await driving.until(lambda: code(lab).startswith("new "), "the text")
        await driving.until(
            lambda: driving.screen.reader.query(Markdown).first().source.startswith("new"),
            "the preview",
        )
        await driving.press("f6")
        assert not driving.screen.reader.display
        await driving.press("f6", "escape", "z")
        await driving.until(lambda: code(lab) == CODE, "undo")


async def test_the_writer_is_told_how_links_are_written(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        await shown(driving)
        assert "of the year" in driving.text()
        await driving.press("e")
        assert "@run#name and [[metric]] become links" in driving.text()
        await driving.press("escape")
        assert "@run#name" not in driving.text()
        assert "of the year" in driving.text()


async def test_a_panel_is_put_into_the_text(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        await shown(driving)
        await driving.press("e", "ctrl+n")
        await driving.type("activity")
        await driving.press("enter", "ctrl+s")
        await driving.press("escape")
        await driving.until(lambda: "kind: activity" in code(lab), "the panel")
        await driving.until(lambda: len(driving.screen.query(BoardPanel)) == 3, "three panels")


async def test_a_report_is_created_renamed_described_and_deleted(lab: Store) -> None:
    find = lab.default.reports.find
    async with driven(lab, screen="reports") as driving:
        await driving.press("n")
        await driving.type("mine")
        await driving.press("enter")
        await driving.until(lambda: driving.screen.has_class("-editing"), "the text")
        assert "```panel" in driving.screen.area.text
        await driving.press("escape", "r")
        await driving.type("ours")
        await driving.press("enter")
        await driving.until(lambda: find()[1].name == "ours", "the name")
        await driving.until(lambda: driving.screen.report.name == "ours", "the row")
        await driving.press("d")
        await driving.type("x")
        await driving.press("enter")
        await driving.until(lambda: find()[1].description == "x", "the description")
        await driving.until(lambda: driving.screen.report.description == "x", "the row")
        await driving.press("slash")
        await driving.type("helps words")
        await driving.until(lambda: "1 of 2 reports" in driving.text(), "what was looked for")
        assert driving.screen.report.name == "Findings"
        await driving.press("escape", "escape")
        await driving.until(lambda: driving.screen.grid.row_count == 2, "all again")
        await driving.press("end")
        await driving.until(lambda: driving.screen.report.name == "ours", "it")
        await driving.press("delete", "y")
        await driving.until(lambda: len(find()) == 1, "the deletion")
        await driving.press("z")
        await driving.until(lambda: len(find()) == 2, "undo")


async def test_a_store_without_reports_says_how_to_begin(store: Store) -> None:
    async with driven(store, screen="reports") as driving:
        assert "n writes one" in driving.text()


async def test_the_text_is_copied(lab: Store) -> None:
    async with driven(lab, screen="reports") as driving:
        await shown(driving)
        await driving.press("y")
        assert driving.application.clipboard == CODE


@pytest.mark.parametrize(("row", "name", "part"), [
    (0, "findings.html", "<svg"),
    (1, "findings.md", "```text"),
    (2, "findings.source.md", "```panel"),
])  # fmt: skip
async def test_a_report_is_written_to_a_file(  # noqa: PLR0917
    lab: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: int, name: str, part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven(lab, screen="reports") as driving:
        await shown(driving)
        await driving.press("x", *["down"] * row, "enter", "enter")
        path = tmp_path / name
        await driving.until(path.exists, "the file")
        assert part in path.read_text("utf-8")


async def test_reports_go_both_ways_over_rest(lab: Store) -> None:
    server = EmbeddedServer(lab, ServerSettings(port=0))
    source = RemoteSource.connect(server.start() or "")
    async with driven(source, screen="reports") as driving:
        await shown(driving)
        await driving.press("e")
        await driving.type("far ")
        await driving.press("escape")
        await driving.until(lambda: code(lab).startswith("far "), "the text")
    source.close()
    server.stop()


@pytest.mark.parametrize("keys", [(), ("e",)], ids=["read", "edit"])
def test_pictures(snap_compare: Compare, lab: Store, keys: tuple[str, ...]) -> None:
    application = at(LocalSource(lab), "reports")
    assert snap_compare(application, terminal_size=(120, 36), run_before=pressing(*keys))

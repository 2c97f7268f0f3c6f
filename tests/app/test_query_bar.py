"""The query bar as people use it: typing, suggestions, history, what is kept and copied."""

from __future__ import annotations

from typing import Any

from textual.widgets import Label, Static

from app.boards.board import Panel
from app.boards.kinds import PanelKind
from app.dialogs.panel_settings import PanelSettings
from app.dialogs.saved_queries import SavedQueries
from app.settings.state import StateFile
from app.widgets.query_field import QueryField
from store import Store
from tests.app.dashboard import Driven, driven

RATE = "run.hparams.lr"


def problem_of(run: Driven) -> str:
    static = run.screen.query_bar.query_one(".problem", Static)
    return str(static.render()) if static.display else ""


def count_of(run: Driven) -> str:
    return str(run.screen.query_bar.query_one("#count", Label).render())


def offered(run: Driven) -> list[str]:
    popup = run.screen.query_bar.popup
    return [each.text.strip() for each in popup.offers.items] if popup.display else []


def insert(run: Driven, text: str) -> None:
    """Put a text into the bar at once, as fast fingers do."""
    run.screen.query_bar.input.insert_text_at_cursor(text)


async def known(run: Driven) -> None:
    """Wait until the bar knows what can be asked."""
    bar = run.screen.query_bar
    await run.until(lambda: bar.language.is_known, "the vocabulary")


async def test_a_query_is_completed_from_field_to_value(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("slash")
        bar = run.screen.query_bar
        await run.until(lambda: bar.input.has_focus, "the bar")
        await known(run)
        assert offered(run) == []

        await run.type("run.hp")
        await run.until(lambda: RATE in offered(run), "the params")
        await run.press("tab")
        assert bar.text == "run.hparams."
        await run.type("lr")
        await run.press("tab")
        await run.until(lambda: bar.text == f"{RATE} ", "the field")
        await run.until(lambda: "<" in offered(run), "comparisons")
        await run.type("< ")
        assert count_of(run) == "a value is missing"
        values = await run.until(lambda: offered(run), "values")
        assert values == sorted(values, key=float)
        assert "runs" in run.text()
        await run.press("down", "enter")
        await run.until(lambda: bar.text.endswith(values[1]), "the second value")
        assert bar.input.has_focus
        assert offered(run) == []

        await run.press("enter")
        await run.until(lambda: "→" in count_of(run), "the count")
        assert "in 4 ms" in count_of(run)
        assert run.screen.table.has_focus
        assert run.screen.query_text == f"{RATE} < {values[1]}"


async def test_unfinished_is_quiet_and_wrong_is_loud(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        before = len(run.screen.table.page)
        await run.press("slash")
        await known(run)
        insert(run, "run.hparams.lr >")
        await run.settle()
        assert count_of(run) == "a value is missing"
        assert problem_of(run) == ""

        await run.press("enter")
        bar = run.screen.query_bar
        assert problem_of(run) == "A value is missing."
        assert bar.input.highlighter.error_span == (15, 16)
        assert bar.input.has_focus
        assert len(run.screen.table.page) == before
        # An answer to an earlier query that comes late.
        bar.show_problem(None)
        assert problem_of(run) == "A value is missing."
        await run.press("backspace")
        assert problem_of(run) == ""

        await run.press("ctrl+u")
        await run.type("run.active && run.")
        assert "“and”" in problem_of(run)
        assert bar.input.highlighter.error_span == (11, 13)
        await run.press("ctrl+u")
        await run.type("lr > 0.1 ")
        assert problem_of(run) == "Nothing is called lr; is it run.hparams.lr?"
        assert bar.query_one(".problem").has_class("-quiet")
        await run.until(lambda: "→" in count_of(run), "what it finds all the same")
        assert problem_of(run).startswith("Nothing is called lr")
        await run.press("escape", "escape")
        await run.until(lambda: run.screen.table.has_focus, "the table")
        assert bar.text == ""
        assert problem_of(run) == ""


async def test_what_matches_nothing_is_told_and_left(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        before = len(run.screen.table.page)
        await run.press("slash")
        insert(run, 'run.name == "nobody" ')
        await run.until(lambda: "unchanged" in count_of(run), "the count")
        assert len(run.screen.table.page) == before
        await run.press("enter")
        await run.until(lambda: "No run matches" in run.text(), "the sentence")
        await run.press("escape")
        await run.until(lambda: len(run.screen.table.page) == before, "all runs")
        assert run.screen.query_bar.text == ""


async def test_a_finished_condition_covers_nothing_unasked(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("slash")
        await known(run)
        await run.type("run.hparams.lr > 0 ")
        assert offered(run) == []
        await run.press("ctrl+@")
        assert offered(run) == ["and", "or"]
        await run.press("escape")
        assert offered(run) == []
        assert run.screen.query_bar.text == "run.hparams.lr > 0 "


async def test_queries_of_before_come_back(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        for text in ("run.active", "run.archived"):
            await run.press("slash", "ctrl+u")
            await run.type(text)
            await run.press("enter")
            await run.until(lambda t=text: run.screen.query_text == t, text)
        await run.press("slash", "ctrl+u", "up")
        bar = run.screen.query_bar
        await run.until(lambda: bar.text == "run.archived", "the newest")
        await run.press("up")
        assert bar.text == "run.active"
        assert offered(run) == []


async def test_queries_are_kept_renamed_used_and_deleted(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        await run.press("slash")
        await run.type("run.archived")
        await run.press("ctrl+s")
        await run.type("old")
        await run.press("enter")
        saved = lambda: dict(run.application.view_state.saved_queries)  # noqa: E731
        await run.until(lambda: saved() == {"old": "run.archived"}, "the query is kept")
        await run.press("escape")
        run.screen.set_query("")
        await run.until(lambda: run.screen.query_text == "", "all runs")

        await run.press("slash", "ctrl+l")
        await run.until(lambda: isinstance(run.screen, SavedQueries), "the list")
        await run.press("r", "ctrl+u")
        await run.type("gone")
        await run.press("enter")
        await run.until(lambda: list(saved()) == ["gone"], "the new name")
        await run.until(lambda: isinstance(run.screen, SavedQueries), "the list again")
        await run.press("enter")
        await run.until(
            lambda: getattr(run.screen, "query_text", "") == "run.archived", "the query"
        )

        run.screen.set_query("")
        await run.until(lambda: run.screen.query_text == "", "all runs")
        await run.press("colon")
        await run.type("view gone")
        await run.press("enter")
        await run.until(
            lambda: getattr(run.screen, "query_text", "") == "run.archived", "the view"
        )
        await run.press("colon")
        await run.type("view")
        await run.press("enter")
        await run.until(lambda: isinstance(run.screen, SavedQueries), "the list by :view")
        await run.press("d")
        await run.until(lambda: saved() == {}, "nothing kept")
        assert "None yet" in run.text()


async def test_a_query_is_copied_in_several_ways(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        copied: list[str] = []
        run.application.copy_to_clipboard = copied.append  # type: ignore[method-assign]
        await run.press("slash")
        await run.type("run.archived")
        await run.press("ctrl+y")
        await run.until(lambda: run.screen.query("#choices"), "the menu")
        await run.press("enter")
        await run.until(lambda: copied, "something copied")
        await run.press("ctrl+y")
        await run.until(lambda: run.screen.query("#choices"), "the menu")
        await run.type("address")
        await run.press("enter")
        await run.until(lambda: len(copied) == 2, "two things copied")
    assert "matyan_client" in copied[0]
    assert copied[1].endswith("/api/v1/rest/runs/search/run/?q=run.archived")


async def test_cells_write_the_query(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        table = run.screen.table
        ids = [each.id for each in table.run_columns]
        table.cursor_column = next(
            n for n, each in enumerate(ids) if each.startswith("params.")
        )
        key = ids[table.cursor_column].removeprefix("params.")
        before = len(table.page)
        await run.press("f")
        await run.until(lambda: run.screen.query_text.startswith(f"run.{key} =="), "the query")
        some = len(table.page)
        assert 0 < some < before
        run.screen.set_query("")
        await run.until(lambda: len(table.page) == before, "all runs")
        await run.press("tilde")
        await run.until(lambda: run.screen.query_text.startswith(f"run.{key} !="), "not")
        assert len(table.page) == before - some


async def test_metrics_are_completed_where_metrics_are_searched(demo_store: Store) -> None:
    async with driven(demo_store, screen="metrics") as run:
        await run.press("slash")
        await known(run)
        await run.type("metric.name == ")
        await run.until(lambda: '"loss"' in offered(run), "names of metrics")
        await run.press("tab", "enter")
        await run.until(lambda: run.screen.query_text.startswith("metric.name =="), "the query")


async def test_the_bar_reads_without_colours(demo_store: Store, monkeypatch: Any) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with driven(demo_store, state_file=StateFile(None)) as run:
        await run.press("slash")
        await known(run)
        await run.type('run.name == "a" and run.active')
        segments = list(run.screen.query_bar.input.render_line(0))
        words = {each.text.strip(): each.style for each in segments if each.text.strip()}
        assert words["and"].bold
        assert words['"a"'].italic
        assert not words["run.name"].bold


async def test_a_panel_of_a_board_is_asked_about_in_the_same_way(demo_store: Store) -> None:
    async with driven(demo_store) as run:
        answers: list[Panel | None] = []
        dialog = PanelSettings(Panel("x", PanelKind.CHART))
        run.application.push_screen(dialog, answers.append)
        await run.until(lambda: dialog.query(QueryField), "the form")
        field = dialog.query_one(QueryField)
        field.input.focus()
        await run.until(lambda: field.language.is_known, "what can be asked")
        await run.type("metric.na")
        await run.until(lambda: field.popup.is_open, "suggestions")
        await run.press("tab")
        await run.type("==")
        await run.press("enter")
        assert not answers
        assert "A value is missing" in run.text()
        await run.type(' "loss"')
        await run.press("enter")
        await run.until(lambda: answers, "the panel")
    assert answers[0] is not None
    assert answers[0].query == 'metric.name == "loss"'

"""Columns of the runs table: choosing, moving, resizing, copying, the mouse; groups; best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import OptionList

from app.dialogs.column_picker import ColumnPicker
from tests.app.dashboard import SMALL, Driven, driven
from tests.factories import DEMO_NOW, log_run, make_hash, make_points

if TYPE_CHECKING:
    from app.widgets.run_table import RunTable
    from store import Store


def table_of(run: Driven) -> RunTable:
    table: RunTable = run.screen.table
    return table


def ids(run: Driven) -> list[str]:
    return [column.id for column in table_of(run).run_columns]


async def test_columns_move_hide_widen_and_come_back(lab: Store) -> None:
    async with driven(lab, size=SMALL) as run:
        table, first = table_of(run), ids(run)
        assert first[:2] == ["name", first[1]]
        assert first[1].startswith("metrics.")
        await run.press("right", "shift+right")
        assert ids(run)[:3] == [first[0], first[2], first[1]]
        await run.press("minus")
        assert first[1] not in ids(run)
        before = table.columns[0].width
        await run.press("home", "0", "plus")
        assert table.columns[0].width > before

        await run.press("C")
        await run.until(lambda: isinstance(run.screen, ColumnPicker), "the picker")
        picker = run.screen
        assert "run    " in run.text()
        await run.type("optimis")
        options = picker.query_one(OptionList)
        top = options.get_option_at_index(0)
        assert top.id == "params.hparams.optimiser"
        line = str(top.prompt)
        assert "100%" in line
        assert "adam 6" in line
        await run.press("ctrl+right", "ctrl+l", "enter")
        await run.until(lambda: picker not in run.application.screen_stack, "the table")
        assert table.frozen_count == 2
        assert table.run_columns[1].id == "params.hparams.optimiser"

        await run.press("C")
        await run.until(lambda: isinstance(run.screen, ColumnPicker), "the picker")
        await run.press("ctrl+r")
        await run.until(lambda: sorted(ids(run)) == sorted(first), "the automatic choice")


async def test_the_mouse_sorts_resizes_marks_and_opens(lab: Store) -> None:
    async with driven(lab) as run:
        table = table_of(run)
        layout = table.layout_of_columns
        start, stop = layout.span(1, 0)
        await run.pilot.click(table, offset=(start + 1, 0))
        await run.until(lambda: table.sort_keys, "an order")
        assert table.sort_keys[0].field == "experiment"
        await run.pilot.click(table, offset=(layout.span(3, 0)[0] + 1, 0), shift=True)
        await run.until(lambda: len(table.sort_keys) == 2, "a second key")
        assert " ↑1" in run.text()
        assert " ↓2" in run.text()

        width = table.columns[1].width
        await run.pilot.mouse_down(table, offset=(stop, 0))
        await run.pilot.hover(table, offset=(stop + 5, 0))
        await run.pilot.mouse_up(table, offset=(stop + 5, 0))
        await run.settle()
        assert table.columns[1].width == width + 5
        assert dict(run.application.view_state.column_widths)["experiment"] == width + 5
        assert len(table.sort_keys) == 2, "dragging does not sort"

        await run.pilot.click(table, offset=(0, 3))
        await run.pilot.click(table, offset=(0, 5), shift=True)
        await run.until(lambda: len(table.marked) == 3, "a range of marks")
        await run.pilot.click(table, offset=(0, 3))
        await run.until(lambda: len(table.marked) == 2, "one mark less")
        await run.pilot.click(table, offset=(12, 2), times=2)
        await run.until(lambda: type(run.screen).__name__ == "RunScreen", "the run")


async def test_cell_row_and_table_are_copied(lab: Store) -> None:
    async with driven(lab) as run:
        await run.press("y")
        assert run.application.clipboard == "été 🌻-11"
        await run.press("y")
        assert run.application.clipboard.startswith("été 🌻-11\tété 🌻\t")
        await run.press("y")
        await run.until(lambda: run.application.clipboard.count("\n") == 11, "the table")
        assert run.application.clipboard.startswith("run\texperiment\ttags")
        await run.press("down", "y")
        assert (
            run.application.clipboard
            == table_of(run).page.known(table_of(run).page.hashes)[1].run.name
        )


async def test_a_long_experiment_is_copied_whole(lab: Store) -> None:
    experiment = "study-" * 20 + "end"
    log_run(lab.default, "new", name="new", experiment=experiment, started_at=DEMO_NOW)
    async with driven(lab) as run:
        await run.press("right", "y")
        assert run.application.clipboard == experiment


async def test_groups_of_several_columns_have_figures_of_all_runs(lab: Store) -> None:
    async with driven(lab) as run:
        table = table_of(run)
        table.cursor_column = ids(run).index("experiment")
        await run.press("g")
        await run.until(lambda: len(table.groups) == 3, "groups")
        assert {group.title for group in table.groups} == {"vision", "speech", "été 🌻"}
        assert "±" in run.text()
        await run.press("V")
        assert "±" not in run.text()
        assert table.look.group_value == "min"
        await run.press("home", "enter")
        assert len(table.closed) == 1
        await run.press("E")
        assert len(table.closed) == 3
        assert table.row_count == 3
        await run.press("E")
        assert table.row_count == 3 + 11
        table.cursor_column = ids(run).index("tags")
        await run.press("g")
        await run.until(lambda: len(table.groups) > 3, "groups by tag as well")
        assert "vision · baseline" in {group.title for group in table.groups}
        marked = len(table.groups[0].hashes)
        await run.press("home", "space")
        assert len(table.marked) == marked
        await run.press("g")
        table.cursor_column = ids(run).index("experiment")
        await run.press("g")
        await run.until(lambda: not table.groups, "no groups")


async def test_the_best_value_is_that_of_all_runs_and_follows(store: Store) -> None:
    for number in range(150):
        log_run(
            store.default, number, metrics={"loss": [150.0 - number]}, started_at=1e9 - number
        )
    async with driven(store, size=SMALL) as run:
        table = table_of(run)
        await run.until(lambda: table.look.best.get("metrics.loss") == 1.0, "the best")
        assert not table.page.known([make_hash(149)]) or len(table.page) == 150
        table.cursor_column = ids(run).index("metrics.loss")
        await run.press("D")
        await run.until(lambda: table.look.best.get("metrics.loss") == 150.0, "the largest")
        await run.press("D")
        store.default.ingest.submit(make_hash(3), [make_points("loss", [0.5], first_step=1)])
        await run.until(lambda: table.look.best.get("metrics.loss") == 0.5, "the new best")

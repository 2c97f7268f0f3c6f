"""The baseline of the runs table, and the ways from there to comparisons and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.widgets.baseline import against_baseline
from app.widgets.cells import Cell, plain
from app.widgets.columns import column_from_id
from store.models import Run, RunRecord
from tests.app.comparing import population
from tests.app.dashboard import driven
from tests.factories import make_hash

if TYPE_CHECKING:
    from store import Store


def record(number: int, params: dict[str, object]) -> RunRecord:
    return RunRecord(Run(number, make_hash(number), f"run {number}"), params)


def param_cell(value: object, base: object, width: int = 20) -> Cell:
    column = column_from_id("params.lr", width)
    assert column is not None
    return against_baseline(
        plain(str(value)),
        column,
        record(1, {"lr": value}),
        record(2, {"lr": base}),
        which="last",
        directions={},
    )


def test_params_show_a_ratio_where_there_is_room() -> None:
    assert param_cell(0.1, 0.2).text == "0.1 x0.5"
    assert param_cell(0.1, 0.2, width=5).pieces == (("0.1", "accent"),)
    assert param_cell(0.1, 0.1).pieces == (("0.1", ""),)
    assert param_cell("adam", "sgd").pieces == (("adam", "accent"),)


async def test_cells_show_the_difference_to_the_baseline(demo_store: Store) -> None:
    async with driven(demo_store, size=(200, 40)) as driving:
        table = driving.screen.table
        await driving.until(lambda: table.row_count == 11, "the runs")
        await driving.press("b")
        await driving.until(lambda: table.look.baseline is not None, "the baseline")
        first, second = table.page.hashes[:2]
        assert table.look.baseline.run.hash == first
        assert "◇" in driving.text()
        at = next(n for n, c in enumerate(table.run_columns) if c.id.startswith("metrics.acc"))
        (cell,) = table.row_cells(1, range(at, at + 1))
        value, change = cell.text.split()
        (base,) = table.row_cells(0, range(at, at + 1))
        assert abs(float(value) - float(base.text.split()[0]) - float(change)) < 2e-3
        # One run under the cursor is compared with the baseline.
        await driving.press("down", "c")
        await driving.until(lambda: getattr(driving.screen, "compared", None), "the comparison")
        await driving.until(
            lambda: driving.screen.compared.hashes() == (first, second), "both runs"
        )
        assert driving.screen.compared.reference == 0
        await driving.press("3", "home", "b")
        await driving.until(lambda: table.look.baseline is None, "no baseline")
        await driving.press("c")
        await driving.until(lambda: "Mark two or more" in driving.text(), "help")


async def test_all_runs_of_the_query_are_plotted_and_a_param_becomes_a_column(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        driving.screen.set_query("speech")
        await driving.until(lambda: driving.screen.table.row_count == 3, "the runs")
        await driving.press("vertical_line")
        await driving.until(lambda: hasattr(driving.screen, "compared"), "the comparison")
        await driving.until(lambda: driving.screen.tab.id == "parallel-tab", "the tab")
        await population(driving, 3)
        # Runs to compare are not looked for in a plot of the query.
        await driving.press("3", "asterisk", "c")
        await driving.until(lambda: hasattr(driving.screen, "compared"), "the comparison")
        await driving.until(lambda: driving.screen.tab.id == "params-tab", "the tab")
        await driving.press("3", "u", "escape")
        await driving.until(lambda: driving.screen.table.row_count == 11, "all runs")
        await driving.press("I")
        await driving.until(lambda: hasattr(driving.screen, "compared"), "the comparison")
        await population(driving, 11)
        await driving.until(lambda: driving.screen.tab.grid.row_count, "the ranking")
        param = driving.screen.tab.grid.cursor_key
        known = [each.param for each in driving.screen.tab.ranking]
        hidden = next(each for each in known if each == "hparams.dropout")
        driving.screen.tab.grid.cursor_row = known.index(hidden)
        assert param
        await driving.press("plus", "3")
        table = driving.screen.table
        await driving.until(
            lambda: f"params.{hidden}" in [column.id for column in table.run_columns],
            "the column",
        )

"""Runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.messages import CompareRuns
from app.panels.compare_tabs.base import CompareTab
from app.panels.explorer import MetricExplorer
from app.screens.compare import TABS
from app.traces.compare import metric_table, param_table
from app.traces.tables import table_text
from app.widgets.simple_grid import SimpleGrid
from store.models import Run, RunRecord
from store.search.models import RunSearch
from tests.app.dashboard import SMALL, Driven, driven
from tests.factories import make_hash

if TYPE_CHECKING:
    from store import Store

HASHES = tuple(make_hash(("demo", number)) for number in range(4))


async def compare(driving: Driven, tab: str = "params") -> None:
    driving.application.post_message(CompareRuns(HASHES))
    await driving.until(
        lambda: getattr(getattr(driving.screen, "compared", None), "records", ()), "the runs"
    )
    driving.screen.action_show_tab(tab)
    await driving.settle()


@pytest.mark.parametrize("size", [(200, 60), SMALL])
async def test_every_tab_opens(demo_store: Store, size: tuple[int, int]) -> None:
    async with driven(demo_store, size=size) as driving:
        await compare(driving)
        for tab in TABS:
            driving.screen.action_show_tab(tab)
            await driving.settle()
            assert driving.screen.tab.id == f"{tab}-tab"
            assert "4 runs side by side" in driving.text()


async def test_only_different_params_are_shown_at_first(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving)
        assert "hparams.lr" in driving.text()
        assert "data.name" not in driving.text()
        await driving.press("d")
        assert "data.name" in driving.text()


async def test_the_reference_moves(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving)
        assert "◇ vision-00" in driving.text()
        await driving.press("R")
        assert "◇ speech-01" in driving.text()


async def test_the_best_run_of_each_metric_is_marked(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "metrics")
        rows = {row.name: row for row in driving.screen.tab.rows}
        losses = rows["loss (subset=train)"]
        best = [cell.is_best for cell in losses.cells]
        values = [cell.value for cell in losses.cells]
        assert best.index(True) == values.index(min(values))


async def test_curves_of_all_runs_are_drawn(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "charts")
        explorer = driving.screen.query_one(MetricExplorer)
        traces = explorer.charts["acc"].traces
        assert len([trace for trace in traces if not trace.is_faint]) == 4


async def test_differences_to_the_reference_are_below_the_curves(demo_store: Store) -> None:
    async with driven(demo_store, size=(200, 60)) as driving:
        await compare(driving, "charts")
        await driving.until(lambda: "acc minus vision-00" in driving.text(), "the strip")
        await driving.press("R")
        await driving.until(lambda: "acc minus speech-01" in driving.text(), "the other run")


async def test_importance_warns_of_few_runs(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "importance")
        await driving.until(lambda: "too few to say much" in driving.text(), "the warning")


async def test_a_row_of_importance_leads_to_its_scatter_and_a_point_to_its_run(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "importance")
        grid = driving.screen.query_one("#importance-grid", SimpleGrid)
        await driving.until(lambda: grid.row_count, "the ranking")
        param = grid.cursor_key
        await driving.press("enter")
        await driving.until(lambda: f"by {param}" in driving.text(), "the scatter")
        await driving.press("right", "right", "enter")
        await driving.until(lambda: hasattr(driving.screen, "run_hash"), "the run")
        assert driving.screen.run_hash in HASHES


async def test_brushes_become_a_query(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "parallel")
        await driving.press("enter", "right", "shift+left", "I", "v", "up", "up", "v", "down")
        await driving.until(lambda: "of 4 runs" in driving.text(), "the brush")
        query = driving.screen.tab.query_text()
        inside = {
            r.run.hash
            for r, kept in zip(
                driving.screen.compared.records, driving.screen.tab.inside(), strict=True
            )
            if kept
        }
        assert 0 < len(inside) < 4
        found = demo_store.default.search.index(RunSearch(query))
        assert set(found.hashes) & set(HASHES) == inside
        await driving.press("enter")
        await driving.until(lambda: hasattr(driving.screen, "query_bar"), "the runs")
        assert driving.screen.query_bar.text == query


async def test_a_query_can_be_compared(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving)
        driving.screen._find('run.experiment == "speech"')
        await driving.until(lambda: "4 runs" in driving.text(), "the runs")


async def test_the_table_is_written(demo_store: Store, tmp_path: Path) -> None:
    async with driven(demo_store) as driving:
        await compare(driving)
        driving.screen._export("md", str(tmp_path / "table.md"))
        await driving.settle()
        assert "| hparams.lr |" in (tmp_path / "table.md").read_text("utf-8")


async def test_nothing_to_compare_says_what_to_do(store: Store) -> None:
    async with driven(store, screen="compare", size=SMALL) as driving:
        assert "No runs to compare" in driving.text()
        assert len(driving.screen.query(CompareTab)) == len(TABS)


def record(number: int, params: dict[str, object]) -> RunRecord:
    return RunRecord(Run(number, f"{number:032x}", f"run {number}"), params)


def test_params_are_compared_with_the_reference() -> None:
    rows = param_table([record(1, {"lr": 0.1, "x": 1}), record(2, {"lr": 0.2})])
    assert [row.name for row in rows] == ["lr", "x"]
    assert rows[0].cells[1].change == "x2"
    assert rows[1].cells[1].is_different


def test_runs_without_metrics_have_an_empty_table() -> None:
    assert metric_table([record(1, {}), record(2, {})], "last", lambda _: True) == []


def test_tables_are_escaped() -> None:
    head, rows = ["a|b", "c_d"], [["1", "50%"]]
    assert table_text(head, rows, "md").startswith("| a\\|b | c_d |\n| --- | --- |\n")
    assert table_text(head, rows, "csv") == "a|b,c_d\n1,50%\n"
    assert r"50\%" in table_text(head, rows, "tex")


async def test_plots_begin_with_what_a_person_tunes(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "scatter")
        fields = driving.screen.tab.fields()
        assert fields[0] == "params.hparams.lr"
        assert fields.index("params.seed") > fields.index("params.hparams.optimiser")
        assert "by hparams.lr" in driving.text()


def test_seeds_have_no_ratio() -> None:
    records = [
        RunRecord(
            Run(number, make_hash(number), str(number)), params={"seed": number, "lr": number}
        )
        for number in (1, 2)
    ]
    rows = {row.name: row for row in param_table(records)}
    assert rows["lr"].cells[1].change
    assert not rows["seed"].cells[1].change

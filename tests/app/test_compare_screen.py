"""Runs side by side: tables, baseline, sets, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.charts.band import Aggregate
from app.messages import OpenRun
from app.panels.compare_tabs.base import CompareTab
from app.panels.explorer import MetricExplorer
from app.screens.compare import TABS
from tests.app.comparing import HASHES, compare
from tests.app.dashboard import SMALL, driven
from tests.factories import log_run, make_hash

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace


@pytest.mark.parametrize("size", [(200, 60), SMALL])
async def test_every_tab_opens(demo_store: Store, size: tuple[int, int]) -> None:
    async with driven(demo_store, size=size) as driving:
        await compare(driving)
        for tab in TABS:
            driving.screen.action_show_tab(tab)
            await driving.until(lambda: driving.screen.tab.compared.records, f"runs of {tab}")
            assert driving.screen.tab.id == f"{tab}-tab"
            words = "11 runs" if driving.screen.tab.IS_ABOUT_QUERY else "4 runs side by side"
            await driving.until(lambda: words in driving.text(), words)  # noqa: B023


async def test_params_that_differ_are_a_tree_that_folds_and_is_searched(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving)
        assert "▾ hparams" in driving.text()
        assert "shuffle" not in driving.text()
        await driving.press("u")
        assert "shuffle" in driving.text()
        grid = driving.screen.tab.grid
        await driving.press("home", "enter")
        assert grid.cursor_key == "data"
        assert "shuffle" not in driving.text()
        await driving.press("enter", "n")
        assert grid.cursor_key == "hparams.batch_size"
        await driving.press("n", "p", "p")
        assert grid.cursor_key == "hparams.batch_size"
        await driving.press("slash")
        await driving.type("adam")
        await driving.until(lambda: grid.row_count == 1, "the row")
        await driving.press("escape")
        await driving.until(lambda: grid.row_count > 5, "all rows")
        # The baseline moves to the next run, to that of the column, to one of a list.
        assert "◇ vision-00" in driving.text()
        assert "0.01 x0.1" in driving.text()
        await driving.press("R")
        assert "◇ speech-01" in driving.text()
        assert "0.1 x10" in driving.text()
        grid.cursor_column = 3
        await driving.press("b")
        assert driving.screen.compared.reference == 2
        await driving.press("b")
        await driving.until(lambda: "Compare with" in driving.text(), "the list of runs")
        await driving.press("enter")
        await driving.until(lambda: driving.screen.compared.reference == 0, "the first run")


async def test_the_best_run_of_each_metric_is_marked_and_values_go_round(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "metrics")
        tab = driving.screen.tab
        assert {"acc val", "loss train", "loss val"} <= {row.name for row in tab.rows}
        losses = next(row for row in tab.rows if row.name == "loss train")
        best = [cell.is_best for cell in losses.cells]
        values = [cell.value for cell in losses.cells]
        assert best.index(True) == values.index(min(values))
        judged = [None, *(value < values[0] for value in values[1:])]
        assert [cell.is_better for cell in losses.cells] == judged
        for word in ("min", "max", "best", "step of best", "at equal step", "at equal time"):
            await driving.press("v")
            await driving.until(lambda: f" {word} of " in driving.text(), word)  # noqa: B023
        equal = next(row for row in tab.rows if row.name == "loss train")
        assert [cell.value for cell in equal.cells] == values


async def test_narrow_cells_leave_out_what_has_no_room_rather_than_cut_it(
    demo_store: Store,
) -> None:
    hashes = tuple(make_hash(("demo", number)) for number in range(6))
    async with driven(demo_store, size=(100, 30)) as driving:
        await compare(driving, "metrics", hashes)
        rows = driving.screen.tab.rows
        lines = [line for line in driving.text().splitlines() if line.startswith("loss")]
        assert len(lines) == 2
        assert not any("…" in line for line in lines), lines
        assert all(row.cells[1].change.split()[0] in "\n".join(lines) for row in rows[-2:])


async def test_a_spreadsheet_gets_values_alone(demo_store: Store, tmp_path: Path) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "metrics")
        path = tmp_path / "metrics.csv"
        driving.screen._export("csv", str(path))
        await driving.until(path.exists, "the file")
        loss = next(row for row in driving.screen.tab.rows if row.name == "loss val")
        lines = {line.split(",")[0]: line for line in path.read_text("utf-8").splitlines()}
        assert lines["loss val"] == ",".join(["loss val", *(repr(c.value) for c in loss.cells)])


async def test_many_runs_are_shown_as_what_they_have_in_common(demo_store: Store) -> None:
    hashes = tuple(make_hash(("demo", number)) for number in range(12))
    async with driven(demo_store) as driving:
        await compare(driving, hashes=hashes)
        text = driving.text()
        assert "most common" in text
        assert "0.001 to 0.1" in text
        driving.screen.action_show_tab("metrics")
        await driving.until(lambda: "median" in driving.text(), "the summary")
        assert "±" in driving.text()
        driving.screen.action_show_tab("charts")
        explorer = driving.screen.query_one(MetricExplorer)
        await driving.until(lambda: explorer.options.aggregate is Aggregate.MEAN_STD, "means")
        await driving.until(lambda: "colour by experiment" in driving.text(), "groups")
        driving.screen.compare_hashes(HASHES)
        await driving.until(lambda: explorer.options.aggregate is Aggregate.OFF, "single runs")


async def test_curves_of_all_runs_are_drawn_over_their_differences(demo_store: Store) -> None:
    async with driven(demo_store, size=(200, 60)) as driving:
        await compare(driving, "charts")
        explorer = driving.screen.query_one(MetricExplorer)
        await driving.until(lambda: "acc" in explorer.charts, "the curves")
        traces = explorer.charts["acc"].traces
        assert len([trace for trace in traces if not trace.is_faint]) == 4
        await driving.until(lambda: "acc minus vision-00" in driving.text(), "the strip")
        await driving.press("R")
        await driving.until(lambda: "acc minus speech-01" in driving.text(), "the other run")
        assert ["acc val", "vision-00"] in [row[:2] for row in driving.screen.tab.table()[1]]


async def test_machine_and_environment_show_what_differs_and_how(lab: Store) -> None:
    for number in range(2):
        system = {
            "packages": {"numpy": f"1.{number}.0", "torch": "2.0"},
            "git_info": {"branch": "main", "commit": {"hash": f"abc{number}"}},
            "arguments": ["train.py", "--lr", f"0.{number}"],
        }
        lab.default.runs.set_params(HASHES[number], {"__system_params": system})
    async with driven(lab) as driving:
        await compare(driving, "environment", HASHES[:2])
        tab = driving.screen.tab
        names = [row.name for row in tab.rows if not row.is_branch]
        assert "packages.numpy" in names
        assert "git.commit.hash" in names
        assert "packages.torch" not in names
        tab.grid.cursor_row = next(
            at for at in range(tab.grid.row_count) if tab.grid.key_at(at) == "process.arguments"
        )
        await driving.until(
            lambda: "process.arguments: vision-00 → speech-01" in driving.text(), "the title"
        )
        assert "train.py --lr 0.01" in driving.text()
        await driving.press("u")
        assert "packages.torch" in [row.name for row in tab.rows]
        driving.screen.action_show_tab("system")
        await driving.until(lambda: "▾ cpu" in driving.text(), "the rows")
        names = [row.name for row in driving.screen.tab.rows]
        assert names == ["cpu", "cpu last", "cpu mean", "cpu max"]


async def test_runs_without_a_measured_machine_tell_how_to_measure(
    store: Store, workspace: Workspace
) -> None:
    hashes = tuple(
        log_run(workspace, number, name=f"run-{number}", metrics={"loss": [2.0, 1.0]})
        for number in range(2)
    )
    async with driven(store) as driving:
        await compare(driving, "system", hashes)
        await driving.until(lambda: "system_tracking_interval" in driving.text(), "how")
        assert not driving.screen.tab.grid.display
        driving.screen.action_show_tab("metrics")
        await driving.until(lambda: "loss" in driving.text(), "the table of another tab")
        driving.application.post_message(OpenRun(hashes[0], tab="system"))
        await driving.until(lambda: "This run logged no measurements" in driving.text(), "why")
        assert "system_tracking_interval" in driving.text()


async def test_the_table_is_written_and_copied_from_every_tab(
    demo_store: Store, tmp_path: Path
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving)
        for tab in TABS:
            driving.screen.action_show_tab(tab)
            await driving.until(lambda: driving.screen.tab.compared.records, f"runs of {tab}")
            path = tmp_path / f"{tab}.md"
            if tab != "system":
                await driving.until(
                    lambda: (driving.screen.tab.table() or ((), ()))[1],
                    f"the table of {tab}",
                )
            driving.screen._export("md", str(path))
            await driving.until(path.exists, f"the file of {tab}")
        assert "| hparams.lr | 0.1 | 0.01 x0.1 |" in (tmp_path / "params.md").read_text("utf-8")
        assert "| importance |" in (tmp_path / "importance.md").read_text("utf-8")
        driving.screen.action_show_tab("params")
        await driving.press("y")
        await driving.until(
            lambda: "| hparams.lr |" in driving.application.clipboard, "the clipboard"
        )


async def test_sets_of_runs_are_kept_opened_and_forgotten_and_queries_compared(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, hashes=HASHES[:2])
        await driving.press("ctrl+s")
        await driving.until(lambda: "Keep 2 runs" in driving.text(), "the question")
        await driving.type("pair")
        await driving.press("enter")
        await driving.until(driving.screen.kept_sets, "the set")
        await compare(driving, hashes=HASHES)
        await driving.press("o")
        await driving.until(lambda: "Sets of runs" in driving.text(), "the list")
        await driving.press("enter")
        await driving.until(lambda: len(driving.screen.compared.records) == 2, "the pair")
        await driving.press("o")
        await driving.until(lambda: "Sets of runs" in driving.text(), "the list")
        await driving.type("forget")
        await driving.press("enter")
        await driving.until(lambda: not driving.screen.kept_sets(), "no set")
        driving.screen._find('run.experiment == "speech"')
        await driving.until(lambda: "◇ baseline speech-07" in driving.text(), "the runs")


async def test_nothing_to_compare_says_what_to_do(store: Store) -> None:
    async with driven(store, screen="compare", size=SMALL) as driving:
        await driving.until(lambda: "No runs to compare" in driving.text(), "the words")
        assert len(driving.screen.query(CompareTab)) == len(TABS)

"""Parallel coordinates, scatter and importance over all runs of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.search.models import RunSearch
from tests.app.comparing import HASHES, compare, population
from tests.app.dashboard import driven
from tests.factories import make_hash

if TYPE_CHECKING:
    from store import Store

RUNS = 11
"""Of the demonstration store, without the archived one."""


def labels(fields: object) -> list[str]:
    return [field.label for field in fields]  # type: ignore[attr-defined]


async def test_plots_show_the_query_or_the_marked_runs(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "parallel")
        await population(driving, RUNS)
        assert "all 11 runs" in driving.text()
        await driving.press("M")
        await population(driving, len(HASHES))
        assert "4 runs side by side" in driving.text()
        driving.screen.action_show_tab("importance")
        await driving.until(lambda: "too few to say much" in driving.text(), "the warning")
        await driving.press("M")
        await population(driving, RUNS)
        driving.screen._find('run.experiment == "speech"')
        await population(driving, 3)
        assert 'run.experiment == "speech"' in driving.text()


async def test_a_scatter_knows_contexts_has_a_colour_and_a_front_and_opens_a_run(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "scatter")
        await population(driving, RUNS)
        tab = driving.screen.tab
        names = labels(tab.choices())
        assert names[0] == "lr"
        assert names.index("seed") > names.index("optimiser")
        assert {"loss train", "loss val", "acc val", "loss val last"} <= set(names)
        assert "loss" not in names
        await driving.until(lambda: "acc val by lr" in driving.text(), "the plot")
        fields = {field.label: field for field in tab.choices()}
        tab.chosen.x, tab.chosen.color = fields["loss val"], fields["experiment"]
        tab.show()
        await driving.until(lambda: "acc val by loss val" in driving.text(), "the plot")
        assert "no other run is better in both" in driving.text()
        assert "colour experiment" in driving.text()
        await driving.press("s")
        await driving.until(lambda: "loss val by acc val" in driving.text(), "the other way")
        await driving.press("right", "right", "enter")
        await driving.until(lambda: hasattr(driving.screen, "run_hash"), "the run")


async def test_axes_are_chosen_moved_inverted_and_brushed(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "parallel")
        await population(driving, RUNS)
        tab = driving.screen.tab
        assert labels(tab.axes)[0] == "lr"
        assert labels(tab.axes)[-1] == "acc val"
        await driving.press("shift+right")
        assert labels(tab.axes)[1] == "lr"
        await driving.press("s")
        assert not tab._drawn_axes()[1].scale.is_log
        await driving.press("i")
        assert tab._drawn_axes()[1].is_inverted
        await driving.press("a")
        await driving.until(lambda: "Axes" in driving.text(), "the list of axes")
        await driving.type("loss val")
        await driving.press("enter")
        await driving.until(lambda: "loss val" in labels(tab.axes), "the axis")
        assert labels(tab.axes)[2] == "loss val"
        await driving.press("a")
        await driving.until(lambda: "Axes" in driving.text(), "the list of axes")
        await driving.type("loss val")
        await driving.press("enter")
        await driving.until(lambda: "loss val" not in labels(tab.axes), "no axis")


async def test_brushes_narrow_the_table_and_become_a_query(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "parallel")
        await population(driving, RUNS)
        tab = driving.screen.tab
        assert tab.grid.row_count == RUNS
        tab.action_axis(len(tab.axes))
        await driving.press("v", "up", "up", "up", "up")
        tab.action_axis(-len(tab.axes))
        tab.action_axis(labels(tab.axes).index("optimiser"))
        await driving.press("v", "up")
        await driving.until(lambda: "of 11 runs" in driving.text(), "the brush")
        inside = {
            r.run.hash
            for r, kept in zip(tab.compared.records, tab.inside(), strict=True)
            if kept
        }
        assert 0 < len(inside) < RUNS
        assert tab.grid.row_count == len(inside)
        query = tab.query_text()
        assert "run.metrics[\"acc\", {'subset': 'val'}].max >= " in query
        assert 'run.hparams.optimiser in ("sgd",)' in query
        found = demo_store.default.search.index(RunSearch(query))
        assert set(found.hashes) == inside
        await driving.press("enter")
        await driving.until(lambda: hasattr(driving.screen, "query_bar"), "the runs")
        assert driving.screen.query_bar.text == query
        await driving.until(
            lambda: set(driving.screen.table.page.hashes) == inside, "the brushed runs"
        )
        # Brushes narrow the query that the plot is of.
        await driving.press("5")
        driving.screen._find("speech")
        await population(driving, 3)
        await driving.press("enter")
        await driving.until(
            lambda: (
                driving.screen.query_bar.text.startswith('(run.mentions("speech")) and ')
                if hasattr(driving.screen, "query_bar")
                else False
            ),
            "both conditions",
        )
        await driving.press("5")
        driving.screen._find("")
        await population(driving, RUNS)
        await driving.press("r")
        await driving.until(lambda: tab.grid.row_count == RUNS, "all runs")


async def test_importance_is_over_the_query_and_leads_to_scatter_and_run(
    demo_store: Store,
) -> None:
    async with driven(demo_store) as driving:
        await compare(driving, "importance")
        await population(driving, RUNS)
        tab = driving.screen.tab
        await driving.until(lambda: tab.grid.row_count, "the ranking")
        assert "what decides acc val · n = 11 runs" in driving.text()
        assert "seed" in [each.param for each in tab.ranking]
        await driving.press("m")
        await driving.until(lambda: "best value of a metric" in driving.text(), "the metrics")
        await driving.type("loss val last")
        await driving.press("enter")
        await driving.until(
            lambda: "what decides loss val last" in driving.text(), "the target"
        )
        await driving.until(lambda: tab.grid.row_count, "the ranking")
        param = tab.grid.cursor_key.removeprefix("hparams.")
        await driving.press("enter")
        await driving.until(
            lambda: f"loss val last by {param}" in driving.text(), "the scatter"
        )
        await driving.press("right", "enter")
        await driving.until(lambda: hasattr(driving.screen, "run_hash"), "the run")


async def test_plots_follow_running_runs_now_and_then(lab: Store) -> None:
    async with driven(lab) as driving:
        await compare(driving, "importance")
        await population(driving, RUNS)
        before, screen = driving.screen.population, driving.screen
        lab.default.runs.set_params(make_hash(("demo", 8)), {"late": 1})
        await driving.until(lambda: screen._population_timer is not None, "the change")
        assert driving.screen.population is before
        screen._renew_population()
        await driving.until(lambda: driving.screen.population is not before, "newer runs")
        await population(driving, RUNS)
        await driving.until(
            lambda: "late" in [each.param for each in driving.screen.tab.ranking], "the param"
        )

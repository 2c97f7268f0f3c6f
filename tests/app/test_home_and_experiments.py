"""Home and experiments: what they tell, at every size, and what can be done there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.dialogs.confirm import ConfirmDialog
from app.screens.experiment_text import table_columns
from app.screens.home_reading import HomeData, leading_summary
from app.screens.home_text import alerts_text, columns_for, health_text, rows_of
from app.sources import Statistics
from app.widgets.run_cells import CellLook
from store.models import Activity, MetricSummary, Run, RunRecord, RunStatus, SequenceKey
from store.models.alerts import Alert, AlertSheet, Finding, Severity
from tests.app.dashboard import SMALL, driven
from tests.factories import VAL, log_run, make_points

if TYPE_CHECKING:
    from store import Store


def summary_of(name: str) -> MetricSummary:
    """A metric of 50 steps that ended at a quarter."""
    return MetricSummary(
        sequence_id=1,
        run_id=1,
        name=name,
        context=VAL,
        dtype="float",
        count=50,
        non_finite_count=0,
        first=0.25,
        first_step=0,
        last=0.25,
        last_step=49,
        min=0.25,
        min_step=0,
        max=0.25,
        max_step=0,
        first_time=0.0,
        last_time=1.0,
    )


@pytest.mark.parametrize("room", [30, 60, 76, 90, 110, 150, 250])
@pytest.mark.parametrize("is_running", [True, False])
def test_tables_of_home_fit_where_they_stand(room: int, is_running: bool) -> None:
    columns = columns_for(room, is_running=is_running)
    assert columns[0].id == "name"
    if room >= 84:
        assert sum(each.width + 1 for each in columns) <= room + 1
    titles = [each.id for each in table_columns(room, None)]
    assert titles[:2] == ["name", "runs"]


def test_a_running_run_tells_how_long_it_will_take_and_how_fast_it_is() -> None:
    summary = summary_of("loss")
    run = Run(1, "a" * 32, "a run", created_at=1000.0, updated_at=1090.0)
    record = RunRecord(run, {"epochs": 100}, (summary,))
    look = CellLook(now_s=1100.0, stale_after_s=60)
    columns = columns_for(200, is_running=True)
    data = HomeData(running=(record,))
    (row,) = rows_of([record], columns, look, data, is_running=True)
    cells = dict(zip((each.id for each in columns), row.cells, strict=True))
    assert cells["left"].text == "1m 40s"
    assert cells["rate"].text == "0.490"
    assert "50%" in cells["progress"].text
    assert cells["metric"].text == "loss val 0.2500"
    stale = CellLook(now_s=1200.0, stale_after_s=60)
    (row,) = rows_of([record], columns, stale, data, is_running=True)
    cells = dict(zip((each.id for each in columns), row.cells, strict=True))
    assert (cells["left"].text, cells["heard"].pieces[0][1]) == ("", "warning")


def test_the_metric_of_a_run_is_the_pinned_one() -> None:
    record = RunRecord(Run(1, "a", "a"), {}, (summary_of("acc"), summary_of("loss")))
    usual, pinned = leading_summary(record), leading_summary(record, [SequenceKey("loss", VAL)])
    assert usual is not None
    assert pinned is not None
    assert (usual.name, pinned.name) == ("acc", "loss")
    assert leading_summary(RunRecord(Run(1, "a", "a"))) is None


def test_figures_stand_in_as_many_columns_as_fit() -> None:
    data = HomeData(activity=Activity(1, 2, 3, 4, ()), statistics=Statistics(point_count=1234))
    narrow, wide = (str(health_text(data, width)) for width in (30, 100))
    assert len(narrow.splitlines()) == 8
    assert len(wide.splitlines()) == 2
    assert "1,234" in wide
    assert str(health_text(HomeData(), 40)) == ""


def test_open_alerts_are_told() -> None:
    finding = Finding("loss nan", Severity.ERROR, "a", "a run", "loss is NaN")
    sheet = AlertSheet(alerts=(Alert(finding, 100.0),), rules=("loss nan",))
    assert str(alerts_text(sheet, 160.0, 40)) == "✖   1m a run: loss is NaN\n"
    assert "1 rules watch" in str(alerts_text(AlertSheet(rules=("loss nan",)), 0.0, 40))


async def test_home_shows_what_is_going_on_and_opens_runs(lab: Store) -> None:
    async with driven(lab, screen="home") as run:
        await run.until(lambda: run.screen._is_read, "home")
        text = run.text()
        assert "vision-09" in text or "vision" in text
        assert "loss val" in text or "acc val" in text
        assert any(block in text for block in "▂▃▄▅▆▇")
        assert "2 runs without news" in text or "running now" in text
        await run.pilot.resize_terminal(80, 24)
        await run.until(lambda: run.screen.has_class("-narrow"), "the small layout")
        assert "experiments" in run.text()
        assert "runs by day" not in run.text()
        await run.press("slash")
        await run.until(lambda: run.application.current_mode == "runs", "the runs")
        await run.until(lambda: run.screen.query_bar.input.has_focus, "the line for queries")
        await run.press("escape", "1")
        await run.until(lambda: run.application.current_mode == "home", "home again")
        await run.press("enter")
        await run.until(lambda: type(run.screen).__name__ == "RunScreen", "the run")


async def test_experiments_tell_their_best_run_and_can_be_put_away(store: Store) -> None:
    workspace = store.default
    for number, loss in enumerate((0.5, 0.25, 1.0)):
        log_run(
            workspace,
            number,
            make_points("loss", [loss], VAL),
            make_points("acc", [loss], VAL),
            name=f"run-{number}",
            experiment="tuning",
            status=RunStatus.FINISHED,
        )
    workspace.experiments.create("empty", "nothing yet")
    async with driven(store, screen="experiments", size=(180, 50)) as run:
        screen = run.screen
        await run.until(lambda: screen._detail is not None, "details")
        assert screen.metric == SequenceKey("acc", VAL)
        infos = {info.experiment.name: info for info in screen.known.values()}
        assert infos["tuning"].best.name == "run-2"
        assert infos["empty"].best is None
        assert "best acc val" in run.text()
        await run.press("m")
        await run.until(lambda: screen.metric == SequenceKey("loss", VAL), "the other metric")
        best = [each.name for each in screen._detail.best]
        await run.until(
            lambda: [each.name for each in screen._detail.best] == ["run-1", "run-0", "run-2"],
            f"the least loss first, not {best}",
        )
        assert "finished 3" in run.text()
        await run.pilot.resize_terminal(*SMALL)
        await run.until(lambda: "best by loss val" in run.text(), "details below the table")

        await run.press("a")
        await run.until(lambda: screen.grid.row_count == 1, "the experiment to go")
        await run.press("A")
        await run.until(lambda: screen.grid.row_count == 2, "archived ones as well")
        assert "(archived)" in run.text()
        await run.press("z")
        await run.until(
            lambda: not any(i.experiment.is_archived for i in screen.known.values()), "undo"
        )
        await run.press("home")
        await run.until(lambda: screen.info and screen.info.experiment.name == "tuning", "it")
        await run.press("delete")
        await run.until(lambda: isinstance(run.screen, ConfirmDialog), "the question")
        assert "3 runs stay" in run.screen._text
        await run.press("y")
        await run.until(lambda: len(screen.known) == 1, "the experiment to be deleted")
        assert workspace.runs.count() == 3


async def test_experiments_are_found_by_words(store: Store) -> None:
    store.default.experiments.create("tuning")
    store.default.experiments.create("empty", "nothing yet")
    async with driven(store, screen="experiments") as run:
        await run.until(lambda: run.screen.grid.row_count == 2, "both")
        await run.press("slash")
        await run.type("yet")
        await run.until(
            lambda: run.screen.grid.row_count == 1, "the one whose description fits"
        )
        assert run.screen.info.experiment.name == "empty"
        assert "1 of 2 experiments" in run.text()
        await run.type("zz")
        await run.until(lambda: "0 of 2 experiments" in run.text(), "no experiment to fit")
        await run.press("escape")
        assert run.screen.grid.has_focus
        await run.press("escape")
        await run.until(lambda: run.screen.grid.row_count == 2, "all experiments again")

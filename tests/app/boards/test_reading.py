"""What panels read from a store, and how it is drawn and written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from app.boards.board import Board, Panel, Place
from app.boards.bookmarks import bookmark_of
from app.boards.contents import (
    ChartContent,
    CounterContent,
    EmptyContent,
    MediaPanelContent,
    PanelLook,
    ParallelContent,
    ScatterContent,
    TableContent,
    run_hashes_of,
)
from app.boards.digits import large
from app.boards.drawing import draw_content
from app.boards.export import board_text, report_text
from app.boards.kinds import PanelKind, Suggest
from app.boards.metric_names import MetricName, split_names
from app.boards.names import names_of
from app.boards.reading import read_panel
from app.boards.saving import Saver
from app.boards.starter import starter_board
from app.charts.palette import DARK
from app.charts.picture import Size
from app.sources.local import LocalSource
from store.errors import QueryError
from store.models import ExploreApp, Report, SavedDashboard, SequenceKind
from tests.factories import DEMO_NOW, VAL, log_run, make_hash

if TYPE_CHECKING:
    from store import Store

LOOK = PanelLook(now_s=DEMO_NOW)
SIZES = [Size(100, 20), Size(40, 8), Size(12, 3), Size(1, 1)]


@pytest.fixture
def source(demo_store: Store) -> Iterator[LocalSource]:
    return LocalSource(demo_store)


def panel(kind: PanelKind, query: str = "", **settings: Any) -> Panel:
    return Panel("1", kind, "", query, settings, Place(0, 0, 6, 4))


def read(source: LocalSource, kind: PanelKind, query: str = "", **settings: Any) -> Any:
    return read_panel(source, panel(kind, query, **settings), LOOK)


def test_a_chart_shows_the_metric_in_its_context(source: LocalSource) -> None:
    content = read(source, PanelKind.CHART, metric="loss {subset=val}", limit=4)
    assert isinstance(content, ChartContent)
    assert {curve.metric.context for curve in content.curves} == {VAL}
    assert len(content.curves) == 4
    assert all(curve.key in content.points.series for curve in content.curves)


def test_a_chart_of_several_metrics_keeps_to_its_query(source: LocalSource) -> None:
    content = read(source, PanelKind.CHART, "vision", metric="loss {subset=train}, acc")
    assert {curve.metric.name for curve in content.curves} == {"loss", "acc"}
    assert {curve.record.run.experiment for curve in content.curves} == {"vision"}


def test_a_leaderboard_has_the_best_first(source: LocalSource) -> None:
    content = read(source, PanelKind.LEADERBOARD, metric="acc {subset=val}", top=3)
    assert isinstance(content, TableContent)
    values = [float(cells[2].text) for _, cells in content.rows]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3
    low = read(source, PanelKind.LEADERBOARD, metric="acc {subset=val}", direction="lowest")
    assert float(low.rows[0][1][2].text) <= min(values)


def test_runs_have_the_columns_and_the_order_asked_for(source: LocalSource) -> None:
    content = read(
        source, PanelKind.RUNS, columns="name, lr, metrics.loss", sort="name", limit=3
    )
    assert [column.id for column in content.columns] == [
        "name",
        "params.hparams.lr",
        "metrics.loss",
    ]
    names = [cells[0].text.split(" ", 1)[1] for _, cells in content.rows]
    assert names == sorted(names)
    assert (len(content.rows), content.total) == (3, 11)


def test_scatter_and_parallel_find_fields_by_short_names(source: LocalSource) -> None:
    content = read(source, PanelKind.SCATTER, x="lr", y="metrics.acc {subset=val}")
    assert isinstance(content, ScatterContent)
    assert content.x.scale.is_log
    assert len(content.run_hashes) == 11
    lines = read(source, PanelKind.PARALLEL, fields="lr, optimiser", metric="acc {subset=val}")
    assert isinstance(lines, ParallelContent)
    assert [axis.name for axis in lines.axes] == ["lr", "optimiser", "acc val"]


def test_counters_count(source: LocalSource) -> None:
    def value(query: str = "", **settings: Any) -> str:
        return str(read(source, PanelKind.COUNTER, query, **settings).value)

    assert value() == "11"
    assert value("vision") == "4"
    assert value(count="running") == "2"
    assert value(count="failed") == "1"
    assert value(count="experiments") == "3"
    best = read(source, PanelKind.COUNTER, count="metric", metric="acc {subset=val}")
    assert isinstance(best, CounterContent)
    assert best.run_hash


def test_media_are_the_latest_of_the_newest_run(source: LocalSource) -> None:
    content = read(source, PanelKind.MEDIA, objects="texts")
    assert isinstance(content, MediaPanelContent)
    assert content.parts[0].media.steps[-1].step == 100
    assert isinstance(read(source, PanelKind.MEDIA, objects="texts", name="none"), EmptyContent)


def test_what_is_not_set_is_asked_for(source: LocalSource) -> None:
    for kind in (PanelKind.LEADERBOARD, PanelKind.SCATTER, PanelKind.NOTE):
        assert isinstance(read(source, kind), EmptyContent)
    assert isinstance(read(source, PanelKind.COUNTER, count="metric"), EmptyContent)
    for kind in (PanelKind.CHART, PanelKind.RUNS, PanelKind.PARALLEL):
        assert isinstance(read(source, kind, 'run.name == "none"'), EmptyContent)
    assert isinstance(read(source, PanelKind.LEADERBOARD, metric="none"), EmptyContent)


def test_a_broken_query_is_an_error(source: LocalSource) -> None:
    with pytest.raises(QueryError):
        read(source, PanelKind.RUNS, "run.name ==")


def starter(source: LocalSource) -> Board:
    records = source.get_records(source.find_runs().hashes)
    return starter_board(records, [SequenceKind.IMAGES])


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_everything_can_be_drawn_at_any_size(source: LocalSource, size: Size) -> None:
    board = starter(source)
    assert len({each.kind for each in board.panels}) == len(PanelKind)
    for each in board.panels:
        content = read_panel(source, each, LOOK)
        picture = draw_content(content, size, DARK, LOOK)
        assert picture.size == size
        assert isinstance(run_hashes_of(content), tuple)


def test_an_empty_store_has_a_board_too(store: Store) -> None:
    board = starter_board([])
    for each in board.panels:
        content = read_panel(LocalSource(store), each, LOOK)
        assert draw_content(content, Size(60, 10), DARK, LOOK).text()


def test_pages_hold_everything(source: LocalSource) -> None:
    saved = SavedDashboard("1", "a <b>", "about", "2", "runfolio-board", 0.0, 0.0)
    page = board_text(source, saved, starter(source), LOOK, "html")
    assert page.startswith("<!doctype html>")
    assert "a &lt;b&gt;" in page
    assert page.count("<svg") >= 6
    assert "<table>" in page
    assert "http" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    text = board_text(source, saved, starter(source), LOOK, "md")
    assert "```text" in text
    assert "| # | run |" in text


def test_names_have_the_room_of_their_column(store: Store) -> None:
    name, experiment = "a-name-of-31-characters-is-here", "eighteen-letters-x"
    log_run(store.default, name=name, experiment=experiment)
    content = read(LocalSource(store), PanelKind.RUNS, columns="name, experiment")
    [(_, cells)] = content.rows
    assert cells[0].text.endswith(name)
    assert cells[1].text == experiment


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_pages_hold_whole_names(store: Store, suffix: str) -> None:
    name, experiment = "a-name-that-" + "goes-on-" * 20 + "and-ends", "study-" * 20 + "end"
    log_run(store.default, name=name, experiment=experiment, metrics={"loss": (2.0, 1.0)})
    code = "".join(
        f"```panel\nkind: {kind}\n```\n\n"
        for kind in ("leaderboard\nmetric: loss", "runs\ncolumns: name, experiment")
    )
    report = Report("1", "T", code, "", 0.0, 0.0)
    page = report_text(LocalSource(store), report, LOOK, suffix)
    assert page.count(name) == 2
    assert page.count(experiment) == 1


def test_a_report_keeps_html_as_text_and_tells_errors(source: LocalSource) -> None:
    code = "# T\n\n<script>x</script>\n\n```panel\nkind: runs\nquery: run.name ==\n```\n"
    report = Report("1", "T", code, "", 0.0, 0.0)
    page = report_text(source, report, LOOK, "html")
    assert "<script>" not in page
    assert page.count("<h1>") == 1
    assert 'class="nothing"' in page
    assert report_text(source, report, LOOK, "source.md") == code
    assert report_text(source, report, LOOK, "md").startswith("# T")


@pytest.mark.parametrize("text", ["loss", "loss {subset=val}", "a b {k=1, s=x y}", 'l {k="1"}'])
def test_metrics_are_written_as_they_are_read(text: str) -> None:
    assert str(MetricName.parse(text)) == text


def test_titles_name_contexts_as_charts_do() -> None:
    def caption(kind: PanelKind, **settings: Any) -> str:
        return Panel("1", kind, settings=settings).caption

    assert caption(PanelKind.CHART, metric="loss {subset=val}, acc") == "loss val, acc"
    assert caption(PanelKind.LEADERBOARD, metric="acc {subset=val}") == "best acc val"
    scatter = caption(PanelKind.SCATTER, x="params.lr", y="metrics.acc {subset=val}")
    assert scatter == "acc val by lr"
    assert caption(PanelKind.CHART, metric="a {b}") == "a {b}"


def test_names_with_odd_braces_are_names() -> None:
    assert MetricName.parse("a {b}") == MetricName("a {b}")
    assert split_names("loss {a=1, b=2}, acc ,") == ("loss {a=1, b=2}", "acc")


def test_suggestions_name_contexts_where_there_are_several(source: LocalSource) -> None:
    names = names_of(source.params_overview())
    assert "loss {subset=val}" in names[Suggest.METRIC]
    assert "params.hparams.lr" in names[Suggest.FIELD]
    assert "mistakes" in names[Suggest.OBJECT]


def test_bookmarks_of_the_web_ui_become_queries() -> None:
    def opened(app_type: str, select: Any) -> tuple[str, str]:
        found = bookmark_of(ExploreApp("1", app_type, {"select": select}, 0.0, 0.0))
        return found.place, found.query

    option = {"value": {"option_name": "loss", "context": {"subset": "val"}}}
    chosen = {"options": [option], "query": "run.hparams.lr > 0"}
    query = '((metric.name == "loss" and metric.context["subset"] == "val")) and (run.hparams.lr > 0)'
    assert opened("metrics", chosen) == ("metrics", query)
    advanced = {"advancedMode": True, "advancedQuery": "metric.last < 1"}
    assert opened("metrics", advanced) == ("metrics", "metric.last < 1")
    assert opened("params", {"query": "run.active"}) == ("runs", "run.active")
    assert opened("runs", None) == ("runs", "")
    assert opened("something", {}) == ("", "")
    assert bookmark_of(None).place == ""


def test_the_web_uis_query_is_one_of_ours(source: LocalSource) -> None:
    option = {"value": {"option_name": "loss", "context": {"subset": "val"}}}
    app = ExploreApp("1", "metrics", {"select": {"options": [option], "query": ""}}, 0.0, 0.0)
    hits = source.find_metrics(bookmark_of(app).query, limit=1)
    assert hits[0].record.run.hash == make_hash(("demo", 11))


def test_an_older_state_does_not_overwrite_a_newer_one() -> None:
    written: list[str] = []
    saver = Saver("1", written.append)
    first, second = saver.ticket(), saver.ticket()
    saver.write("new", second)
    saver.write("old", first)
    assert written == ["new"]
    change = saver.change("x", "new", "newer")
    change.do()
    change.undo()
    assert written == ["new", "newer", "new"]


def test_large_digits() -> None:
    lines = large("12.5e-3")
    assert lines is not None
    assert len({len(line) for line in lines}) == 1
    assert large("nan") is None

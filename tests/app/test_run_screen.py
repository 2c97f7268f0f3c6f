"""One run in tabs."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

from app.messages import OpenRun
from app.panels.explorer import MetricExplorer
from app.panels.run_tabs.base import RunTab
from app.screens.run import TABS
from app.traces.log_moments import Moment, moment_at, moment_in, row_at_step, step_in, step_of
from app.traces.log_text import LogRow, filtered, visible_text, without_codes
from app.traces.params import param_rows
from app.widgets.log_view import LogView
from app.widgets.simple_grid import SimpleGrid
from store.models import SequenceKind, Series
from store.models.context import Context
from store.models.operations import LogObjects
from tests.app.dashboard import SMALL, Driven, driven
from tests.factories import START, log_run, make_hash

if TYPE_CHECKING:
    from store import Store
    from store.workspace import Workspace

FIRST = make_hash(("demo", 0))


async def open_run(driving: Driven, run_hash: str = FIRST, tab: str = "") -> None:
    siblings = tuple(make_hash(("demo", number)) for number in range(3))
    driving.application.post_message(OpenRun(run_hash, siblings, tab))
    await driving.until(lambda: getattr(driving.screen, "record", None), "the run")
    await driving.settle()


@pytest.mark.parametrize("size", [(200, 60), SMALL])
async def test_every_tab_opens(demo_store: Store, size: tuple[int, int]) -> None:
    async with driven(demo_store, size=size) as driving:
        await open_run(driving)
        for tab in TABS:
            driving.screen.action_show_tab(tab)
            await driving.settle()
            assert driving.screen.tab.id == f"{tab}-tab"
            assert "vision-00" in driving.text()
            assert TABS[tab][0] in driving.text().splitlines()[2]


async def test_params_are_a_tree_that_can_be_searched(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving)
        assert "batch_size" in driving.text()
        await driving.press("slash", *"optim")
        assert "optimiser" in driving.text()
        assert "batch_size" not in driving.text()
        await driving.press("escape")
        assert "batch_size" in driving.text()


async def test_keys_go_through_the_tabs(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving)
        await driving.press("greater_than_sign")
        assert driving.screen.tab.id == "metrics-tab"
        await driving.press("less_than_sign", "less_than_sign")
        assert driving.screen.tab.id == "timeline-tab"


async def test_the_next_run_of_the_list_keeps_the_tab(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving, tab="logs")
        await driving.press("N")
        await driving.until(lambda: "speech-01" in driving.text(), "the next run")
        assert driving.screen.tab.id == "logs-tab"


async def test_metrics_of_the_run_are_drawn(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving, tab="metrics")
        explorer = driving.screen.query_one(MetricExplorer)
        names = [content.name for content in explorer.grid.contents]
        assert names == ["acc", "loss"]
        assert "O open run" not in driving.text()
        traces = explorer.charts["loss"].traces
        assert [trace.label for trace in traces if not trace.is_faint] == [
            "vision-00 · train",
            "vision-00 · val",
        ]


async def test_the_log_has_colours_search_and_levels(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving, tab="logs")
        view = driving.screen.query_one(LogView)
        assert len(view.rows) == 32
        assert view.cursor_row == 31
        await driving.press("v", "v", "v")
        assert [row.level for row in view.rows] == [30]
        await driving.press("v", "v", "v")
        await driving.press("slash", *"epoch 1", "enter")
        assert len(view.rows) == 32
        assert "match 1 of 11" in driving.text()
        await driving.press("n")
        assert without_codes(view.current.text).startswith("epoch 10")
        await driving.press("N", "ampersand")
        assert without_codes(view.current.text).startswith("epoch 1:")
        assert len(view.rows) == 11
        await driving.press("escape")
        assert len(view.rows) == 32


async def test_a_log_line_leads_to_the_chart(store: Store, workspace: Workspace) -> None:
    from store.models.operations import LogLines

    lines = LogLines([(0, "begin"), (1, "step=3 loss 0.5")])
    run = log_run(workspace, 1, lines, name="linked", metrics={"loss": [1, 2, 3, 4, 5]})
    async with driven(store) as driving:
        await open_run(driving, run, tab="logs")
        await driving.press("L")
        assert driving.screen.tab.id == "metrics-tab"
        await driving.until(
            lambda: (
                [
                    each.pointer_x
                    for each in driving.screen.query_one(MetricExplorer).grid.charts
                ]
                == [3.0]
            ),
            "the crosshair",
        )


async def test_the_chart_leads_to_the_log(store: Store, workspace: Workspace) -> None:
    from store.models.operations import LogLines

    lines = LogLines([(number, f"step={number // 2} word") for number in range(400)])
    run = log_run(workspace, 1, lines, name="linked", metrics={"loss": [1.0] * 200})
    async with driven(store) as driving:
        await open_run(driving, run, tab="metrics")
        explorer = driving.screen.query_one(MetricExplorer)
        await driving.until(lambda: explorer.grid.charts[0].content.traces, "the curve")
        await driving.press("w")
        assert "crosshair first" in driving.text()
        explorer.point_at(120.0)
        chart = explorer.grid.charts[0]
        await driving.until(lambda: chart.pointer_x == 120.0, "the crosshair")
        await driving.press("w")
        view = driving.screen.query_one(LogView)
        await driving.until(lambda: view.current and view.current.number == 240, "the line")
        assert driving.screen.tab.id == "logs-tab"
        await driving.until(lambda: "step=120 word" in driving.text(), "the line in sight")


async def test_an_event_leads_to_the_chart(store: Store, workspace: Workspace) -> None:
    run = log_run(workspace, 1, name="timed", metrics={"loss": [5, 4, 3, 2, 1]})
    async with driven(store) as driving:
        await open_run(driving, run, tab="timeline")
        events = driving.screen.tab.events
        await driving.until(lambda: events.row_count >= 3, "the events")
        events.cursor_row = events.row_count - 1
        await driving.press("enter")
        assert driving.screen.tab.id == "metrics-tab"
        explorer = driving.screen.query_one(MetricExplorer)
        await driving.until(
            lambda: [each.pointer_x for each in explorer.grid.charts] == [4.0], "the crosshair"
        )


async def test_measurements_of_the_machine_stand_apart(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving, tab="system")
        explorer = driving.screen.tab.explorer
        await driving.until(lambda: explorer.grid.contents, "the charts")
        assert [content.name for content in explorer.grid.contents] == ["cpu"]


async def test_machine_and_code_are_told_if_they_are_known(
    store: Store, workspace: Workspace
) -> None:
    system = {
        "executable": "/usr/bin/python3",
        "arguments": ["train.py", "--fast"],
        "packages": {"torch": "2.9"},
        "git_info": {"branch": "main", "commit": {"hash": "abc123"}},
    }
    known = log_run(workspace, 1, name="known", params={"__system_params": system, "lr": 1})
    unknown = log_run(workspace, 2, name="unknown", params={"lr": 1})
    async with driven(store) as driving:
        await open_run(driving, known)
        await driving.until(lambda: "packages (1)" in driving.text(), "the packages")
        for words in ("branch           main", "abc123", "train.py --fast", "torch"):
            assert words in driving.text()
        assert "remote" not in driving.text()
        await driving.press("escape")
        await open_run(driving, unknown)
        await driving.until(lambda: "unknown" in driving.text(), "the other run")
        assert "environment" not in driving.text()


async def test_media_are_shown_step_by_step(demo_store: Store) -> None:
    async with driven(demo_store) as driving:
        await open_run(driving, tab="media")
        grid = driving.screen.query_one("#media-list", SimpleGrid)
        assert grid.row_count == 3
        assert "confusion" in driving.text()
        await driving.press("down")
        assert "step 100" in driving.text()
        await driving.press("left")
        assert "step 50" in driving.text()


async def test_texts_are_shown_against_the_step_before(
    store: Store, workspace: Workspace
) -> None:
    run = log_run(workspace, 1, name="written")
    for step, text in enumerate(("the cat sat", "the dog sat")):
        item = {"type": "text", "data": text}
        objects = LogObjects(SequenceKind.TEXTS, "story", Context(), step, 0.0, START, [item])
        workspace.ingest.submit(run, [objects]).result()
    async with driven(store) as driving:
        await open_run(driving, run, tab="media")
        await driving.until(lambda: "the dog sat" in driving.text(), "the text")
        await driving.press("d")
        await driving.until(lambda: "the catdog sat" in driving.text(), "the changes")
        assert "changes since step 0" in driving.text()
        await driving.press("d")
        assert "the dog sat" in driving.text()


async def test_images_are_drawn_as_half_blocks(store: Store, workspace: Workspace) -> None:
    import io

    from PIL import Image

    run = log_run(workspace, 1, name="painted")
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 30)).save(out, format="PNG")
    path = "seq/images/x/0.png"
    with workspace.artifacts.put(run, path, "image/png") as writer:
        writer.write(out.getvalue())
    item = {"type": "image", "caption": "red", "format": "png", "s3_key": f"{run}/{path}"}
    objects = LogObjects(SequenceKind.IMAGES, "x", Context(), 0, 0.0, START, [item])
    workspace.ingest.submit(run, [objects]).result()
    async with driven(store) as driving:
        await open_run(driving, run, tab="media")
        await driving.until(lambda: "▀" in driving.text(), "the image")
        assert "red" in driving.text()


async def test_artifacts_are_previewed_and_saved(
    store: Store, workspace: Workspace, tmp_path: Path
) -> None:
    run = log_run(workspace, 1, name="files")
    table = tmp_path / "t.parquet"
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY (SELECT 7 AS seven, 'x' AS name) TO '{table}'")
    for path, data in (
        ("a/table.csv", b"x,y\n1,2\n"),
        ("a/t.parquet", table.read_bytes()),
        ("b.json", b'{"k":1}'),
    ):
        with workspace.artifacts.put(run, path, "text/plain") as writer:
            writer.write(data)
    async with driven(store) as driving:
        await open_run(driving, run, tab="artifacts")
        await driving.until(lambda: "seven   integer" in driving.text(), "the schema")
        await driving.press("down")
        await driving.until(lambda: "1  2" in driving.text(), "the table")
        await driving.press("enter")
        assert driving.screen.focused.id == "file-scroll"
        await driving.press("escape", "up", "up", "enter")
        await driving.until(lambda: "table.csv" not in driving.text(), "a folded folder")
        assert "2 files" in driving.text()
        await driving.press("s")
        driving.screen.query_one("Input").value = str(tmp_path / "a.zip")
        await driving.press("enter")
        await driving.until((tmp_path / "a.zip").exists, "the folder as a file")
        assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["a/t.parquet", "a/table.csv"]
        tab = driving.screen.tab
        tab._save([tab._all[-1]], str(tmp_path / "b.json"))
        await driving.until((tmp_path / "b.json").exists, "the file")


async def test_notes_are_read_and_written(store: Store, workspace: Workspace) -> None:
    run = log_run(workspace, 1, name="noted")
    workspace.notes.create("First **thought**", run_hash=run)
    async with driven(store) as driving:
        await open_run(driving, run, tab="notes")
        await driving.until(lambda: "First thought" in driving.text(), "the note")
        await driving.press("n")
        await driving.press(*"second", "ctrl+s")
        await driving.until(lambda: len(workspace.notes.find(run_hash=run)) == 2, "the note")


async def test_a_run_without_anything_shows_empty_tabs(
    store: Store, workspace: Workspace
) -> None:
    run = log_run(workspace, 1)
    async with driven(store) as driving:
        await open_run(driving, run)
        for _ in TABS:
            await driving.press("greater_than_sign")
        assert len(driving.screen.query(RunTab)) == len(TABS)


def test_params_keep_their_order_and_fold() -> None:
    params = {"hparams": {"b": 1, "a": {"x.y": 2}}, "__system_params": {"env": 1}, "seed": 3}
    rows = param_rows(params)
    assert [row.path for row in rows] == [
        "hparams",
        "hparams.b",
        "hparams.a",
        "hparams.a.x.y",
        "seed",
    ]
    assert [row.depth for row in rows] == [0, 1, 1, 2, 0]
    assert [row.path for row in param_rows(params, {"hparams"})] == ["hparams", "seed"]
    assert [row.path for row in param_rows(params, {"hparams"}, "x.y")] == [
        "hparams",
        "hparams.a",
        "hparams.a.x.y",
    ]


def test_lines_tell_when_they_were_written() -> None:
    steps = np.arange(0, 100, 10)
    series = Series(steps, steps * 1.0, steps // 20 * 1.0, START + steps)
    rows = [
        LogRow(0, "begin"),
        LogRow(1, "\x1b[1mglobal_step: 1,200\x1b[0m"),
        LogRow(2, "epoch   2/5 loss 0.5"),
        LogRow(3, "saved"),
        LogRow(0, "12:00 WARNING hot", 30, START + 41),
    ]
    assert [step_of(m, series) if (m := moment_in(row)) else None for row in rows] == [
        None,
        1200,
        30,
        None,
        40,
    ]
    assert step_of(Moment(epoch=2), series) == 50
    near = moment_at(rows, 3)
    assert near is not None
    assert near.epoch == 2
    assert row_at_step(rows, 39, series) == 4
    assert row_at_step(rows, 5000, series) == 1
    assert row_at_step(rows[:1], 3, series) is None
    assert moment_at([], 0) is None


def test_log_lines_are_what_a_terminal_leaves() -> None:
    assert visible_text("10%\r20%\r30%\n") == "30%"
    assert without_codes("\x1b[31mred\x1b[0m") == "red"
    assert step_in("global_step: 1,200 loss") == 1200
    assert step_in("nothing here") is None
    rows = [LogRow(0, "a", 10), LogRow(1, "b", 40), LogRow(2, "Bb")]
    assert [row.number for row in filtered(rows, "b", 20)] == [1, 2]

"""The runs table under real keys: moving, marking, sorting, filtering, changing, undoing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.settings.config import Config
from app.settings.state import StateFile
from store.models import RunStatus
from tests.app.dashboard import SMALL, Driven, driven
from tests.factories import TRAIN, VAL, log_run, make_hash, make_points

if TYPE_CHECKING:
    from app.widgets.run_table import RunTable
    from store import Store


def table_of(run: Driven) -> RunTable:
    table: RunTable = run.screen.table
    return table


def names(run: Driven) -> list[str]:
    page = table_of(run).page
    return [record.run.name for record in page.known(page.hashes)]


async def test_runs_are_listed_moved_over_and_filtered(lab: Store) -> None:
    async with driven(lab) as run:
        table = table_of(run)
        assert len(table.page) == 11
        assert names(run)[0] == "été 🌻-11"
        assert "été 🌻-11" in run.text()

        await run.press("down", "j", "down", "k", "right", "l", "left")
        assert (table.cursor_row, table.cursor_column) == (2, 1)
        await run.press("end")
        assert table.cursor_row == 10
        await run.press("home")
        assert table.cursor_row == 0

        run.screen.load_runs("run.hparams.lr <")
        await run.until(lambda: run.screen.query_one(".problem").display, "the explanation")
        assert len(table.page) == 11

        await run.press("slash")
        await run.type("vision")
        await run.press("enter")
        await run.until(lambda: run.screen.query_text == "vision", "the answer")
        assert {name.split("-")[0] for name in names(run)} == {"vision"}
        assert "vision" in run.application.view_state.query_history
        await run.press("escape")
        await run.until(lambda: len(table.page) == 11, "all runs again")

        columns = [column.id for column in table.run_columns]
        table.cursor_column = columns.index("params.hparams.optimiser")
        await run.press("f")
        await run.until(lambda: len(table.page) < 11, "runs of one optimiser")
        assert run.screen.query_text.startswith("run.hparams.optimiser ==")
        assert len(table.page)


async def test_sorting_goes_one_way_then_the_other_then_off(lab: Store) -> None:
    async with driven(lab) as run:
        before = list(table_of(run).page.hashes)
        await run.press("s")
        assert names(run) == sorted(names(run))
        await run.press("s")
        assert names(run) == sorted(names(run), reverse=True)
        await run.press("s")
        assert list(table_of(run).page.hashes) == before


async def test_marks_and_the_preview_survive_a_restart(lab: Store, tmp_path: Path) -> None:
    state_file = StateFile(tmp_path / "state.json")
    async with driven(lab, state_file=state_file, size=(180, 40)) as run:
        table = table_of(run)
        assert run.screen.has_class("-preview"), "there is room for it"
        await run.press("space", "space", "o")
        assert len(table.marked) == 2
        await run.press("shift+down", "shift+up")
        await run.press("asterisk")
        assert len(table.marked) == 11
        await run.press("u")
        assert not table.marked
        await run.press("home", "space", "space")
    async with driven(
        lab, state_file=StateFile(tmp_path / "state.json"), size=(130, 40)
    ) as run:
        assert len(table_of(run).marked) == 2
        assert not run.screen.has_class("-preview")
        await run.press("o")
        await run.until(lambda: run.screen.has_class("-preview"), "the preview")
    async with driven(lab, size=(130, 40)) as run:
        assert not run.screen.has_class("-preview"), "too narrow unless somebody chose"


async def test_archiving_is_undone_and_done_again(lab: Store) -> None:
    async with driven(lab) as run:
        first = table_of(run).cursor_hash
        assert first
        await run.press("a")
        await run.until(lambda: len(table_of(run).page) == 10, "the run to go")
        assert lab.default.runs.get(first).is_archived
        await run.press("z")
        await run.until(lambda: len(table_of(run).page) == 11, "the run to come back")
        assert not lab.default.runs.get(first).is_archived
        await run.press("Z")
        await run.until(lambda: len(table_of(run).page) == 10, "the run to go again")


async def test_a_run_is_renamed_and_tagged_and_both_come_back(lab: Store) -> None:
    runs = lab.default.runs

    def golden() -> int:
        return sum("golden" in {tag.name for tag in each.tags} for each in runs.find())

    async with driven(lab) as run:
        here = table_of(run).cursor_hash or ""
        old = runs.get(here).name
        await run.press("r")
        await run.until(lambda: run.screen.query("Input"), "the dialog")
        run.screen.query_one("Input").value = "champion"
        await run.press("enter")
        await run.until(lambda: runs.get(here).name == "champion", "the new name")
        await run.press("z")
        await run.until(lambda: runs.get(here).name == old, "the old name")

        await run.press("space", "space", "t")
        await run.until(lambda: run.screen.query("TagPicker Input"), "the picker")
        await run.type("golden")
        await run.press("enter")
        await run.until(lambda: golden() == 2, "two tagged runs")
        await run.press("z")
        await run.until(lambda: golden() == 0, "the tag to go")


async def test_metrics_are_sorted_by_their_own_context_and_shown_value(store: Store) -> None:
    values = {"a": ([0.9, 0.1], [0.1, 0.5]), "b": ([0.2, 0.2], [0.6, 0.4]), "c": ([0.3], [0.7])}
    for name, (train, val) in values.items():
        log_run(
            store.default,
            name,
            make_points("acc", train, TRAIN),
            make_points("acc", val, VAL),
            name=name,
        )
    async with driven(store) as run:
        columns = [column.id for column in table_of(run).run_columns]
        table_of(run).cursor_column = columns.index('metrics.acc|{"subset":"val"}')
        await run.press("s")
        assert names(run) == ["c", "a", "b"]
        assert run.text().count(" ↓") == 1
        table_of(run).cursor_column = columns.index('metrics.acc|{"subset":"train"}')
        await run.press("s")
        assert names(run) == ["c", "b", "a"]
        await run.press("v", "v")
        assert table_of(run).look.metric_value == "max"
        assert names(run) == ["a", "c", "b"]


async def test_a_new_run_appears_and_the_cursor_stays_on_its_run(lab: Store) -> None:
    async with driven(lab) as run:
        await run.press("down", "down")
        here = table_of(run).cursor_hash
        log_run(
            lab.default, "fresh", name="fresh", metrics={"loss": [1.0, 0.5]}, started_at=2e9
        )
        await run.until(lambda: len(table_of(run).page) == 12, "the new run")
        assert table_of(run).cursor_hash == here
        assert table_of(run).cursor_row == 3


async def test_values_of_a_running_run_change_in_place(lab: Store) -> None:
    async with driven(lab) as run:
        running = make_hash(("demo", 11))
        table = table_of(run)
        before = table.page.record(running)
        assert before
        lab.default.runs.update(running, name="elsewhere")
        await run.until(
            lambda: (table.page.record(running) or before).run.name == "elsewhere",
            "the new name",
        )
        assert "elsewhere" in run.text()


async def test_an_empty_store_says_what_to_do(store: Store) -> None:
    async with driven(store, size=SMALL) as run:
        assert "There are no runs yet." in run.text()
        await run.press("down", "enter", "space", "s", "g", "v", "a", "t", "x", "escape")
        assert run.application.is_running


async def test_a_run_that_ends_shows_it(lab: Store) -> None:
    async with driven(lab) as run:
        running = make_hash(("demo", 9))
        lab.default.runs.finish([running])
        table = table_of(run)

        def status() -> RunStatus | None:
            record = table.page.record(running)
            return record.run.status if record else None

        await run.until(lambda: status() is RunStatus.FINISHED, "the run to end")


async def test_keys_are_remapped_by_id(lab: Store) -> None:
    config = Config(start_screen="runs", keys={"runs.archive": "ctrl+x"})
    async with driven(lab, config=config) as run:
        await run.press("a")
        assert len(table_of(run).page) == 11
        await run.press("ctrl+x")
        await run.until(lambda: len(table_of(run).page) == 10, "the run to be archived")


async def test_a_pinned_metric_shows_its_best_runs_on_home(lab: Store) -> None:
    async with driven(lab) as run:
        columns = [column.id for column in table_of(run).run_columns]
        run.screen.table.cursor_column = columns.index('metrics.acc|{"subset":"val"}')
        await run.press("P", "1")
        await run.until(
            lambda: "acc val\n" in str(run.screen.query_one("#pins").content), "pins"
        )
        assert lab.default.projects.pinned()[0].name == "acc"
        await run.press("3", "P")
        await run.until(lambda: not lab.default.projects.pinned(), "the pin to go")


async def test_what_a_page_key_brings_is_there_before(store: Store) -> None:
    for number in range(60):
        log_run(store.default, number, metrics={"loss": [1.0, 0.5, 0.25]})
    async with driven(store, size=SMALL) as run:
        table = table_of(run)
        (loss,) = [each for each in table.run_columns if each.key == "loss"]
        for _ in range(3):
            ahead = table.hashes_ahead()
            assert len(ahead) > len(table.hashes_in_sight())
            assert not table.page.missing(ahead)
            assert all(table._curves.text(each, loss.id) for each in ahead)
            await run.press("pagedown")


async def test_the_cursor_column_stays_in_sight_beside_the_preview(lab: Store) -> None:
    async with driven(lab, size=(120, 30)) as run:
        await run.until(lambda: run.screen.is_ready, "the table")
        table = run.screen.table
        if run.screen.has_class("-preview"):
            await run.press("o")

        def span() -> tuple[int, int]:
            return table.layout_of_columns.span(table.cursor_column, table.scroll_offset.x)

        while table.cursor_column < len(table.columns) - 1:
            await run.press("right")
            if span()[1] > table.size.width - 20:
                break
        wide = table.size.width
        assert span()[1] <= wide
        await run.press("o")
        assert table.size.width < wide, "the preview takes room"
        assert span()[1] <= table.size.width
        await run.pilot.resize_terminal(60, 30)
        await run.settle()
        assert span()[0] < span()[1] <= table.size.width, "a smaller window does, too"

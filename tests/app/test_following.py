"""Following a store while others write to it: nothing that changed is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.models import RunStatus
from tests.app.dashboard import Driven, driven
from tests.factories import log_run, make_hash, make_points

if TYPE_CHECKING:
    from store import Store

RUN_COUNT = 6


def statuses(run: Driven) -> set[RunStatus]:
    page = run.screen.table.page
    return {record.run.status for record in page.known(page.hashes)}


async def test_every_change_of_a_burst_is_shown(store: Store) -> None:
    hashes = [log_run(store.default, key, metrics={"loss": [1.0]}) for key in range(RUN_COUNT)]
    async with driven(store) as run:
        for _ in range(5):
            for each in hashes:
                store.default.ingest.submit(each, [make_points("loss", [0.5])]).result()
        for each in hashes:
            store.default.runs.update(each, status=RunStatus.FINISHED)
        # A change of the store that is about no run, such as a sealed segment.
        run.screen.source_changed(frozenset())
        await run.until(
            lambda: statuses(run) == {RunStatus.FINISHED}, "all runs to be finished"
        )
        assert "✔" in run.text()


async def test_a_change_that_comes_while_reading_is_read_afterwards(store: Store) -> None:
    run_hash = log_run(store.default, 1, name="before")
    async with driven(store) as run:
        run.screen.load_runs()
        run.screen.source_changed(frozenset({run_hash}))
        assert run.screen._is_outdated, "it waits for the runs that are being read"
        await run.until(lambda: not run.screen._is_outdated, "the change to be read")


async def test_metrics_that_a_run_begins_to_log_get_columns(store: Store) -> None:
    log_run(store.default, 1, name="early")
    async with driven(store) as run:
        assert not any(c.id.startswith("metrics.") for c in run.screen.table.run_columns)
        store.default.ingest.submit(make_hash(1), [make_points("loss", [0.5, 0.25])]).result()
        await run.until(
            lambda: "metrics.loss" in [c.id for c in run.screen.table.run_columns],
            "the column of the metric",
        )
        assert run.screen.table.run_column.id == "name"
        assert "0.2500" in run.text()

"""A source that only reads, and the dashboard over one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from app.settings.config import Config
from app.sources import Feature, FeatureMissingError, Source
from app.sources.local import LocalSource
from app.sources.read_only import ReadOnlySource
from tests.app.dashboard import driven

if TYPE_CHECKING:
    from store import Store


def test_reading_goes_through_and_changes_are_refused(lab: Store) -> None:
    near = LocalSource(lab)
    source = cast("Source", ReadOnlySource(near))
    assert source.find_runs() == near.find_runs()
    assert Feature.WRITE not in source.features
    assert Feature.STATISTICS in source.features
    run = source.find_runs().hashes[0]
    for change in (
        lambda: source.delete_runs([run]),
        lambda: source.trash_runs([run]),
        lambda: source.update_run(run, name="other"),
        lambda: source.create_note("a note", run_hash=run),
        lambda: source.set_setting("a", [1]),
    ):
        with pytest.raises(FeatureMissingError, match="read_only is on"):
            change()
    assert near.get_record(run).run.name != "other"


async def test_no_key_changes_anything_in_a_dashboard_that_only_reads(lab: Store) -> None:
    def everything() -> list[object]:
        runs, experiments = lab.default.runs, lab.default.experiments
        return [runs.find(), experiments.find(), lab.default.notes.find()]

    before = everything()
    async with driven(lab, config=Config(start_screen="runs", read_only=True)) as run:
        await run.until(lambda: run.screen.is_ready, "the table")
        assert "read only" in run.text()
        await run.press("a", "r", "t", "n", "e", "F", "delete")
        assert len(run.application.screen_stack) == 1, "no dialog opens"
        await run.press("2")
        await run.until(lambda: run.screen.known, "experiments")
        await run.press("a", "r", "d", "n", "N", "delete")
        assert len(run.application.screen_stack) == 1, "no dialog opens"
        assert everything() == before

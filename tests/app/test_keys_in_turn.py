"""Keys that come faster than what they open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input, TextArea

from app.dialogs.tag_picker import TagPicker
from tests.app.dashboard import Driven, driven

if TYPE_CHECKING:
    from store import Store


def burst(run: Driven, *keys: str) -> None:
    """All keys at once, as from a terminal that was busy."""
    for key in keys:
        event = events.Key(key, key if len(key) == 1 else None)
        event.set_sender(run.application)
        run.application.post_message(event)


async def test_what_is_typed_while_a_dialog_opens_is_for_the_dialog(lab: Store) -> None:
    async with driven(lab, screen="runs") as run:
        application, before = run.application, run.screen.table.row_count
        find_tags = application.source.find_tags

        def slowly() -> list:
            time.sleep(0.1)
            return find_tags()

        application.source.find_tags = slowly  # type: ignore[method-assign]
        burst(run, "t", *"amazed")
        await run.until(lambda: isinstance(run.screen, TagPicker), "the tags")
        await run.until(
            lambda: run.screen.query_one(Input).value == "amazed", "all letters in the field"
        )
        burst(run, "escape", "n", *"maze")
        await run.until(
            lambda: [area.text for area in run.screen.query(TextArea)] == ["maze"], "the note"
        )
        burst(run, "escape", "6", "slash", *"smaller")
        await run.until(lambda: application.current_mode == "notes", "the notes")
        await run.until(lambda: run.screen.words.text == "smaller", "the words")
        burst(run, "escape", "escape", "3", "enter", "greater_than_sign", "greater_than_sign")
        await run.until(lambda: type(run.screen).__name__ == "RunScreen", "the run")
        await run.until(lambda: run.screen.tabs.active == "media", "the second tab after")
        burst(run, "escape", "down")
        await run.until(lambda: run.screen.PLACE == "runs", "the table")
        assert run.screen.table.row_count == before
        assert not run.screen.table.marked


async def test_pasted_text_comes_after_the_keys_before_it(lab: Store) -> None:
    async with driven(lab, screen="runs") as run:
        burst(run, "slash", *"acc", "ctrl+u")
        run.application.post_message(events.Paste("speech"))
        await run.until(lambda: run.screen.query_bar.text == "speech", "the pasted text")

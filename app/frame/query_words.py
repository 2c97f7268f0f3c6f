"""How lines for queries come to know what can be asked, wherever they stand.

A part of the application: the message of a line bubbles up to it from any screen or dialog.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import App

from app.widgets.query_field import QueryField
from store.errors import StoreError
from store.models import Vocabulary

if TYPE_CHECKING:
    from app.application import RunfolioApplication

KEEP_S = 5.0
"""So long an answer is as good as new; a store that is written to changes all the time."""


class QueryWords(App[None]):
    """The part of the application that answers lines for queries."""

    _vocabulary: Vocabulary | None = None
    _vocabulary_read_at = 0.0

    @on(QueryField.VocabularyNeeded)
    def _give_vocabulary(self, message: QueryField.VocabularyNeeded) -> None:
        message.stop()
        dashboard = cast("RunfolioApplication", self)
        if self._vocabulary is not None:
            message.asker.know(self._vocabulary)
            if time.monotonic() - self._vocabulary_read_at < KEEP_S:
                return

        def known(found: Vocabulary) -> None:
            self._vocabulary, self._vocabulary_read_at = found, time.monotonic()
            if message.asker.is_attached:
                message.asker.know(found)

        dashboard.load("vocabulary", dashboard.source.vocabulary, known, _without)


def _without(_: StoreError) -> None:
    """One can type without suggestions."""

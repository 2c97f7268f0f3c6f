"""Leaving while something is still opening. Mixed into the application."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.css.query import NoMatches


class Leaving(App[None]):
    """The part of the application that ends it.

    Parts of a screen go before the rest of it knows: a dialog that opens in the moment in
    which somebody quits does not find its own fields any more. That is no fault then.
    """

    _is_leaving = False

    def exit(self, *arguments: Any, **named: Any) -> None:
        """End the program."""
        self._is_leaving = True
        super().exit(*arguments, **named)

    async def _shutdown(self) -> None:
        # Also when it ends without having been asked to, as when its terminal is gone.
        self._is_leaving = True
        await super()._shutdown()

    def _handle_exception(self, error: Exception) -> None:
        if not (self._is_leaving and isinstance(error, NoMatches)):
            super()._handle_exception(error)

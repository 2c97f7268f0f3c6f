"""`ReadOnlySource`: another source without anything that changes its data.

What would change something is refused here, whoever asks, so a screen that forgets to look
whether it may write does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.sources.errors import FeatureMissingError
from app.sources.protocol import Feature

if TYPE_CHECKING:
    from app.sources.protocol import Source

_CHANGING = (
    "archive_",
    "attach_",
    "create_",
    "delete_",
    "detach_",
    "finish_",
    "restore_",
    "set_",
    "trash_",
    "update_",
)
"""How the names of all methods begin that change data."""


class ReadOnlySource:
    """Reads from a source, and refuses to change it."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def features(self) -> frozenset[Feature]:
        """What the source can do, but for changes."""
        return self._source.features - {Feature.WRITE}

    def __getattr__(self, name: str) -> Any:
        """Whatever the source has, if it changes nothing."""
        return _refuse(name) if name.startswith(_CHANGING) else getattr(self._source, name)


def _refuse(name: str) -> Callable[..., Any]:
    def refuse(*_: object, **__: object) -> Any:
        raise FeatureMissingError("Changing anything", "the setting read_only is on")

    refuse.__name__ = name
    return refuse

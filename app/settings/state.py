"""What is restored on the next start: a view state per store, kept as a small JSON file.

The files are in `runfolio/` of the user's state folder, one for each store or server. A file
that cannot be read is treated as absent, because a view is never worth a failed start.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, fields

MAX_HISTORY = 50
MAX_MARKS = 1000


class ViewState(Struct, frozen=True):
    """Where one was and how it looked. Every field survives JSON."""

    screen: str = ""
    query: str = ""
    query_history: tuple[str, ...] = ()
    """Newest last."""
    saved_queries: tuple[tuple[str, str], ...] = ()
    """Name and query, by name."""
    sort: tuple[tuple[str, bool, str], ...] = ()
    """Field, and whether descending."""
    columns: tuple[str, ...] = ()
    """Ids of the chosen columns in order; empty for the automatic choice."""
    pinned_columns: tuple[str, ...] = ()
    column_widths: tuple[tuple[str, int], ...] = ()
    group_by: tuple[str, ...] = ()
    metric_value: str = "last"
    """Which value metric cells show: last, min, max, mean or best."""
    group_value: str = "mean"
    """What headings of groups show: mean, min or max."""
    absolute_times: bool = False
    shows_archived: bool = False
    preview: str = ""
    """`on` or `off` where a person chose; empty follows the width of the window."""
    marked: tuple[str, ...] = ()
    """Hashes of marked runs."""
    metric_directions: tuple[tuple[str, str], ...] = ()
    """Metric and `min` or `max`, where a person flipped it."""
    serve_address: str = "127.0.0.1:53800"
    extra: tuple[tuple[str, Any], ...] = ()
    """Settings of other screens: name and any JSON value."""

    def extra_value(self, name: str, default: Any = None) -> Any:
        """A value that another screen keeps here."""
        return dict(self.extra).get(name, default)


def state_path(address: str, environment: Mapping[str, str] = os.environ) -> Path:
    """The file of a store or server.

    Addresses of stores are shown relative to the current folder, so what counts is where they
    lead, not how they are written.
    """
    is_url = "://" in address
    identity = address if is_url else str(Path(address).expanduser().resolve())
    base = environment.get("XDG_STATE_HOME") or "~/.local/state"
    digest = blake2b(identity.encode(), digest_size=8).hexdigest()
    return Path(base).expanduser() / "runfolio" / f"{digest}.json"


class StateFile:
    """Reads and writes the view state of one store."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        """None keeps nothing."""

    def read(self) -> ViewState:
        """The state that was kept, or an empty one."""
        if self._path is None:
            return ViewState()
        try:
            values = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return ViewState()
        return _from_json(values)

    def write(self, state: ViewState) -> None:
        """Keep a state; the old file stays whole if this fails half way."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(asdict(state), ensure_ascii=False, indent=1), "utf-8")
        draft.replace(self._path)


def _from_json(values: Any) -> ViewState:
    if not isinstance(values, dict):
        return ViewState()
    defaults = ViewState()
    usable: dict[str, Any] = {}
    for each in fields(ViewState):
        value = _tuples(values.get(each.name))
        if isinstance(value, type(getattr(defaults, each.name))):
            usable[each.name] = value
    return ViewState(**usable)


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(each) for each in value)
    return value

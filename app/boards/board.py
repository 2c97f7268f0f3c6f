"""`Board`: panels on a grid, to and from the JSON of an explore app. Frozen values.

What holds: ids of panels are unique on a board; every place lies inside the twelve columns.
JSON that was written by others is read as far as it can be understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from app.boards.kinds import KINDS, PanelKind
from app.boards.metric_names import metric_words

APP_TYPE = "runfolio-board"
"""The type of the explore app that keeps a board."""
COLUMNS = 12
MIN_WIDTH, MIN_HEIGHT = 2, 2
MAX_HEIGHT = 40
MAX_PANELS = 60
VERSION = 1


class Place(Struct, frozen=True):
    """Where a panel is: columns of the board across, rows down."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column after it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row after it."""
        return self.y + self.height

    def overlaps(self, other: Place) -> bool:
        """Whether the two share a cell."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


class Panel(Struct, frozen=True):
    """One panel: what it shows, of what, and where."""

    id: str
    kind: PanelKind
    title: str = ""
    """What people called it; it names itself if empty."""
    query: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    place: Place = Place(0, 0, 6, 4)

    def setting(self, name: str) -> Any:
        """A setting as the kind wants it, whatever was kept."""
        for each in KINDS[self.kind].settings:
            if each.name == name:
                return each.read(self.settings.get(name, each.default))
        raise KeyError(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """The parts of a setting that lists several with commas."""
        return tuple(
            part.strip() for part in str(self.setting(name)).split(",") if part.strip()
        )

    @property
    def caption(self) -> str:
        """The title, or a description in a few words."""
        return self.title or _describe(self)


class Board(Struct, frozen=True):
    """All panels of a dashboard."""

    panels: tuple[Panel, ...] = ()

    def panel(self, panel_id: str) -> Panel | None:
        """The panel of this id."""
        return next((each for each in self.panels if each.id == panel_id), None)

    @property
    def height(self) -> int:
        """Rows that the panels take."""
        return max((each.place.bottom for each in self.panels), default=0)

    def free_id(self) -> str:
        """An id that no panel has."""
        taken = {each.id for each in self.panels}
        number = len(taken) + 1
        while str(number) in taken:
            number += 1
        return str(number)

    def with_panel(self, panel: Panel) -> Board:
        """The board with the panel in place of the one with its id, or behind all others."""
        if self.panel(panel.id) is None:
            return Board((*self.panels, panel))
        return Board(tuple(panel if each.id == panel.id else each for each in self.panels))

    def without(self, panel_id: str) -> Board:
        """The board without a panel."""
        return Board(tuple(each for each in self.panels if each.id != panel_id))

    def as_json(self) -> dict[str, Any]:
        """The state of the explore app that keeps this board."""
        query = next((each.query for each in self.panels if each.query), "")
        return {
            "version": VERSION,
            "columns": COLUMNS,
            # The web UI's page of bookmarks reads this member of every state.
            "select": {"query": query, "options": [], "advancedMode": False},
            "panels": [panel_as_json(each) for each in self.panels],
        }


def new_panel(board: Board, kind: PanelKind, **settings: Any) -> Panel:
    """A panel of the usual size below all others; not yet on the board."""
    info = KINDS[kind]
    place = Place(0, board.height, info.width, info.height)
    return Panel(board.free_id(), kind, settings=settings, place=place)


def copied(board: Board, panel: Panel) -> Panel:
    """The same panel with an id of its own, right below."""
    place = replace(panel.place, y=panel.place.bottom)
    return replace(panel, id=board.free_id(), place=place)


def panel_as_json(panel: Panel) -> dict[str, Any]:
    """A panel as plain values."""
    place = panel.place
    return {
        "id": panel.id,
        "kind": panel.kind.value,
        "title": panel.title,
        "query": panel.query,
        "settings": dict(panel.settings),
        "x": place.x,
        "y": place.y,
        "width": place.width,
        "height": place.height,
    }


def board_from_json(state: Any) -> Board:
    """A board that was kept; panels that cannot be understood are left out."""
    listed = state.get("panels") if isinstance(state, Mapping) else None
    board = Board()
    for tree in listed if isinstance(listed, list) else ():
        panel = _panel_from_json(board, tree)
        if panel is not None and len(board.panels) < MAX_PANELS:
            board = board.with_panel(panel)
    return board


def _panel_from_json(board: Board, tree: Any) -> Panel | None:
    if not isinstance(tree, Mapping) or tree.get("kind") not in set(PanelKind):
        return None
    kind = PanelKind(tree["kind"])
    panel_id, settings = tree.get("id"), tree.get("settings")
    if not isinstance(panel_id, str) or not panel_id or board.panel(panel_id) is not None:
        panel_id = board.free_id()
    return Panel(
        panel_id,
        kind,
        str(tree.get("title") or ""),
        str(tree.get("query") or ""),
        dict(settings) if isinstance(settings, Mapping) else {},
        _place_from_json(tree, kind, board.height),
    )


def _place_from_json(tree: Mapping[str, Any], kind: PanelKind, below: int) -> Place:
    info = KINDS[kind]
    width = _whole(tree.get("width"), info.width, MIN_WIDTH, COLUMNS)
    height = _whole(tree.get("height"), info.height, MIN_HEIGHT, MAX_HEIGHT)
    x = _whole(tree.get("x"), 0, 0, COLUMNS - width)
    return Place(x, _whole(tree.get("y"), below, 0, MAX_PANELS * MAX_HEIGHT), width, height)


def _whole(value: Any, default: int, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        value = default
    return min(max(low, int(value)), high)


def _describe(panel: Panel) -> str:
    describe = _WORDS.get(panel.kind)
    return (describe(panel) if describe else "") or KINDS[panel.kind].title.lower()


def _counter_words(panel: Panel) -> str:
    if panel.setting("count") == "metric":
        return f"{panel.setting('which')} {_metric(panel)}"
    return str(panel.setting("count"))


_WORDS: Mapping[PanelKind, Callable[[Panel], str]] = {
    PanelKind.CHART: lambda panel: _metric(panel) or "metrics",
    PanelKind.RUNS: lambda panel: "runs" + (f": {panel.query}" if panel.query else ""),
    PanelKind.LEADERBOARD: lambda panel: f"{panel.setting('which')} {_metric(panel)}",
    PanelKind.SCATTER: lambda panel: f"{_short(panel, 'y')} by {_short(panel, 'x')}",
    PanelKind.PARALLEL: lambda panel: f"params and {_metric(panel) or 'metric'}",
    PanelKind.IMPORTANCE: lambda panel: f"what decides {_metric(panel) or 'a metric'}",
    PanelKind.COUNTER: _counter_words,
    PanelKind.ACTIVITY: lambda _: "runs by day",
    PanelKind.MEDIA: lambda panel: panel.setting("name") or panel.setting("objects"),
}


def _metric(panel: Panel) -> str:
    return metric_words(panel.setting("metric"))


def _short(panel: Panel, name: str) -> str:
    return metric_words(str(panel.setting(name)).rsplit(".", 1)[-1]) or "?"

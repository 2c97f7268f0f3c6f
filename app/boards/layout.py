"""Where panels lie: moving, resizing and fitting them into a window. Pure.

What holds after every function: no two panels overlap, none hangs over the right edge, and no
panel could move up. In a narrow window panels become wider and flow one below the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from app.boards.board import (
    COLUMNS,
    MAX_HEIGHT,
    MIN_HEIGHT,
    MIN_WIDTH,
    Board,
    Panel,
    Place,
)
from app.boards.kinds import PanelKind

LEAST_CELLS = 38
"""A panel narrower than this many screen cells cannot be read."""
LEAST_COUNTER_CELLS = 18
ROW_CELLS = (3, 9)
"""Screen lines of a row of the board, at least and at most."""


class CellArea(NamedTuple):
    """A rectangle of screen cells."""

    x: int
    y: int
    width: int
    height: int


def packed(board: Board, first: str = "") -> Board:
    """Push panels apart that overlap, and close gaps upwards.

    Args:
        board: Places may overlap.
        first: Id of the panel that keeps its place where others want it too.
    """
    order = sorted(
        board.panels, key=lambda each: (each.place.y, each.id != first, each.place.x)
    )
    places: dict[str, Place] = {}
    for panel in order:
        place = replace(panel.place, x=min(panel.place.x, COLUMNS - panel.place.width))
        places[panel.id] = _lifted(place, list(places.values()))
    return Board(tuple(replace(each, place=places[each.id]) for each in board.panels))


def _lifted(place: Place, others: Sequence[Place]) -> Place:
    """Right below whatever lies above it in the same columns."""
    above = [each for each in others if each.x < place.right and place.x < each.right]
    return replace(place, y=max((each.bottom for each in above), default=0))


def moved(board: Board, panel_id: str, across: int, down: int) -> Board:
    """A panel moved by one: past its neighbour if it has one there, else by a column."""
    panel = board.panel(panel_id)
    if panel is None:
        return board
    if across:
        return _moved_across(board, panel, across)
    return _moved_down(board, panel, down)


def _moved_across(board: Board, panel: Panel, across: int) -> Board:
    place = panel.place
    wanted = replace(place, x=min(max(0, place.x + across), COLUMNS - place.width))
    if wanted == place:
        return board
    neighbour = next(
        (e for e in board.panels if e.id != panel.id and wanted.overlaps(e.place)), None
    )
    if neighbour is None:
        return packed(board.with_panel(replace(panel, place=wanted)), panel.id)
    other = neighbour.place
    left, right = (place, other) if across > 0 else (other, place)
    start = left.x
    # The two change places; together they take the same columns as before.
    new_left = replace(right, x=start)
    new_right = replace(left, x=start + right.width)
    first, second = (new_right, new_left) if across > 0 else (new_left, new_right)
    swapped = board.with_panel(replace(panel, place=first))
    return packed(swapped.with_panel(replace(neighbour, place=second)), panel.id)


def _moved_down(board: Board, panel: Panel, down: int) -> Board:
    place = panel.place
    column = [
        each
        for each in board.panels
        if each.id != panel.id and each.place.x < place.right and place.x < each.place.right
    ]
    if down > 0:
        below = [each.place for each in column if each.place.y >= place.bottom]
        if not below:
            return board
        y = min(each.bottom for each in below)
        return packed(board.with_panel(replace(panel, place=replace(place, y=y))))
    above = [each.place for each in column if each.place.bottom <= place.y]
    if not above:
        return board
    y = max(each.y for each in above)
    return packed(board.with_panel(replace(panel, place=replace(place, y=y))), panel.id)


def placed(board: Board, panel_id: str, x: int, y: int) -> Board:
    """A panel put down somewhere else; whatever lies there makes way."""
    panel = board.panel(panel_id)
    if panel is None:
        return board
    x = min(max(0, x), COLUMNS - panel.place.width)
    place = replace(panel.place, x=x, y=max(0, y))
    return packed(board.with_panel(replace(panel, place=place)), panel_id)


def resized(board: Board, panel_id: str, wider: int, higher: int) -> Board:
    """A panel made larger or smaller."""
    panel = board.panel(panel_id)
    if panel is None:
        return board
    place = panel.place
    width = min(max(MIN_WIDTH, place.width + wider), COLUMNS)
    height = min(max(MIN_HEIGHT, place.height + higher), MAX_HEIGHT)
    x = min(place.x, COLUMNS - width)
    sized = replace(place, x=x, width=width, height=height)
    return packed(board.with_panel(replace(panel, place=sized)), panel_id)


def reading_order(board: Board) -> list[Panel]:
    """Panels from top left to bottom right."""
    return sorted(board.panels, key=lambda each: (each.place.y, each.place.x))


def neighbour(board: Board, panel_id: str, across: int, down: int) -> str:
    """The panel that lies next in a direction, or the same one at the edge."""
    here = board.panel(panel_id)
    if here is None:
        return ""
    x, y = here.place.x + here.place.width / 2, here.place.y + here.place.height / 2
    best, found = float("inf"), panel_id
    for each in board.panels:
        dx = each.place.x + each.place.width / 2 - x
        dy = each.place.y + each.place.height / 2 - y
        ahead, aside = (dx * across, abs(dy)) if across else (dy * down, abs(dx))
        if each.id != panel_id and ahead > 0 and ahead + 2 * aside < best:
            best, found = ahead + 2 * aside, each.id
    return found


def fitted(board: Board, width: int) -> Board:
    """The board for a window of this width: panels too narrow to be read become wider."""
    grown = []
    for panel in board.panels:
        cells = LEAST_COUNTER_CELLS if panel.kind is PanelKind.COUNTER else LEAST_CELLS
        least = min(COLUMNS, -(-cells * COLUMNS // max(1, width)))
        # Halves, quarters and thirds fill a line; sevenths do not.
        least = next(each for each in (2, 3, 4, 6, 12) if each >= min(least, 12))
        grown.append(max(panel.place.width, least))
    if all(w == p.place.width for w, p in zip(grown, board.panels, strict=True)):
        return board
    widths = {panel.id: w for panel, w in zip(board.panels, grown, strict=True)}
    return _flowed(reading_order(board), widths)


def _flowed(panels: Sequence[Panel], widths: Mapping[str, int]) -> Board:
    """Panels of one line stay together; the last of a line fills it."""
    flowed: list[Panel] = []
    x = y = bottom = 0
    for at, panel in enumerate(panels):
        begins_line = at > 0 and panel.place.y != panels[at - 1].place.y
        if begins_line or x + widths[panel.id] > COLUMNS:
            flowed[-1:] = [_filling(flowed[-1])]
            x, y = 0, bottom
        place = Place(x, y, widths[panel.id], panel.place.height)
        x, bottom = place.right, max(bottom, place.bottom)
        flowed.append(replace(panel, place=place))
    flowed[-1:] = [_filling(flowed[-1])]
    return packed(Board(tuple(flowed)))


def _filling(panel: Panel) -> Panel:
    return replace(panel, place=replace(panel.place, width=COLUMNS - panel.place.x))


def areas(board: Board, width: int, height: int) -> dict[str, CellArea]:
    """Screen cells of each panel; the board fills the height when it nearly does anyway."""
    shown = fitted(board, width)
    least, most = ROW_CELLS
    row = min(max(least, height // max(1, shown.height)), most)
    edges = [round(column * width / COLUMNS) for column in range(COLUMNS + 1)]
    # What is left over goes to the last row of panels.
    spare = max(0, height - shown.height * row)
    spare = spare if row < most and shown.height * row <= height else 0
    found = {}
    for each in shown.panels:
        place = each.place
        left, top = edges[place.x], place.y * row
        extra = spare if place.bottom == shown.height else 0
        found[each.id] = CellArea(
            left, top, edges[place.right] - left, place.height * row + extra
        )
    return found


def column_at(x: int, width: int) -> int:
    """The column of the board whose left edge is nearest to a screen cell."""
    return round(x * COLUMNS / max(1, width))

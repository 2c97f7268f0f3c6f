"""Where panels lie: nothing overlaps, nothing hangs over, neighbours change places."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, strategies as st

from app.boards.board import COLUMNS, Board, Panel, Place
from app.boards.kinds import PanelKind
from app.boards.layout import (
    areas,
    fitted,
    moved,
    neighbour,
    packed,
    placed,
    reading_order,
    resized,
)

places = st.builds(
    lambda x, y, width, height: Place(min(x, COLUMNS - width), y, width, height),
    st.integers(0, 11),
    st.integers(0, 12),
    st.integers(2, 12),
    st.integers(2, 5),
)
boards = st.lists(places, min_size=1, max_size=7).map(
    lambda listed: Board(
        tuple(Panel(str(n), PanelKind.CHART, place=each) for n, each in enumerate(listed))
    )
)
steps = st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)])


def assert_sound(board: Board) -> None:
    for panel in board.panels:
        assert panel.place.x >= 0
        assert panel.place.right <= COLUMNS
    for one, other in combinations(board.panels, 2):
        assert not one.place.overlaps(other.place)
    for panel in board.panels:
        above = [p.place.bottom for p in board.panels
                 if p.place.x < panel.place.right and panel.place.x < p.place.right
                 and p.place.bottom <= panel.place.y]  # fmt: skip
        assert panel.place.y == max(above, default=0)


@given(boards)
def test_packing_pushes_apart_and_up(board: Board) -> None:
    once = packed(board)
    assert_sound(once)
    assert packed(once) == once


@given(boards, st.integers(0, 6), st.lists(steps, max_size=6))
def test_moving_and_resizing_keep_a_board_sound(
    board: Board, number: int, wanted: list[tuple[int, int]]
) -> None:
    board, name = packed(board), str(number % len(board.panels))
    for across, down in wanted:
        board = moved(board, name, across, down)
        assert_sound(board)
        board = resized(board, name, across, down)
        assert_sound(board)
    assert_sound(placed(board, name, 5, 3))
    assert {panel.id for panel in board.panels} == {str(n) for n in range(len(board.panels))}


@given(boards, st.integers(1, 260), st.integers(1, 80))
def test_every_panel_has_its_own_cells(board: Board, width: int, height: int) -> None:
    found = areas(packed(board), width, height)
    assert found.keys() == {panel.id for panel in board.panels}
    for one, other in combinations(found.values(), 2):
        apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart_x or apart_y
    assert all(area.x + area.width <= width for area in found.values())


def two_by_two() -> Board:
    spots = {"a": (0, 0), "b": (6, 0), "c": (0, 4), "d": (6, 4)}
    return Board(
        tuple(
            Panel(name, PanelKind.CHART, place=Place(x, y, 6, 4))
            for name, (x, y) in spots.items()
        )
    )


def order(board: Board) -> str:
    return "".join(panel.id for panel in reading_order(board))


def test_neighbours_change_places() -> None:
    assert order(moved(two_by_two(), "a", 1, 0)) == "bacd"
    assert order(moved(two_by_two(), "d", -1, 0)) == "abdc"
    assert order(moved(two_by_two(), "a", 0, 1)) == "cbad"
    assert order(moved(two_by_two(), "d", 0, -1)) == "adcb"
    assert moved(two_by_two(), "a", -1, 0) == two_by_two()
    assert moved(two_by_two(), "a", 0, -1) == two_by_two()
    assert moved(two_by_two(), "none", 1, 0) == two_by_two()


def test_the_focus_goes_to_what_lies_in_that_direction() -> None:
    board = two_by_two()
    assert neighbour(board, "a", 1, 0) == "b"
    assert neighbour(board, "a", 0, 1) == "c"
    assert neighbour(board, "d", -1, 0) == "c"
    assert neighbour(board, "a", -1, 0) == "a"
    assert neighbour(board, "none", 1, 0) == ""


def test_narrow_windows_have_wider_panels_in_the_same_order() -> None:
    board = two_by_two()
    assert fitted(board, 160) == board
    narrow = fitted(board, 60)
    assert {panel.place.width for panel in narrow.panels} == {12}
    assert order(narrow) == "abcd"
    assert_sound(narrow)


def test_a_board_that_fits_fills_the_window() -> None:
    found = areas(two_by_two(), 120, 40)
    assert max(area.y + area.height for area in found.values()) == 40

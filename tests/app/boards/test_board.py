"""Boards as values: JSON there and back, settings, ids."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.boards.board import (
    COLUMNS,
    Board,
    Panel,
    Place,
    board_from_json,
    copied,
    new_panel,
)
from app.boards.files import board_file, board_from_file
from app.boards.kinds import KINDS, PanelKind
from store.errors import InvalidDataError

panels = st.builds(
    Panel,
    st.text(min_size=1, max_size=3),
    st.sampled_from(PanelKind),
    st.text(max_size=5),
    st.text(max_size=5),
    st.dictionaries(st.sampled_from(["metric", "limit", "text"]), st.text() | st.integers()),
    st.builds(Place, st.integers(0, 10), st.integers(0, 50), st.just(2), st.integers(2, 40)),
)
boards = st.lists(panels, max_size=6, unique_by=lambda panel: panel.id).map(
    lambda listed: Board(tuple(listed))
)
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["panels", "id", "kind", "x", "width", "settings", "title"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(boards)
def test_a_board_survives_json(board: Board) -> None:
    assert board_from_json(board.as_json()) == board


@given(boards)
def test_a_board_survives_a_file(board: Board) -> None:
    assert board_from_file(board_file("a", "b", board)) == ("a", "b", board)


@given(anything)
def test_anything_is_read_without_a_complaint(state: Any) -> None:
    read = board_from_json(state)
    assert all(panel.place.right <= COLUMNS for panel in read.panels)


@given(st.lists(st.fixed_dictionaries({"kind": st.just("chart"), "x": anything, "y": anything,
                                       "width": anything, "id": anything}), max_size=4))  # fmt: skip
def test_odd_places_and_ids_become_usable(trees: list[dict[str, Any]]) -> None:
    read = board_from_json({"panels": trees})
    assert len(read.panels) == len(trees)
    assert len({panel.id for panel in read.panels}) == len(trees)


def test_settings_have_the_type_of_their_default() -> None:
    panel = Panel("1", PanelKind.CHART, settings={"limit": "7", "log_y": 1, "aggregate": "?"})
    assert panel.setting("limit") == 7
    assert panel.setting("log_y") is False
    assert panel.setting("aggregate") == "off"
    assert Panel("1", PanelKind.CHART, settings={"limit": "many"}).setting("limit") == 20
    assert Panel("1", PanelKind.CHART, settings={"smoothing": -1}).setting("smoothing") == 0
    with pytest.raises(KeyError):
        panel.setting("no such")


@pytest.mark.parametrize("kind", PanelKind)
def test_every_kind_describes_itself_and_fits(kind: PanelKind) -> None:
    panel = new_panel(Board(), kind)
    assert panel.caption
    assert 2 <= KINDS[kind].width <= COLUMNS
    for setting in KINDS[kind].settings:
        assert panel.setting(setting.name) == setting.default


def test_a_copy_has_its_own_id_and_lies_below() -> None:
    first = new_panel(Board(), PanelKind.CHART)
    board = Board((first,))
    second = copied(board, first)
    assert second.id != first.id
    assert second.place.y == first.place.bottom


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="not TOML"):
        board_from_file("nonsense")
    with pytest.raises(InvalidDataError, match="kind"):
        board_from_file('{"panels": []}')

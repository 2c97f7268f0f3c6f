"""Boards as text files that can be shared and compared. Pure."""

from __future__ import annotations

import json
from typing import Any

from app.boards.board import Board, board_from_json
from store.errors import InvalidDataError

FILE_KIND = "runfolio-board"


def board_file(name: str, description: str, board: Board) -> str:
    """A board as JSON, one value a line."""
    state = board.as_json()
    del state["select"]
    tree = {"kind": FILE_KIND, "name": name, "description": description, **state}
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def board_from_file(text: str) -> tuple[str, str, Board]:
    """Name, description and board of a file.

    Raises:
        InvalidDataError: If it is no such file.
    """
    try:
        tree: Any = json.loads(text)
    except ValueError as error:
        raise InvalidDataError("board file", f"is not JSON: {error}") from error
    if not isinstance(tree, dict) or tree.get("kind") != FILE_KIND:
        raise InvalidDataError("board file", f'has no "kind": "{FILE_KIND}"')
    name, description = str(tree.get("name") or "board"), str(tree.get("description") or "")
    return name, description, board_from_json(tree)

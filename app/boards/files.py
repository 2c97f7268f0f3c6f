"""Boards as text files that can be shared and compared. Pure."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from app.boards.board import Board, board_from_json
from app.boards.toml import to_toml
from store.errors import InvalidDataError

FILE_KIND = "runfolio-board"


FILE_FORMATS = ("toml", "json")


def board_file(name: str, description: str, board: Board, suffix: str = "json") -> str:
    """A board as TOML or JSON, one value a line, always in the same order.

    A panel that was moved or set differently is a change of few lines.
    """
    state = board.as_json()
    del state["select"]
    tree = {"kind": FILE_KIND, "name": name, "description": description, **state}
    for panel in tree["panels"]:
        panel["settings"] = dict(sorted(panel["settings"].items()))
    if suffix == "toml":
        return to_toml(tree, "panels")
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def board_from_file(text: str) -> tuple[str, str, Board]:
    """Name, description and board of a file.

    Raises:
        InvalidDataError: If it is no such file.
    """
    is_json = text.lstrip().startswith("{")
    try:
        tree: Any = json.loads(text) if is_json else tomllib.loads(text)
    except ValueError as error:
        kind = "JSON" if is_json else "TOML"
        raise InvalidDataError("board file", f"is not {kind}: {error}") from error
    if not isinstance(tree, dict) or tree.get("kind") != FILE_KIND:
        raise InvalidDataError("board file", f'has no "kind": "{FILE_KIND}"')
    name, description = str(tree.get("name") or "board"), str(tree.get("description") or "")
    return name, description, board_from_json(tree)

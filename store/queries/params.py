"""Params of runs: the merge rule, the flattened copy for filters, and their tables.

The JSON text in `runs.params` is the truth; the rows of the table `params` are a flat copy
of its leaves. Both are written in one transaction by `write_params`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from duckdb import DuckDBPyConnection

from store.database import clean_text, insert_rows, json_rows
from store.errors import InvalidDataError

MAX_DEPTH = 64
BLOBS_KEY = "__blobs__"
"""A top-level name that the protocol keeps for its table of artifacts."""

LARGEST_INT = 2**63 - 1
EXACT_INT = 2**53

Leaf = tuple[float | None, str | None, str]
"""Number, text and type of a leaf, as in the table `params`."""

_COLUMNS = {
    "run_id": "INTEGER",
    "key": "VARCHAR",
    "num": "DOUBLE",
    "txt": "VARCHAR",
    "type": "VARCHAR",
}


def plain_tree(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the tree made of JSON's types only.

    Tuples become lists, NumPy scalars plain numbers, integers beyond 64 bits floats, and
    anything unknown its text. NaN and infinities stay.

    Raises:
        InvalidDataError: If the tree is nested too deeply.
    """
    return {clean_text(str(key)): _plain(item, 1) for key, item in value.items()}


def _plain(value: object, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise InvalidDataError("params", f"nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int):
        return _plain_int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, depth + 1) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist(), depth + 1)
    return clean_text(str(value))


def _plain_int(value: int) -> int | float | str:
    if -LARGEST_INT - 1 <= value <= LARGEST_INT:
        return int(value)
    try:
        return float(value)
    except OverflowError:
        return hex(value)


def merge_params(tree: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """The tree after one assignment by a client; neither argument is changed.

    The rule of the protocol: walk down while the object has exactly one key; what is left
    replaces the sub-tree at that path. Several keys at the top are several assignments.
    """
    merged = dict(tree)
    for key, item in value.items():
        if key != BLOBS_KEY:
            path, leaf = _walk_down(key, item)
            _assign(merged, path, leaf)
    return merged


def _walk_down(key: str, value: Any) -> tuple[list[str], Any]:
    path = [key]
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        path.append(key)
    return path, value


def _assign(tree: dict[str, Any], path: list[str], value: Any) -> None:
    # Copies every level on the way, so that trees which others hold stay as they are.
    for key in path[:-1]:
        below = tree.get(key)
        tree[key] = dict(below) if isinstance(below, dict) else {}
        tree = tree[key]
    tree[path[-1]] = value


def escaped_key(key: str) -> str:
    r"""One key as it stands in a dotted path: a dot in it becomes `\.`."""
    if "." not in key and "\\" not in key:
        return key
    return key.replace("\\", "\\\\").replace(".", "\\.")


def path_keys(path: str) -> list[str]:
    """The keys of a dotted path; the inverse of joining escaped keys with dots."""
    if "\\" not in path:
        return path.split(".")
    keys = [""]
    letters = iter(path)
    for letter in letters:
        if letter == ".":
            keys.append("")
        else:
            keys[-1] += next(letters, "") if letter == "\\" else letter
    return keys


def flatten(tree: Mapping[str, Any]) -> dict[str, Leaf]:
    """Leaves by their path of escaped keys. Lists and empty objects are leaves."""
    return {path: _leaf(value) for path, value in _leaves(tree, "")}


def _leaves(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        path = f"{prefix}{escaped_key(key)}"
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def _leaf(value: Any) -> Leaf:
    match value:
        case None:
            return None, None, "null"
        case bool():
            return float(value), None, "bool"
        case int():
            # Doubles cannot tell large integers apart; the text can.
            return float(value), str(value) if abs(value) > EXACT_INT else None, "int"
        case float():
            return value, None, "float"
        case str():
            return None, value, "str"
        case list():
            return None, params_text(value), "list"
        case _:
            return None, params_text(value), "dict"


def leaf_value(number: float | None, text: str | None, kind: str) -> Any:
    """The value that a row of the table `params` stands for."""
    match kind:
        case "null":
            return None
        case "bool":
            return bool(number)
        case "int":
            return int(text) if text is not None else int(number or 0)
        case "float":
            return number
        case "str":
            return text
        case _:
            return json.loads(text or "null")


def unflatten(leaves: Mapping[str, Any]) -> dict[str, Any]:
    """A tree from values by path; where a path runs into a leaf, the later one wins."""
    tree: dict[str, Any] = {}
    for path, value in leaves.items():
        node = tree
        *parents, last = path_keys(path)
        for key in parents:
            below = node.get(key)
            if not isinstance(below, dict):
                below = node[key] = {}
            node = below
        node[last] = value
    return tree


def params_text(value: Any) -> str:
    """The JSON text under which params are stored; NaN and infinities as Python writes them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def params_tree(text: str) -> dict[str, Any]:
    """The inverse of `params_text`."""
    if text == "{}":
        return {}
    tree: dict[str, Any]
    try:
        tree = msgspec.json.decode(text)
    except msgspec.DecodeError:
        # NaN and infinities, as Python writes them, are not JSON.
        tree = json.loads(text)
    return tree


def write_params(
    cursor: DuckDBPyConnection,
    changed: Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """Store new params of runs: their JSON text, and those leaves that differ.

    Args:
        cursor: Inside the writer's transaction.
        changed: For each run number the tree before and the tree after.
    """
    texts, stale, fresh = [], [], []
    for run_id, (before, after) in changed.items():
        texts.append((run_id, params_text(after)))
        old, new = flatten(before), flatten(after)
        stale += [(run_id, key) for key, leaf in old.items() if not _same(new.get(key), leaf)]
        fresh += [
            (run_id, key, *leaf) for key, leaf in new.items() if not _same(old.get(key), leaf)
        ]
    if texts:
        relation, text = json_rows({"id": "INTEGER", "params": "VARCHAR"}, texts)
        cursor.execute(
            f"UPDATE runs SET params = u.params FROM {relation} u WHERE runs.id = u.id", [text]
        )
    if stale:
        relation, text = json_rows({"run_id": "INTEGER", "key": "VARCHAR"}, stale)
        cursor.execute(
            f"DELETE FROM params USING {relation} u "
            "WHERE params.run_id = u.run_id AND params.key = u.key",
            [text],
        )
    insert_rows(cursor, "params", _COLUMNS, fresh)


def _same(one: Leaf | None, other: Leaf | None) -> bool:
    # NaN is not equal to itself, and 1 == True: compare what would be stored.
    return repr(one) == repr(other)

"""Writes boards as TOML: one setting a line, in an order that does not change. Pure.

The standard library reads TOML but does not write it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def to_toml(tree: Mapping[str, Any], tables: str) -> str:
    """A tree of plain values whose member `tables` is a list of trees.

    Args:
        tree: What is to be written; what TOML cannot hold is left out.
        tables: Name of the list; each of its trees may hold one more level of trees.
    """
    lines = _pairs({key: value for key, value in tree.items() if key != tables})
    for table in tree.get(tables, ()):
        plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
        lines += ["", f"[[{_key(tables)}]]", *_pairs(plain)]
        for key, value in table.items():
            if isinstance(value, Mapping) and value:
                lines += [f"[{_key(tables)}.{_key(key)}]", *_pairs(value, is_sorted=True)]
    return "\n".join(lines) + "\n"


def _pairs(tree: Mapping[str, Any], *, is_sorted: bool = False) -> list[str]:
    keys = sorted(tree) if is_sorted else list(tree)
    return [f"{_key(key)} = {_value(tree[key])}" for key in keys if tree[key] is not None]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value if each is not None) + "]"
    if isinstance(value, str):
        return _long(value) if "\n" in value and not _CONTROL.search(value) else _string(value)
    return _string(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _long(text: str) -> str:
    """Several lines as they are, so that a changed line is one line of a comparison."""
    escaped = text.replace("\\", "\\\\").replace('"""', '""\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""\n{escaped}"""'

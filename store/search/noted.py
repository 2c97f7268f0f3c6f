"""What is mentioned in notes: runs are found by them before a query is planned.

Notes are no part of a run's record, so `run.mentions("word")` becomes itself or one of the
runs whose notes have the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from store.aimql import tree
from store.aimql.columns import is_plain_text
from store.aimql.mentions import METHOD

if TYPE_CHECKING:
    from store.core import StoreCore

_FUNCTION = tree.Attribute(tree.Name("run"), METHOD)
_HASH = tree.Attribute(tree.Name("run"), "hash")
_NOTED = """
SELECT DISTINCT r.hash FROM notes n JOIN runs r ON r.id = n.run_id
WHERE n.tenant = ? AND contains(lower(n.content), ?) ORDER BY r.hash
"""


def with_notes(core: StoreCore, tenant: str, root: tree.Node) -> tree.Node:
    """The same query, which also finds runs by what is written in their notes."""
    words = {word for node in tree.walk(root) if (word := _word(node)) is not None}
    found: dict[str, tree.Node] = {}
    for word in words:
        hashes = [row[0] for row in core.database.rows(_NOTED, [tenant, word.lower()])]
        if hashes:
            found[word] = tree.Compare(_HASH, ("in",), (tree.Constant(hashes),))
    return _rewritten(root, found) if found else root


def _word(node: tree.Node) -> str | None:
    if not isinstance(node, tree.Call) or node.function != _FUNCTION or node.keywords:
        return None
    arguments = node.arguments
    if len(arguments) != 1 or not isinstance(arguments[0], tree.Constant):
        return None
    word = arguments[0].value
    return str(word) if word and is_plain_text(word) else None


def _rewritten(value: Any, found: dict[str, tree.Node]) -> Any:
    if isinstance(value, tuple):
        return tuple(_rewritten(item, found) for item in value)
    if isinstance(value, tree.Node):
        word = _word(value)
        if word is not None:
            return tree.Logic("or", (value, found[word])) if word in found else value
    elif not isinstance(value, tree.Loop):
        return value
    # The slots of a node are its fields.
    names: tuple[str, ...] = type(value).__slots__
    return replace(value, **{name: _rewritten(getattr(value, name), found) for name in names})

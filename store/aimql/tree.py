"""The syntax tree of a query: the few kinds of expression that a query may hold.

Nodes are frozen values that compare by content. Nothing here comes from Python's own
`ast` any more: what has no node here cannot be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

UnaryOperator = Literal["not", "+", "-", "~"]
BinaryOperator = Literal["+", "-", "*", "/", "//", "%", "**", "&", "|", "^"]
CompareOperator = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
LogicOperator = Literal["and", "or"]
DisplayKind = Literal["list", "tuple", "set"]
ComprehensionKind = Literal["list", "set", "dict", "generator"]


class Node(Struct, frozen=True):
    """Base of all expressions."""


class Constant(Node, frozen=True):
    """A value that is known before anything is evaluated."""

    value: Any


class Name(Node, frozen=True):
    """A variable, a function or one of the names in scope."""

    name: str


class Attribute(Node, frozen=True):
    """`value.name`."""

    value: Node
    name: str


class Item(Node, frozen=True):
    """`value[key]`; the key of a slice is a `Slice`."""

    value: Node
    key: Node


class Slice(Node, frozen=True):
    """`start:stop:step` between brackets."""

    start: Node | None
    stop: Node | None
    step: Node | None


class Starred(Node, frozen=True):
    """`*value` among the items of a display or the arguments of a call."""

    value: Node


class Call(Node, frozen=True):
    """`function(*arguments, **keywords)`."""

    function: Node
    arguments: tuple[Node, ...] = ()
    keywords: tuple[tuple[str, Node], ...] = ()


class Unary(Node, frozen=True):
    """An operator with one operand."""

    operator: UnaryOperator
    operand: Node


class Binary(Node, frozen=True):
    """An arithmetic operator between two operands."""

    operator: BinaryOperator
    left: Node
    right: Node


class Compare(Node, frozen=True):
    """A chain of comparisons: `left op operand op operand ...`."""

    left: Node
    operators: tuple[CompareOperator, ...]
    operands: tuple[Node, ...]


class Logic(Node, frozen=True):
    """`and` or `or` over two or more parts."""

    operator: LogicOperator
    parts: tuple[Node, ...]


class Conditional(Node, frozen=True):
    """`body if test else other`."""

    test: Node
    body: Node
    other: Node


class Display(Node, frozen=True):
    """A list, tuple or set written out."""

    kind: DisplayKind
    items: tuple[Node, ...]


class DictDisplay(Node, frozen=True):
    """A dict written out."""

    keys: tuple[Node, ...]
    values: tuple[Node, ...]


class Loop(Struct, frozen=True):
    """One `for targets in source if ... if ...` of a comprehension."""

    targets: tuple[str, ...]
    is_unpacked: bool
    """Whether each element is unpacked into the targets, as in `for k, v in ...`."""
    source: Node
    conditions: tuple[Node, ...]


class Comprehension(Node, frozen=True):
    """A list, set or dict comprehension, or a generator expression."""

    kind: ComprehensionKind
    element: Node
    value: Node | None
    """The value beside the key `element`, in a dict comprehension."""
    loops: tuple[Loop, ...]


class Formatted(Node, frozen=True):
    """`{value!conversion:spec}` inside an f-string."""

    value: Node
    conversion: str
    """`s`, `r`, `a` or empty."""
    spec: Node | None


class Template(Node, frozen=True):
    """An f-string."""

    parts: tuple[Node, ...]


class Lambda(Node, frozen=True):
    """A function without a name; parameters are positional."""

    parameters: tuple[str, ...]
    defaults: tuple[Node, ...]
    """Of the last parameters."""
    body: Node


class Bind(Node, frozen=True):
    """`(name := value)`."""

    name: str
    value: Node


def children(node: Node) -> list[Node]:
    """The nodes directly below, in the order of the text."""
    found: list[Node] = []
    # The slots of a node are its fields.
    names: tuple[str, ...] = type(node).__struct_fields__
    for name in names:
        _collect(getattr(node, name), found)
    return found


def _collect(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, Loop):
        found.append(value.source)
        found.extend(value.conditions)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts that all must hold for the node to hold."""
    if isinstance(node, Logic) and node.operator == "and":
        return tuple(part for each in node.parts for part in conjuncts(each))
    return (node,)


def conjunction(parts: tuple[Node, ...]) -> Node:
    """The node that holds when all parts hold; `True` without parts."""
    if not parts:
        return Constant(True)
    return parts[0] if len(parts) == 1 else Logic("and", parts)

"""The syntax tree of a query: the few kinds of expression that a query may hold.

Nodes are frozen values that compare by content. Nothing here comes from Python's own
`ast` any more: what has no node here cannot be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

UnaryOperator = Literal["not", "+", "-", "~"]
BinaryOperator = Literal["+", "-", "*", "/", "//", "%", "**", "&", "|", "^"]
CompareOperator = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
LogicOperator = Literal["and", "or"]
DisplayKind = Literal["list", "tuple", "set"]
ComprehensionKind = Literal["list", "set", "dict", "generator"]


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all expressions."""


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A value that is known before anything is evaluated."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a function or one of the names in scope."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """`value.name`."""

    value: Node
    name: str


@dataclass(frozen=True, slots=True)
class Item(Node):
    """`value[key]`; the key of a slice is a `Slice`."""

    value: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """`start:stop:step` between brackets."""

    start: Node | None
    stop: Node | None
    step: Node | None


@dataclass(frozen=True, slots=True)
class Starred(Node):
    """`*value` among the items of a display or the arguments of a call."""

    value: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(*arguments, **keywords)`."""

    function: Node
    arguments: tuple[Node, ...] = ()
    keywords: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """An operator with one operand."""

    operator: UnaryOperator
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """An arithmetic operator between two operands."""

    operator: BinaryOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A chain of comparisons: `left op operand op operand ...`."""

    left: Node
    operators: tuple[CompareOperator, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` or `or` over two or more parts."""

    operator: LogicOperator
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`body if test else other`."""

    test: Node
    body: Node
    other: Node


@dataclass(frozen=True, slots=True)
class Display(Node):
    """A list, tuple or set written out."""

    kind: DisplayKind
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DictDisplay(Node):
    """A dict written out."""

    keys: tuple[Node, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """One `for targets in source if ... if ...` of a comprehension."""

    targets: tuple[str, ...]
    is_unpacked: bool
    """Whether each element is unpacked into the targets, as in `for k, v in ...`."""
    source: Node
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comprehension(Node):
    """A list, set or dict comprehension, or a generator expression."""

    kind: ComprehensionKind
    element: Node
    value: Node | None
    """The value beside the key `element`, in a dict comprehension."""
    loops: tuple[Loop, ...]


@dataclass(frozen=True, slots=True)
class Formatted(Node):
    """`{value!conversion:spec}` inside an f-string."""

    value: Node
    conversion: str
    """`s`, `r`, `a` or empty."""
    spec: Node | None


@dataclass(frozen=True, slots=True)
class Template(Node):
    """An f-string."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """A function without a name; parameters are positional."""

    parameters: tuple[str, ...]
    defaults: tuple[Node, ...]
    """Of the last parameters."""
    body: Node


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """`(name := value)`."""

    name: str
    value: Node


def children(node: Node) -> list[Node]:
    """The nodes directly below, in the order of the text."""
    found: list[Node] = []
    # The slots of a node are its fields.
    names: tuple[str, ...] = type(node).__slots__
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

"""Variables of a query while it runs, and the constructs that bind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from store.aimql import tree
from store.aimql.functions import Function
from store.aimql.limits import Budget
from store.aimql.views import RunView, SequenceView

CompiledLoop = tuple[tree.Loop, Callable[["Frame"], Any], list[Callable[["Frame"], Any]]]


class Frame:
    """What names stand for while one item is evaluated."""

    __slots__ = ("budget", "home", "parent", "run", "sequence", "variables")

    def __init__(
        self,
        run: RunView | None,
        sequence: SequenceView | None,
        budget: Budget,
        parent: Frame | None = None,
    ) -> None:
        self.run = run
        self.sequence = sequence
        self.budget = budget
        self.parent = parent
        self.variables: dict[str, Any] = {}
        self.home: Frame = self
        """Where `:=` binds: outside of comprehensions, as in Python."""

    def child(self, *, is_function: bool) -> Frame:
        """A frame inside this one, of a comprehension or a lambda."""
        frame = Frame(self.run, self.sequence, self.budget, self)
        if not is_function:
            frame.home = self.home
        return frame

    def find(self, name: str) -> tuple[bool, Any]:
        """Whether the name is bound here or further out, and its value."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.variables:
                return True, frame.variables[name]
            frame = frame.parent
        return False, None


def bind_elements(
    loops: list[CompiledLoop], element: Callable[[Frame], Any]
) -> Callable[[Frame], Iterator[Any]]:
    """The elements of a comprehension, one at a time."""

    def turns(frame: Frame, depth: int) -> Iterator[None]:
        if depth == len(loops):
            yield
            return
        loop, source, conditions = loops[depth]
        for value in source(frame):
            frame.budget.charge()
            _assign(frame, loop, value)
            if all(condition(frame) for condition in conditions):
                yield from turns(frame, depth + 1)

    def elements(frame: Frame) -> Iterator[Any]:
        inner = frame.child(is_function=False)
        for _ in turns(inner, 0):
            yield element(inner)

    return elements


def _assign(frame: Frame, loop: tree.Loop, value: Any) -> None:
    if not loop.is_unpacked:
        frame.variables[loop.targets[0]] = value
        return
    frame.budget.charge_reading(value)
    values = list(value)
    if len(values) != len(loop.targets):
        raise ValueError("an element has another number of parts than there are names")
    frame.variables.update(zip(loop.targets, values, strict=True))


def make_lambda(
    parameters: tuple[str, ...],
    defaults: Callable[[Frame], list[Any]],
    body: Callable[[Frame], Any],
) -> Callable[[Frame], Function]:
    """What makes a lambda when its expression is evaluated."""

    def make(frame: Frame) -> Function:
        filled = defaults(frame)

        def call(*arguments: Any, **keywords: Any) -> Any:
            frame.budget.charge()
            values = _arguments(parameters, filled, arguments, keywords)
            inner = frame.child(is_function=True)
            inner.variables.update(values)
            return body(inner)

        return Function("lambda", call)

    return make


def _arguments(
    parameters: tuple[str, ...],
    defaults: list[Any],
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
) -> dict[str, Any]:
    first_default = len(parameters) - len(defaults)
    values = dict(zip(parameters[first_default:], defaults, strict=True))
    values.update(zip(parameters, arguments, strict=False))
    values.update(keywords)
    if len(arguments) > len(parameters) or values.keys() != set(parameters):
        raise TypeError("a lambda was called with other arguments than it has")
    return values

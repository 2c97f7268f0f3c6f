"""Evaluating a query: its tree becomes closures once, which then run for each item.

There is no `eval`: every kind of node has a few lines here that say what it does. Whatever
goes wrong while an item is evaluated means that it does not match.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from store.aimql import tree
from store.aimql.access import get_attribute, get_item
from store.aimql.functions import Function, scope
from store.aimql.limits import (
    MAX_EXHAUSTED_ITEMS,
    MAX_SECONDS,
    Budget,
    LimitExceededError,
)
from store.aimql.loops import Frame, bind_elements, make_lambda
from store.aimql.operators import BINARY, COMPARE, UNARY, format_value
from store.aimql.values import UNDEFINED, Undefined
from store.aimql.views import Clock, RunView, SequenceView
from store.errors import QueryError, QueryStoppedError

Evaluation = Callable[[Frame], Any]

FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What an expression may raise; LimitExceededError is counted apart."""


_ITEMS_A_CHECK = 16
"""Looking at the clock takes as long as evaluating a short query."""


class Evaluator:
    """A query ready to be asked about items, on the thread that made it.

    Args:
        root: The expression.
        clock: When and where it is asked.
        sequence_name: Name of the sequence variable; empty where there is none.
    """

    def __init__(self, root: tree.Node, clock: Clock, sequence_name: str = "") -> None:
        self.clock = clock
        self._evaluate = Compiler(root, clock, sequence_name).compile(root)
        self._asked = 0
        self._exhausted = 0
        self._ends_at = time.thread_time() + MAX_SECONDS

    def matches(self, run: RunView | None, sequence: SequenceView | None = None) -> bool:
        """Whether the item matches; False when evaluating it fails.

        Raises:
            QueryError: If the query has run out of steps for several items.
            QueryStoppedError: If all items together took too long.
        """
        self._asked += 1
        if self._asked % _ITEMS_A_CHECK == 0 and time.thread_time() > self._ends_at:
            raise QueryStoppedError(f"The query was stopped after {MAX_SECONDS:.0f} seconds.")
        try:
            return bool(self._evaluate(Frame(run, sequence, Budget())))
        except FAILURES:
            return False
        except LimitExceededError:
            self._exhausted += 1
            if self._exhausted >= MAX_EXHAUSTED_ITEMS:
                raise QueryError("the query needs more work than a query may") from None
            return False


def value_of(node: tree.Node, clock: Clock) -> Any:
    """The value of an expression without variables.

    Raises:
        LimitExceededError: If it needs too much work; `FAILURES` as the expression does.
    """
    return Compiler(node, clock, "").compile(node)(Frame(None, None, Budget()))


class Compiler:
    """Turns nodes into closures; one for each query."""

    def __init__(self, root: tree.Node, clock: Clock, sequence_name: str) -> None:
        self._scope = scope(clock.now, clock.offset_min)
        self._sequence_name = sequence_name
        # Names that are bound somewhere are looked up when asked for, all others once now.
        self._bound = _bound_names(root)

    def compile(self, node: tree.Node) -> Evaluation:
        """The closure of a node."""
        handler: Callable[[Compiler, Any], Evaluation] = _HANDLERS[type(node)]
        return handler(self, node)

    def _many(self, nodes: tuple[tree.Node, ...]) -> Callable[[Frame], list[Any]]:
        parts = [self.compile(node) for node in nodes if not isinstance(node, tree.Starred)]
        if len(parts) == len(nodes):
            return lambda frame: [part(frame) for part in parts]
        mixed = [
            (isinstance(node, tree.Starred), self.compile(_unstarred(node))) for node in nodes
        ]

        def values(frame: Frame) -> list[Any]:
            found: list[Any] = []
            for is_starred, part in mixed:
                found.extend(part(frame) if is_starred else (part(frame),))
                frame.budget.charge(len(found))
            return found

        return values

    def constant(self, node: tree.Constant) -> Evaluation:
        """A value written in the query."""
        value = node.value
        return lambda _frame: value

    def name(self, node: tree.Name) -> Evaluation:
        """A variable, or one of the names in scope."""
        name = node.name
        if name in self._bound:
            fallback = self._unbound(name)

            def look_up(frame: Frame) -> Any:
                found, value = frame.find(name)
                return value if found else fallback(frame)

            return look_up
        return self._unbound(name)

    def _unbound(self, name: str) -> Evaluation:
        if name == "run":
            return lambda frame: frame.run
        if name == self._sequence_name:
            return lambda frame: frame.sequence
        if name in self._scope:
            value = self._scope[name]
            return lambda _frame: value

        def fail(_frame: Frame) -> Any:
            raise NameError(name)

        return fail

    def attribute(self, node: tree.Attribute) -> Evaluation:
        """`value.name`."""
        value, name = self.compile(node.value), node.name
        return lambda frame: get_attribute(value(frame), name)

    def item(self, node: tree.Item) -> Evaluation:
        """`value[key]` and `value[start:stop]`."""
        value, key = self.compile(node.value), self.compile(node.key)
        if not isinstance(node.key, tree.Slice):
            return lambda frame: get_item(value(frame), key(frame))

        def part(frame: Frame) -> Any:
            whole = value(frame)
            if isinstance(whole, Undefined):
                return UNDEFINED
            result = get_item(whole, key(frame))
            frame.budget.charge_making(result)
            return result

        return part

    def slice(self, node: tree.Slice) -> Evaluation:
        """`start:stop:step`."""
        bounds = [
            self.compile(each or tree.Constant(None))
            for each in (node.start, node.stop, node.step)
        ]
        return lambda frame: slice(*(bound(frame) for bound in bounds))

    def call(self, node: tree.Call) -> Evaluation:
        """A call of one of our functions; calling what is missing gives what is missing."""
        function, arguments = self.compile(node.function), self._many(node.arguments)
        keywords = [(name, self.compile(value)) for name, value in node.keywords]

        def call(frame: Frame) -> Any:
            called = function(frame)
            if isinstance(called, Undefined):
                return UNDEFINED
            if not isinstance(called, Function):
                raise TypeError("not something that can be called")
            budget = frame.budget
            budget.charge()
            budget.charge_reading(called.owner)
            given = arguments(frame)
            for value in given:
                budget.charge_reading(value)
            result = called(*given, **{name: value(frame) for name, value in keywords})
            budget.charge_making(result)
            return result

        return call

    def unary(self, node: tree.Unary) -> Evaluation:
        """`not value`, `-value`..."""
        operation, operand = UNARY[node.operator], self.compile(node.operand)
        return lambda frame: operation(operand(frame))

    def binary(self, node: tree.Binary) -> Evaluation:
        """`left + right`..."""
        operation = BINARY[node.operator]
        left, right = self.compile(node.left), self.compile(node.right)
        return lambda frame: operation(left(frame), right(frame), frame.budget)

    def compare(self, node: tree.Compare) -> Evaluation:
        """A chain of comparisons; each operand is evaluated once at most."""
        first = self.compile(node.left)
        links = [
            (COMPARE[operator], self.compile(operand))
            for operator, operand in zip(node.operators, node.operands, strict=True)
        ]
        if len(links) == 1:
            ((operation, second),) = links
            return lambda frame: operation(first(frame), second(frame), frame.budget)

        def chain(frame: Frame) -> bool:
            left = first(frame)
            for operation, operand in links:
                right = operand(frame)
                if not operation(left, right, frame.budget):
                    return False
                left = right
            return True

        return chain

    def logic(self, node: tree.Logic) -> Evaluation:
        """`and` and `or`, giving the deciding value as in Python."""
        parts = [self.compile(part) for part in node.parts]
        stops_at = node.operator == "or"

        def decide(frame: Frame) -> Any:
            value: Any = None
            for part in parts:
                value = part(frame)
                if bool(value) is stops_at:
                    return value
            return value

        return decide

    def conditional(self, node: tree.Conditional) -> Evaluation:
        """`body if test else other`."""
        test, body, other = (self.compile(each) for each in (node.test, node.body, node.other))
        return lambda frame: body(frame) if test(frame) else other(frame)

    def display(self, node: tree.Display) -> Evaluation:
        """A list, tuple or set."""
        items = self._many(node.items)
        make: Callable[[list[Any]], Any] = {"list": list, "tuple": tuple, "set": set}[node.kind]

        def build(frame: Frame) -> Any:
            made = make(items(frame))
            frame.budget.charge_making(made)
            return made

        return build

    def dict_display(self, node: tree.DictDisplay) -> Evaluation:
        """A dict."""
        keys, values = self._many(node.keys), self._many(node.values)

        def build(frame: Frame) -> Any:
            made = dict(zip(keys(frame), values(frame), strict=True))
            frame.budget.charge_making(made)
            return made

        return build

    def comprehension(self, node: tree.Comprehension) -> Evaluation:
        """A comprehension; a generator expression stays lazy."""
        loops = [
            (loop, self.compile(loop.source), [self.compile(each) for each in loop.conditions])
            for loop in node.loops
        ]
        element = self.compile(node.element)
        if node.value is not None:
            key, value = element, self.compile(node.value)
            element = lambda frame: (key(frame), value(frame))  # noqa: E731
        elements = bind_elements(loops, element)
        if node.kind == "generator":
            return elements
        make: Callable[[Any], Any] = {"list": list, "set": set, "dict": dict}[node.kind]

        def build(frame: Frame) -> Any:
            made = make(elements(frame))
            frame.budget.charge_making(made)
            return made

        return build

    def template(self, node: tree.Template) -> Evaluation:
        """An f-string."""
        parts = [self.compile(part) for part in node.parts]

        def build(frame: Frame) -> str:
            texts = []
            for part in parts:
                text = part(frame)
                frame.budget.charge_making(text)
                texts.append(text)
            return "".join(texts)

        return build

    def formatted(self, node: tree.Formatted) -> Evaluation:
        """One value inside an f-string."""
        value, conversion = self.compile(node.value), node.conversion
        spec = self.compile(node.spec or tree.Constant(""))
        return lambda frame: format_value(value(frame), conversion, spec(frame))

    def function(self, node: tree.Lambda) -> Evaluation:
        """A lambda."""
        return make_lambda(node.parameters, self._many(node.defaults), self.compile(node.body))

    def bind(self, node: tree.Bind) -> Evaluation:
        """`(name := value)`."""
        name, value = node.name, self.compile(node.value)

        def bind(frame: Frame) -> Any:
            bound = value(frame)
            frame.home.variables[name] = bound
            return bound

        return bind


_HANDLERS: dict[type[tree.Node], Any] = {
    tree.Constant: Compiler.constant,
    tree.Name: Compiler.name,
    tree.Attribute: Compiler.attribute,
    tree.Item: Compiler.item,
    tree.Slice: Compiler.slice,
    tree.Call: Compiler.call,
    tree.Unary: Compiler.unary,
    tree.Binary: Compiler.binary,
    tree.Compare: Compiler.compare,
    tree.Logic: Compiler.logic,
    tree.Conditional: Compiler.conditional,
    tree.Display: Compiler.display,
    tree.DictDisplay: Compiler.dict_display,
    tree.Comprehension: Compiler.comprehension,
    tree.Template: Compiler.template,
    tree.Formatted: Compiler.formatted,
    tree.Lambda: Compiler.function,
    tree.Bind: Compiler.bind,
}


def _unstarred(node: tree.Node) -> tree.Node:
    return node.value if isinstance(node, tree.Starred) else node


def _bound_names(root: tree.Node) -> frozenset[str]:
    """Every name that a loop, a lambda or `:=` gives a value somewhere in the query."""
    names: set[str] = set()
    for node in tree.walk(root):
        if isinstance(node, tree.Bind):
            names.add(node.name)
        elif isinstance(node, tree.Lambda):
            names.update(node.parameters)
        elif isinstance(node, tree.Comprehension):
            names.update(name for loop in node.loops for name in loop.targets)
    return frozenset(names)

"""From Python's syntax tree to ours: the whitelist of what a query may hold."""

from __future__ import annotations

import ast
from typing import cast

from store.aimql import tree
from store.aimql.limits import MAX_DEPTH

FORBIDDEN_NAMES = frozenset({"exec", "eval", "compile", "__import__"})

_UNARY: dict[type[ast.unaryop], tree.UnaryOperator] = {
    ast.Not: "not",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Invert: "~",
}
_BINARY: dict[type[ast.operator], tree.BinaryOperator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
_COMPARE: dict[type[ast.cmpop], tree.CompareOperator] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_DISPLAYS: dict[type[ast.expr], tree.DisplayKind] = {
    ast.List: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
}
_COMPREHENSIONS: dict[type[ast.expr], tree.ComprehensionKind] = {
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.GeneratorExp: "generator",
}


class Refusal(Exception):  # noqa: N818
    """Something that a query may not hold, and where it stands."""

    def __init__(self, why: str, node: ast.AST) -> None:
        super().__init__(why)
        self.why = why
        self.node = node


def convert(node: ast.expr, depth: int = 0) -> tree.Node:
    """Our node for one of Python's.

    Raises:
        Refusal: If it is, or holds, what no query may hold.
    """
    if depth > MAX_DEPTH:
        raise Refusal("the expression is nested too deeply", node)
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise Refusal(f"{_words(node)} is not allowed in a query", node)
    return handler(node, depth + 1)


def _words(node: ast.AST) -> str:
    return {"Await": "await", "Yield": "yield", "YieldFrom": "yield"}.get(
        type(node).__name__, f"this kind of expression ({type(node).__name__})"
    )


def _many(nodes: list[ast.expr], depth: int) -> tuple[tree.Node, ...]:
    return tuple(convert(node, depth) for node in nodes)


def _checked(name: str, node: ast.AST) -> str:
    if name.startswith("_"):
        raise Refusal(f"names that begin with '_' are not allowed: '{name}'", node)
    if name in FORBIDDEN_NAMES:
        raise Refusal(f"'{name}' is not allowed in a query", node)
    return name


def _constant(node: ast.expr, _depth: int) -> tree.Node:
    return tree.Constant(cast("ast.Constant", node).value)


def _name(node: ast.expr, _depth: int) -> tree.Node:
    return tree.Name(_checked(cast("ast.Name", node).id, node))


def _attribute(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Attribute", node)
    return tree.Attribute(convert(node.value, depth), _checked(node.attr, node))


def _item(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Subscript", node)
    return tree.Item(convert(node.value, depth), convert(node.slice, depth))


def _slice(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Slice", node)
    parts = (node.lower, node.upper, node.step)
    return tree.Slice(*(convert(part, depth) if part else None for part in parts))


def _starred(node: ast.expr, depth: int) -> tree.Node:
    return tree.Starred(convert(cast("ast.Starred", node).value, depth))


def _call(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Call", node)
    keywords = []
    for keyword in node.keywords:
        if keyword.arg is None:
            raise Refusal("'**' in a call is not allowed in a query", keyword)
        keywords.append((_checked(keyword.arg, keyword), convert(keyword.value, depth)))
    return tree.Call(convert(node.func, depth), _many(node.args, depth), tuple(keywords))


def _unary(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.UnaryOp", node)
    return tree.Unary(_UNARY[type(node.op)], convert(node.operand, depth))


def _binary(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.BinOp", node)
    operator = _BINARY.get(type(node.op))
    if operator is None:
        raise Refusal("only + - * / // % ** & | ^ may stand between two values", node)
    return tree.Binary(operator, convert(node.left, depth), convert(node.right, depth))


def _compare(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Compare", node)
    operators = tuple(_COMPARE[type(operator)] for operator in node.ops)
    return tree.Compare(convert(node.left, depth), operators, _many(node.comparators, depth))


def _logic(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.BoolOp", node)
    operator: tree.LogicOperator = "and" if isinstance(node.op, ast.And) else "or"
    return tree.Logic(operator, _many(node.values, depth))


def _conditional(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.IfExp", node)
    return tree.Conditional(
        convert(node.test, depth), convert(node.body, depth), convert(node.orelse, depth)
    )


def _display(node: ast.expr, depth: int) -> tree.Node:
    items = cast("ast.List", node).elts
    return tree.Display(_DISPLAYS[type(node)], _many(items, depth))


def _dict(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Dict", node)
    keys = []
    for key in node.keys:
        if key is None:
            raise Refusal("'**' in a dict is not allowed in a query", node)
        keys.append(convert(key, depth))
    return tree.DictDisplay(tuple(keys), _many(node.values, depth))


def _comprehension(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.ListComp", node)
    loops = tuple(_loop(each, depth) for each in node.generators)
    return tree.Comprehension(
        _COMPREHENSIONS[type(node)], convert(node.elt, depth), None, loops
    )


def _dict_comprehension(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.DictComp", node)
    loops = tuple(_loop(each, depth) for each in node.generators)
    return tree.Comprehension(
        "dict", convert(node.key, depth), convert(node.value, depth), loops
    )


def _loop(node: ast.comprehension, depth: int) -> tree.Loop:
    if node.is_async:
        raise Refusal("'async for' is not allowed in a query", node.target)
    target = node.target
    is_unpacked = isinstance(target, ast.Tuple | ast.List)
    names = cast("ast.Tuple", target).elts if is_unpacked else [target]
    targets = []
    for name in names:
        if not isinstance(name, ast.Name):
            raise Refusal("a loop may only bind plain names", name)
        targets.append(_checked(name.id, name))
    return tree.Loop(
        tuple(targets), is_unpacked, convert(node.iter, depth), _many(node.ifs, depth)
    )


def _template(node: ast.expr, depth: int) -> tree.Node:
    return tree.Template(_many(cast("ast.JoinedStr", node).values, depth))


def _formatted(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.FormattedValue", node)
    conversion = chr(node.conversion) if node.conversion > 0 else ""
    spec = convert(node.format_spec, depth) if node.format_spec else None
    return tree.Formatted(convert(node.value, depth), conversion, spec)


def _lambda(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.Lambda", node)
    given = node.args
    if given.vararg or given.kwarg or given.kwonlyargs:
        raise Refusal("a lambda may only have plain parameters", node)
    names = [*given.posonlyargs, *given.args]
    return tree.Lambda(
        tuple(_checked(name.arg, name) for name in names),
        _many(given.defaults, depth),
        convert(node.body, depth),
    )


def _bind(node: ast.expr, depth: int) -> tree.Node:
    node = cast("ast.NamedExpr", node)
    return tree.Bind(_checked(node.target.id, node.target), convert(node.value, depth))


_HANDLERS = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _item,
    ast.Slice: _slice,
    ast.Starred: _starred,
    ast.Call: _call,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _logic,
    ast.IfExp: _conditional,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Set: _display,
    ast.Dict: _dict,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.JoinedStr: _template,
    ast.FormattedValue: _formatted,
    ast.Lambda: _lambda,
    ast.NamedExpr: _bind,
}

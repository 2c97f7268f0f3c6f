"""Why an action is not possible where one is: footer and menus show it in grey."""

from __future__ import annotations

from textual.dom import DOMNode


def why_not(node: DOMNode, action: str) -> str:
    """What the widget or anything around it says against an action; empty if it is possible.

    Whoever has a method `why_not(action)` is asked.
    """
    for each in node.ancestors_with_self:
        ask = getattr(each, "why_not", None)
        if ask is not None and (reason := ask(action)):
            return str(reason)
    return ""

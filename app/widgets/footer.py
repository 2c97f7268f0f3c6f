"""The bottom line: the keys that matter here, made from the bindings in force."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode

from app.commands import COMMANDS
from app.widgets.hot_line import HotLine, HotText
from app.widgets.why_not import why_not

_Shown = tuple[Binding, DOMNode]
"""A key, and the widget that answers to it."""

_DISPLAY = {
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "asterisk": "*",
    "colon": ":",
    "slash": "/",
    "backslash": "\\",
    "comma": ",",
    "full_stop": ".",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "exclamation_mark": "!",
    "dollar_sign": "$",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "delete": "del",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "escape": "esc",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "underscore": "_",
    "number_sign": "#",
    "ampersand": "&",
    "vertical_line": "|",
    "tilde": "~",
    "at": "@",
    "semicolon": ";",
    "apostrophe": "'",
    "quotation_mark": '"',
    "grave_accent": "`",
    "percent_sign": "%",
    "circumflex_accent": "^",
}


def key_text(key: str) -> str:
    """A key as people write it: `^p`, `?`, `shift+up`."""
    *modifiers, last = key.split("+")
    last = _DISPLAY.get(last, last)
    if modifiers == ["ctrl"] and len(last) == 1:
        return f"^{last}"
    return "+".join([*modifiers, last])


class Footer(HotLine):
    """One line; every key can be clicked."""

    DEFAULT_CSS = """
    Footer { dock: bottom; color: $text-muted; }
    """

    def on_mount(self) -> None:
        """Follow the bindings in force."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _: object) -> None:
        self.refresh()

    def parts(self, width: int) -> list[HotText]:
        """As many keys as fit; help and palette always."""
        shown, always = self._shown_bindings()
        tail = [_item(binding) for binding, _ in always]
        room = width - 1 - sum(item.content.cell_length for item in tail)
        parts = [HotText(Content(" "))]
        for binding, node in shown:
            item = _item(binding, is_grey=bool(why_not(node, binding.action)))
            if item.content.cell_length > room:
                break
            room -= item.content.cell_length
            parts.append(item)
        return [*parts, *tail]

    def _shown_bindings(self) -> tuple[list[_Shown], list[_Shown]]:
        shown: dict[str, _Shown] = {}
        always: dict[str, _Shown] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or not active.enabled:
                continue
            known = always if (binding.id or "").startswith("app.") else shown
            known.setdefault(binding.action, (binding, active.node))
        order = [command.id for command in COMMANDS]
        ordered = sorted(shown.values(), key=lambda each: _place(order, each[0]))
        return ordered, list(always.values())


def _place(order: list[str], binding: Binding) -> int:
    return order.index(binding.id) if binding.id in order else len(order)


def _item(binding: Binding, *, is_grey: bool = False) -> HotText:
    """A key and what it does; in grey when it is not possible here."""
    look = "$foreground 30%" if is_grey else "bold $footer-key-foreground"
    key = Content.styled(key_text(binding.key), look)
    tone = "$foreground 30%" if is_grey else "$foreground 60%"
    title = Content.styled(f" {binding.description}  ", tone)
    return HotText(Content.assemble(key, title), f"app.press('{binding.key}')")

"""The bottom line: the keys that matter here, made from the bindings in force."""

from __future__ import annotations

from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

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


class Footer(Widget):
    """One line; every key can be clicked."""

    DEFAULT_CSS = """
    Footer { dock: bottom; height: 1; background: $panel; color: $text-muted; }
    """

    def on_mount(self) -> None:
        """Follow the bindings in force."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _: object) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        """As many keys as fit; help and palette always."""
        shown, always = self._bindings()
        tail = Content("").join(self._item(binding) for binding in always)
        room = self.size.width - tail.cell_length - 1
        parts = [Content(" ")]
        for binding in shown:
            item = self._item(binding)
            if item.cell_length > room:
                break
            room -= item.cell_length
            parts.append(item)
        return Content("").join([*parts, tail])

    def _bindings(self) -> tuple[list[Binding], list[Binding]]:
        shown: dict[str, Binding] = {}
        always: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or not active.enabled:
                continue
            known = always if (binding.id or "").startswith("app.") else shown
            known.setdefault(binding.action, binding)
        return list(shown.values()), list(always.values())

    def _item(self, binding: Binding) -> Content:
        key = key_text(binding.key)
        return Content.from_markup(
            f"[@click=app.press('{binding.key}')][$footer-key-foreground]$key[/] $title[/]  ",
            key=key,
            title=binding.description,
        )

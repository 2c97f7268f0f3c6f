"""Make an access token, and show its secret, which nobody can read again."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.models.access import MAX_TOKEN_DAYS

ROLES = ("read", "write", "admin")


class NewToken(Struct, frozen=True):
    """What a token is to be."""

    name: str
    role: str
    tenant: str
    days: float
    """Until it expires; 0 is for ever."""


class NewTokenDialog(ModalScreen[NewToken | None]):
    """Four lines; `enter` goes on to the next, and makes the token on the last."""

    DEFAULT_CSS = """
    NewTokenDialog .label { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "dismiss(None)", show=False),
        Binding("ctrl+s", "make", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Name, role, tenant, days."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = "New token"
            frame.border_subtitle = "enter goes on · ctrl+s makes it · esc cancels"
            for name, label, value in (
                ("name", "name, such as of the machine that uses it", ""),
                ("role", "role: read, write or admin", "write"),
                ("tenant", "tenant; * for all", "default"),
                ("days", "days until it expires; empty for ever", ""),
            ):
                yield Static(label, classes="label")
                yield Input(value, id=name, classes="-compact")
            yield Static("", classes="problem", markup=False)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        if message.input.id == "days":
            self.action_make()
        else:
            self.focus_next(Input)

    def action_make(self) -> None:
        """Answer, if all lines make sense."""
        name, role, tenant, days = (
            self.query_one(f"#{each}", Input).value.strip()
            for each in ("name", "role", "tenant", "days")
        )
        problem = ""
        if not name:
            problem = "A token needs a name."
        elif role not in ROLES:
            problem = f"The role is one of {', '.join(ROLES)}."
        elif not tenant:
            problem = "A token needs a tenant: default, if you have no others."
        elif days and not (days.isdecimal() and 0 < int(days) <= MAX_TOKEN_DAYS):
            problem = f"Days are a whole number from 1 to {MAX_TOKEN_DAYS:,}, or nothing."
        if problem:
            self.query_one(".problem", Static).update(problem)
            return
        self.dismiss(NewToken(name, role, tenant, float(days or 0)))


class SecretDialog(ModalScreen[None]):
    """The secret of a new token; it stays until somebody closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,ctrl+c", "dismiss(None)", show=False),
        Binding("y", "copy", show=False),
    ]

    def __init__(self, name: str, secret: str) -> None:
        super().__init__()
        self._name = name
        self._secret = secret

    def compose(self) -> ComposeResult:
        """The secret and how to use it."""
        with Vertical(classes="dialog") as frame:
            frame.border_title = f"Token {self._name}"
            frame.border_subtitle = "y copies it · esc closes"
            yield Static(f"{self._secret}\n", id="secret", markup=False)
            yield Static(
                "It is shown this once. Programs send it as\n"
                "Authorization: Bearer …, runfolio reads it from RUNFOLIO_TOKEN.",
                classes="hint",
                markup=False,
            )

    def action_copy(self) -> None:
        """Copy the secret."""
        self.app.copy_to_clipboard(self._secret)
        self.query_one(".hint", Static).update("Copied.")

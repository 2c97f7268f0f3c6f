"""Menus that work everywhere: `?`, palette, `:` line, jump mode, settings, connection.

Mixed into the application; made from the table of commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.actions import parse
from textual.app import App
from textual.dom import DOMNode
from textual.widget import Widget

from app import messages
from app.commands import PLACES, Command, Scope, command_by_id, commands_of
from app.dialogs.command_menu import Choice, CommandMenu
from app.querying.fields import quoted
from app.screens.base import DashboardScreen
from app.widgets.footer import key_text
from app.widgets.why_not import why_not

if TYPE_CHECKING:
    from app.application import RunfolioApplication

_TITLES = {Scope.APP: "everywhere", Scope.TABLE: "in tables", Scope.QUERY: "in the query bar"}


class Menus(App[None]):
    """The part of the application that shows menus and runs what is chosen."""

    def _scopes_here(self) -> tuple[Scope, ...]:
        screen = self.screen
        return screen.scopes() if isinstance(screen, DashboardScreen) else ()

    def _choices(self, *scopes: Scope) -> Iterator[Choice]:
        for command in commands_of(*scopes):
            if not self._is_offered(command):
                continue
            group = _TITLES.get(command.scope, f"on this screen ({command.scope})")
            key = key_text(self._key_of(command))
            reason = self._reason_against(command)
            about = f"not possible here: {reason}" if reason else command.help
            yield Choice(command.id, command.title.capitalize(), about, key, group)

    def _is_offered(self, command: Command) -> bool:
        """Whether what is on screen now has this command at all."""
        name, parameters = parse(command.action or command.name)[1:]
        return all(
            node.check_action(name, parameters) is not False
            for node in self._nodes_here()
            if hasattr(node, f"action_{name}")
        )

    def _reason_against(self, command: Command) -> str:
        """Why what has this command does not allow it now; empty if it does."""
        action = command.action or command.name
        name = parse(action)[1]
        having = (each for each in self._nodes_here() if hasattr(each, f"action_{name}"))
        return why_not(next(having, self.screen), action)

    def _key_of(self, command: Command) -> str:
        keys = cast("RunfolioApplication", self).config.keys
        return keys.get(command.id, command.keys).split(",")[0]

    def action_help(self) -> None:
        """Everything that can be done here, to read or to run."""
        choices = list(self._choices(*self._scopes_here(), Scope.APP))
        menu = CommandMenu("What can be done here", choices)
        self.push_screen(menu, self._run_choice)

    def action_palette(self) -> None:
        """Every command, theme and saved query."""
        choices = [
            each
            for each in self._choices(*self._scopes_here(), Scope.APP)
            if each.id != "app.palette" and self._is_listed(each.id)
        ]
        choices += [
            Choice(f"theme:{name}", f"Theme {name}", "change the colours", "", "themes")
            for name in sorted(self.available_themes)
            if name != self.theme
        ]
        saved = cast("RunfolioApplication", self).view_state.saved_queries
        choices += [
            Choice(f"view:{name}", f"View {name}", query, "", "saved queries")
            for name, query in saved
        ]
        self.push_screen(CommandMenu("Commands", choices), self._run_choice)

    def _is_listed(self, command_id: str) -> bool:
        command = command_by_id(command_id)
        return command is not None and command.is_listed

    def _run_choice(self, choice: str | None) -> None:
        if choice is None:
            return
        kind, _, name = choice.partition(":")
        if kind == "theme" and name:
            self.theme = name
        elif kind == "view" and name:
            self._use_view(name)
        else:
            self.run_command(choice)

    def run_command(self, command_id: str) -> None:
        """Do what a command does, as if its key had been pressed where the focus is."""
        command = command_by_id(command_id)
        if command is None:
            return
        action = command.action or command.name
        name = action.partition("(")[0]
        node = next(
            (each for each in self._nodes_here() if hasattr(each, f"action_{name}")), None
        )
        if node is None:
            self.notify(f"{command.title} is not possible here.", severity="warning")
            return
        self.call_later(partial(self.run_action, action, node))

    def _nodes_here(self) -> Iterator[DOMNode]:
        node: DOMNode | None = self.screen.focused or self.screen
        while node is not None:
            yield node
            node = node.parent
        yield from self.screen.query("*")

    def action_command_line(self) -> None:
        """Take a typed command."""
        from app.dialogs.command_line import CommandLine

        dialog = CommandLine(themes=sorted(self.available_themes))
        self.push_screen(dialog, self._run_line)

    def _run_line(self, line: str | None) -> None:
        from app.commands.line import parse

        if line is None:
            return
        typed = parse(line)
        if typed is None:
            self.notify(f"There is no command “{line}”.", severity="warning")
            return
        self._run_typed(typed.word, typed.rest)

    def _run_typed(self, word: str, rest: str) -> None:
        dashboard = cast("RunfolioApplication", self)
        requests: dict[str, Any] = {
            "exp": lambda: messages.ShowRuns(
                f"run.experiment == {quoted(rest)}" if rest else ""
            ),
            "runs": lambda: messages.ShowRuns(rest),
            "metrics": lambda: messages.ShowMetrics(rest),
        }
        if word == "quit":
            self.run_command("app.quit")
        elif word == "theme":
            self._use_theme(rest)
        elif word == "view":
            self._use_view(rest)
        elif word in requests and (rest or not dashboard.has_place(word)):
            self.post_message(requests[word]())
        elif word == "alert" and rest:
            dashboard.add_alert_rule(rest)
        elif word in {"alert", "alerts"}:
            self.run_command("app.alerts")
        elif word == "dashboard":
            dashboard.go_and("dashboards", lambda screen: screen.file_command(rest))  # type: ignore[attr-defined]
        elif word == "compare":
            self.run_command("runs.compare")
        elif any(place.name == word for place in PLACES):
            dashboard.action_go(word)
        elif word == "note":
            self.run_command("runs.note")
        else:
            self.run_command(word)

    def _use_theme(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        else:
            known = ", ".join(sorted(self.available_themes))
            self.notify(f"There is no theme “{name}”. Themes: {known}", severity="warning")

    def _use_view(self, name: str) -> None:
        saved = dict(cast("RunfolioApplication", self).view_state.saved_queries)
        if name in saved:
            self.post_message(messages.ShowRuns(saved[name]))
        elif not name:
            self.run_command("query.saved")
        else:
            self.notify(f"No query was saved as “{name}”.", severity="warning")

    def action_jump(self) -> None:
        """Show a letter on every part of the screen."""
        from app.dialogs.jump import JumpOverlay

        targets = [each for each in self.screen.focus_chain if each.region.area]
        if len(targets) > 1:
            self.push_screen(JumpOverlay(targets), self._jump_to)
        elif targets:
            targets[0].focus()

    def _jump_to(self, target: Widget | None) -> None:
        if target is not None:
            target.focus()

    def action_settings(self) -> None:
        """Change how the dashboard looks and behaves."""
        from app.dialogs.settings import SettingsDialog

        dashboard = cast("RunfolioApplication", self)
        dialog = SettingsDialog(dashboard.config, sorted(self.available_themes))
        self.push_screen(dialog, dashboard.apply_settings)

    def action_connection(self) -> None:
        """Where the data comes from, and how it is."""
        from app.dialogs.connection import ConnectionDialog

        dashboard = cast("RunfolioApplication", self)
        self.push_screen(ConnectionDialog(dashboard.source, dashboard.standing))

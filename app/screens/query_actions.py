"""What the query bar of a screen asks for: keeping queries, building and copying them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual import getters, on

from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.text_input import TextDialog
from app.querying.plain_words import as_query, metric_query
from app.querying.snippets import snippets
from app.screens.base import DashboardScreen
from app.widgets.query_bar import QueryBar


class QueryActions(DashboardScreen):
    """Mixed into screens with a query bar."""

    query_bar = getters.query_one("#query", QueryBar)

    if TYPE_CHECKING:
        # Given by the screen that this is mixed into.
        def set_query(self, text: str) -> None: ...  # noqa: D102

    @on(QueryBar.SaveAsked)
    def _save_query(self, message: QueryBar.SaveAsked) -> None:
        query = message.text.strip()
        if not query:
            self.notify("There is no query to keep. Type one first.", timeout=3)
            return

        def named(name: str | None) -> None:
            if name:
                self._keep_queries(
                    dict(self.dashboard.view_state.saved_queries) | {name: query}
                )
                self.notify(f"Kept. :view {name} uses it, ctrl+l lists all.", timeout=3)

        known = [name for name, _ in self.dashboard.view_state.saved_queries]
        dialog = TextDialog("Name of this query", hint=query, suggestions=known)
        self.app.push_screen(dialog, named)

    def _keep_queries(self, saved: Mapping[str, str]) -> None:
        self.dashboard.update_state(saved_queries=tuple(sorted(saved.items())))

    @on(QueryBar.SavedAsked)
    def _show_saved(self) -> None:
        from app.dialogs.saved_queries import SavedQueries

        def chosen(query: str | None) -> None:
            if query is not None:
                self.set_query(query)

        saved = dict(self.dashboard.view_state.saved_queries)
        self.app.push_screen(SavedQueries(saved, keep=self._keep_queries), chosen)

    @on(QueryBar.BuildAsked)
    def _build_query(self, message: QueryBar.BuildAsked) -> None:
        from app.dialogs.query_builder import QueryBuilder

        def built(query: str | None) -> None:
            if query is not None:
                self.set_query(query)

        builder = QueryBuilder(
            message.text,
            of_metrics=self.query_bar.language.of_metrics,
            count=self.count_text,
        )
        self.app.push_screen(builder, built)

    def count_text(self, query: str) -> str:
        """What a query finds, in words; blocks. Empty where that is not known."""
        del query
        return ""

    @on(QueryBar.CopyAsked)
    def _copy_query(self, message: QueryBar.CopyAsked) -> None:
        address, store = self.source.address, ""
        if not address.startswith("http"):
            store = str(Path(address).absolute())
            address = f"http://{self.dashboard.view_state.serve_address}"
        meant = metric_query if message.of_metrics else as_query
        ways = {
            each.id: each
            for each in snippets(
                meant(message.text), address, store=store, of_metrics=message.of_metrics
            )
        }
        choices = [Choice(each.id, each.title, each.help) for each in ways.values()]

        def chosen(which: str | None) -> None:
            if which is not None:
                self.app.copy_to_clipboard(ways[which].text)
                self.notify(f"Copied as {ways[which].title}.", timeout=2)

        self.app.push_screen(CommandMenu("Copy the query as", choices), chosen)

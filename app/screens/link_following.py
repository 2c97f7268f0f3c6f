"""Links in the texts of a screen: clicked, or chosen from a menu."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.widgets import Markdown

from app.dialogs.command_menu import Choice, CommandMenu
from app.links import Link, follow_link, links_in
from app.messages import OpenRun, ShowMetrics
from app.screens.base import DashboardScreen


class FollowsLinks(DashboardScreen):
    """A screen that shows texts with links."""

    def text_with_links(self) -> str:
        """The text whose links can be chosen."""
        return ""

    @on(Markdown.LinkClicked)
    def _link_clicked(self, message: Markdown.LinkClicked) -> None:
        message.stop()
        link = Link.of_address(message.href)
        if link is not None:
            self._follow(link)
        elif message.href.startswith(("http://", "https://")):
            self.app.open_url(message.href)

    def action_links(self) -> None:
        """Go to what the text links to; asks if that is several things."""
        links = links_in(self.text_with_links())
        if not links:
            hint = "There is no link here. @run#name leads to a run, [[loss]] to a metric."
            self.notify(hint, timeout=5, markup=False)
        elif len(links) == 1:
            self._follow(links[0])
        else:
            choices = [Choice(link.address, link.name, link.kind) for link in links]
            self.app.push_screen(CommandMenu("Go to", choices), self._chosen)

    def _chosen(self, address: str | None) -> None:
        link = Link.of_address(address or "")
        if link is not None:
            self._follow(link)

    def _follow(self, link: Link) -> None:
        work = partial(follow_link, self.source, link)
        self.load("link", work, partial(self._found, link))

    def _found(self, link: Link, request: OpenRun | ShowMetrics | None) -> None:
        if request is None:
            text = f"No run is called “{link.name}”."
            self.notify(text, severity="warning", timeout=5, markup=False)
        else:
            self.post_message(request)

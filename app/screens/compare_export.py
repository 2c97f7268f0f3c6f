"""The table of a comparison as text: to a file, or to the clipboard. Mixed into the screen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from app.dialogs.command_menu import Choice, CommandMenu
from app.dialogs.text_input import TextDialog
from app.panels.compare_tabs.base import CompareTab
from app.screens.tabbed import TabbedScreen
from app.traces.export import write_text
from app.traces.tables import TABLE_FORMATS, table_text


class CompareExport(TabbedScreen):
    """Writes and copies the table of the tab in sight."""

    @property
    def compare_tab(self) -> CompareTab:
        """The tab in sight, with its type."""
        assert isinstance(self.tab, CompareTab)
        return self.tab

    def action_export(self) -> None:
        """Write the table to a file."""
        choices = [Choice(name, title, help_) for name, (title, help_) in TABLE_FORMATS.items()]
        self.app.push_screen(CommandMenu("Export the table", choices), self._ask_path)

    def _ask_path(self, suffix: str | None) -> None:
        if suffix is not None:
            name = self.tabs.active
            value = str(Path.cwd() / f"comparison-{name}.{suffix}")
            dialog = TextDialog("Export to", value=value)
            self.app.push_screen(dialog, partial(self._export, suffix))

    def _export(self, suffix: str, path: str | None) -> None:
        if path:
            work = partial(_write, self.compare_tab, suffix, Path(path).expanduser())
            self.load("export", work, self._exported)

    def _exported(self, said: str) -> None:
        self.notify(said or "This tab has no table yet.", timeout=4, markup=False)

    def action_copy(self) -> None:
        """Copy the table as Markdown."""
        self.load("export", partial(_text, self.compare_tab, "md"), self._copied)

    def _copied(self, text: str) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.notify("Table copied as Markdown", timeout=2)
        else:
            self._exported("")


def _text(tab: CompareTab, suffix: str) -> str:
    table = tab.sheet() if suffix == "csv" else tab.table()
    return table_text(*table, suffix) if table is not None and table[1] else ""


def _write(tab: CompareTab, suffix: str, path: Path) -> str:
    text = _text(tab, suffix)
    return write_text(path, text) if text else ""

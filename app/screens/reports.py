"""Reports: Markdown with live panels; to read, write, rename, and export.

What is typed is kept by itself a moment after the last key, and can be taken back with undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual import getters, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label, TextArea

from app.boards.board import Board, Panel, new_panel
from app.boards.export import REPORT_FORMATS, report_text
from app.boards.kinds import PanelKind, Suggest
from app.boards.report_document import ReportDocument, panel_block
from app.boards.report_starter import starter_report
from app.boards.saving import Saver
from app.changes.boards import CreatedReport, delete_report_change, report_change
from app.commands import Scope, bindings
from app.dialogs.confirm import ConfirmDialog
from app.dialogs.text_input import TextDialog
from app.formatting import ago, one_line, plural, shorten, timestamp
from app.outside.editor import edit_in_terminal
from app.panels.board_panels.report import ReportReader
from app.screens.board_screen import BoardScreen
from app.sources import Feature, Source
from app.widgets.cells import plain
from app.widgets.grid import GridColumn, GridView
from app.widgets.simple_grid import GridRow, SimpleGrid
from app.widgets.word_bar import WordBar
from store.errors import StoreError
from store.models import Report

SAVE_AFTER_S = 1.0
PREVIEW_AFTER_S = 0.3
LIST_ACTIONS = frozenset(
    {"read", "edit", "create", "rename", "describe", "delete", "export", "copy"}
)
"""Possible while no text is written."""
HOW_TO_LINK = "@run#name and [[metric]] become links"
NOTHING = "There are no reports yet.\n\nn writes one."


class ReportText(TextArea):
    """The text of a report."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.REPORT_TEXT)


class ReportsScreen(BoardScreen):
    """A list of reports beside the one under the cursor."""

    PLACE = "reports"
    SCOPES = (Scope.REPORTS, Scope.REPORT, Scope.REPORT_TEXT, Scope.TABLE)
    CSS_PATH = "reports.tcss"
    NEEDS: ClassVar[Mapping[str, Feature]] = dict.fromkeys(
        ("edit", "edit_outside", "create", "rename", "describe", "delete"), Feature.WRITE
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.REPORTS)

    grid = getters.query_one("#reports", SimpleGrid)
    reader = getters.query_one("#reader", ReportReader)
    words = getters.query_one(WordBar)
    area = getters.query_one("#report-text", ReportText)

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.reports: dict[str, Report] = {}
        self._wanted = ""
        """A report to go to once it is listed."""
        self._saver: Saver[str] | None = None
        self._typed_over = ""
        """The text as it was kept last."""
        self._save_timer: Timer | None = None
        self._preview_timer: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The list; text and page beside it."""
        with Horizontal(id="reports-body"):
            with Vertical(id="reports-list"):
                yield WordBar(placeholder="words of a report")
                yield SimpleGrid(id="reports")
            with Vertical(id="report-pane", classes="pane"), Horizontal(id="sides"):
                yield ReportText(id="report-text", language=None, soft_wrap=True, compact=True)
                yield ReportReader(id="reader")
        yield Label(NOTHING, id="no-reports", classes="empty list-empty", markup=False)

    def on_mount(self) -> None:
        """The columns, and all reports."""
        super().on_mount()
        self.reader.read_with(self.read_content, self.look)
        self.grid.set_columns(
            [GridColumn("name", "report", 26), GridColumn("age", "age", 5, is_right=True)]
        )
        self.grid.focus()
        self.refresh_data()
        self.load_names()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What is about whole reports is not offered while one is written."""
        return not (self.has_class("-editing") and action in LIST_ACTIONS)

    # Reading

    def refresh_data(self) -> None:
        """Read the list again, and every panel in sight."""
        self._read_list()
        self.reader.read_panels()

    def follow(self, run_hashes: frozenset[str] | None) -> None:  # noqa: ARG002
        """Runs or reports changed."""
        self._read_list()
        self.reader.refresh_panels()

    def settings_changed(self) -> None:
        """Numbers may look different."""
        self.reader.read_panels()

    def _read_list(self) -> None:
        self.load("reports", self.source.find_reports, self._show_list, self._list_failed)

    def _list_failed(self, error: StoreError) -> None:
        self.list_failed(error, is_empty=not self.reports)

    def _show_list(self, reports: list[Report]) -> None:
        self.query_one("#no-reports", Label).update(NOTHING)
        ordered = sorted(reports, key=lambda each: -each.updated_at)
        self.reports = {each.id: each for each in ordered}
        self.set_class(not reports, "-empty")
        if self._wanted in self.reports:
            self.words.clear()
        self._show_rows()
        if self._wanted in self.reports:
            self.grid.cursor_row = list(self.reports).index(self._wanted)
            self._wanted = ""
            self._show_report()
            self.action_edit()
        else:
            self._show_report()

    @on(WordBar.Changed)
    def _show_rows(self) -> None:
        found = [
            each
            for each in self.reports.values()
            if self.words.fits((each.name, each.description, each.code))
        ]
        self.words.show_count(len(found), len(self.reports), "report")
        now_s = self.dashboard.clock()
        self.grid.show_rows([_row(each, now_s) for each in found])

    @on(WordBar.Left)
    def _words_left(self) -> None:
        self.grid.focus()

    def focus_query(self) -> bool:
        """Find reports by words; while one is written or read there is no list."""
        has_list = not self.has_class("-editing") and not self.has_class("-reading")
        if has_list:
            self.words.enter()
        return has_list

    @property
    def report(self) -> Report | None:
        """The report under the cursor."""
        return self.reports.get(self.grid.cursor_key or "")

    @on(GridView.RowHighlighted, "#reports")
    def _show_report(self) -> None:
        if not self.has_class("-editing"):
            self._show_caption()
            self.reader.show_code(self.report.code if self.report is not None else "")

    def _show_caption(self) -> None:
        report = self.report
        pane = self.query_one("#report-pane")
        pane.border_title = shorten(one_line(report.name), 60) if report is not None else ""
        parts = []
        if report is not None:
            parts = [one_line(report.description), f"changed {timestamp(report.updated_at)}"]
        pane.border_subtitle = shorten(" · ".join(part for part in parts if part), 70)

    @on(GridView.RowSelected, "#reports")
    def action_read(self) -> None:
        """Read the report over the whole width."""
        if self.report is not None:
            self.add_class("-reading")
            self.reader.focus()

    def step_back(self) -> bool:
        """Leave the text, then the page."""
        if self.has_class("-editing"):
            self._leave_text()
            return True
        if not self.has_class("-reading") and self.words.step_back():
            return True
        if self.reader.leave():
            return True
        if self.has_class("-reading") or not self.grid.has_focus:
            self.remove_class("-reading")
            self.grid.focus()
            return True
        return False

    def text_with_links(self) -> str:
        """The text of the report, without its panels."""
        code = self.report.code if self.report is not None else ""
        parts = ReportDocument.parse(code).parts
        return "\n\n".join(part for part in parts if isinstance(part, str))

    # Writing

    def action_edit(self) -> None:
        """Edit the report."""
        report = self.report
        if report is None or not self.may_write():
            return
        write = partial(self._write_code, report.id)
        self._saver, self._typed_over = Saver(report.id, write), report.code
        with self.prevent(TextArea.Changed):
            self.area.load_text(report.code)
        self.add_class("-editing")
        self.query_one("#report-pane").border_subtitle = HOW_TO_LINK
        self.area.focus()

    def _write_code(self, report_id: str, code: str) -> None:
        self.source.update_report(report_id, code=code)

    @on(TextArea.Changed, "#report-text")
    def _typed(self) -> None:
        for timer in (self._save_timer, self._preview_timer):
            if timer is not None:
                timer.stop()
        self._save_timer = self.set_timer(SAVE_AFTER_S, self._keep_typed)
        self._preview_timer = self.set_timer(PREVIEW_AFTER_S, self._show_typed)

    def _show_typed(self) -> None:
        if self.has_class("-editing"):
            self.reader.show_code(self.area.text)

    def _keep_typed(self) -> None:
        saver, old, new = self._saver, self._typed_over, self.area.text
        if saver is None or new == old:
            return
        self._typed_over = new
        self.dashboard.undo_stack.record(saver.change("Changed a report", old, new))
        work = partial(saver.write, new, saver.ticket())
        self.load("save", work, lambda _: None)

    def _leave_text(self) -> None:
        if self._save_timer is not None:
            self._save_timer.stop()
        self._keep_typed()
        self.remove_class("-editing")
        self._show_caption()
        self._saver = None
        (self.reader if self.has_class("-reading") else self.grid).focus()
        self._read_list()

    def action_preview(self) -> None:
        """Show the page beside the text, or not."""
        self.toggle_class("-no-preview")
        if self.has_class("-narrow"):
            self.notify("The page beside the text needs a window of 120 columns.", timeout=3)

    def action_edit_outside(self) -> None:
        """Edit in your editor."""
        report = self.report
        if report is None or not self.may_write():
            return
        is_editing = self.has_class("-editing")
        before = self.area.text if is_editing else report.code
        text = edit_in_terminal(self.app, before)
        if text is None:
            self.notify("The editor could not be run. Is $EDITOR set?", severity="warning")
        elif is_editing:
            self.area.load_text(text + "\n")
        elif text.strip() != before.strip():
            self.dashboard.make_change(report_change(self.source, report, code=text + "\n"))

    def action_insert_panel(self) -> None:
        """Put a panel into the text where the cursor is."""

        def chosen(kind: PanelKind) -> None:
            panel = new_panel(Board(), kind, **self.usual_settings(kind))
            self.configure_panel(panel, "Insert", self._insert)

        self.choose_panel(chosen)

    def _insert(self, panel: Panel) -> None:
        row, column = self.area.cursor_location
        lead = "\n" if column else ""
        self.area.insert(f"{lead}{panel_block(panel)}\n", (row, column))

    # The report as a whole

    def action_create(self) -> None:
        """Write a new report."""

        def named(name: str | None) -> None:
            if name:
                code = starter_report(name, tuple(self._names.get(Suggest.METRIC, ())[:1]))
                created = CreatedReport(self.source, name, code)
                change = created.change()

                def made(_: None) -> None:
                    self.dashboard.undo_stack.record(change)
                    self._wanted = created.report_id
                    self._read_list()

                self.load("create", change.do, made)

        if self.may_write():
            self.app.push_screen(TextDialog("New report", placeholder="name"), named)

    def action_rename(self) -> None:
        """Give the report another name."""
        report = self.report
        if report is None or not self.may_write():
            return

        def given(name: str | None) -> None:
            if name and name != report.name:
                self.dashboard.make_change(report_change(self.source, report, name=name))

        self.app.push_screen(TextDialog("Rename", value=report.name), given)

    def action_describe(self) -> None:
        """Write the description of the report."""
        report = self.report
        if report is None or not self.may_write():
            return

        def given(text: str | None) -> None:
            if text is not None and text != report.description:
                change = report_change(self.source, report, description=text)
                self.dashboard.make_change(change)

        dialog = TextDialog("Description", value=report.description, is_required=False)
        self.app.push_screen(dialog, given)

    def action_delete(self) -> None:
        """Delete the report after asking."""
        report = self.report
        if report is None or not self.may_write():
            return

        def confirmed(is_sure: bool | None) -> None:
            if is_sure:
                self.remove_class("-reading")
                self.grid.focus()
                self.dashboard.make_change(delete_report_change(self.source, report))

        words = plural(len(report.code.split()), "word")
        panels = plural(len(ReportDocument.parse(report.code).panels), "panel")
        text = f"Delete the report “{shorten(one_line(report.name), 60)}”?"
        text += f"\n\nIt has {words} and {panels}."
        self.app.push_screen(ConfirmDialog("Delete", text, verb="Delete"), confirmed)

    def action_export(self) -> None:
        """Write the report to a file."""
        report = self.report
        if report is not None:
            make = partial(report_text, self.source, report, self.look())
            self.ask_export("Export the report", report.name, REPORT_FORMATS, make)

    def action_copy(self) -> None:
        """Copy the text of the report."""
        if self.report is not None:
            self.app.copy_to_clipboard(self.report.code)
            self.notify("Copied the report.", timeout=2)


def _row(report: Report, now_s: float) -> GridRow:
    age = plain(ago(report.updated_at, now_s), "muted", is_right=True)
    return GridRow(report.id, (plain(one_line(report.name)), age))

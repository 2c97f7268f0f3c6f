"""What keys do in dashboards and reports."""

from __future__ import annotations

from tests.app.keys.trying import Try

DASHBOARDS = (
    Try("dashboards.open_board", after="escape"),
    Try("dashboards.rename", sees="Rename"),
    Try("dashboards.describe"),
    Try("dashboards.sort"),
    Try("dashboards.export"),
    Try("dashboards.import_board"),
    Try("dashboards.copy_board", after="escape"),
    Try("dashboards.present", after=("escape", "escape")),
    Try("dashboards.create"),
    Try("dashboards.create_starter", after="escape"),
    Try("dashboards.delete"),
    Try("dashboards.longer", ("p",)),
    Try("dashboards.shorter"),
    Try("dashboards.next_board"),
    Try("dashboards.board_before"),
)
BOARD = (
    Try("board.inspect", after="escape"),
    Try("board.edit"),
    Try("board.right"),
    Try("board.left"),
    Try("board.down"),
    Try("board.up"),
    Try("board.move_right"),
    Try("board.move_left"),
    Try("board.move_down"),
    Try("board.move_up"),
    Try("board.narrower"),
    Try("board.wider"),
    Try("board.lower"),
    Try("board.higher"),
    Try("board.duplicate"),
    Try("board.page_down", ("pageup", "pageup")),
    Try("board.page_up"),
    Try("board.remove"),
    Try("board.add"),
    Try("board.configure"),
    Try("board.copy"),
    Try("board.export"),
    Try("board.full_size", after="escape"),
    Try("board.present"),
    Try("board.pause", after="escape"),
    Try("board.enter_panel", after="7"),
)
REPORTS = (
    Try("reports.read", after="escape"),
    Try("reports.edit", after="escape"),
    Try("reports.edit_outside", sees="editor could not be run"),
    Try("reports.links"),
    Try("reports.rename"),
    Try("reports.describe"),
    Try("reports.export"),
    Try("reports.copy"),
    Try("reports.delete"),
    Try("reports.create"),
)
REPORT = (
    Try("report.next_panel"),
    Try("report.previous_panel", ("right_curly_bracket",)),
    Try("report.scroll_down"),
    Try("report.scroll_up"),
    Try("report.page_down", ("home",)),
    Try("report.page_up"),
    Try("report.scroll_end"),
    Try("report.scroll_home"),
    Try("report.enter_panel", ("right_curly_bracket",), after="8"),
    Try("report.inspect", ("right_curly_bracket", "right_curly_bracket")),
)
REPORT_TEXT = (
    Try("report_text.preview", sees="needs a window of 120"),
    Try("report_text.insert_panel"),
    Try("report_text.edit_outside", sees="editor could not be run"),
)

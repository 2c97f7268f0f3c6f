"""Reports taken apart and put together."""

from __future__ import annotations

from hypothesis import given, strategies as st

from app.boards.board import Panel
from app.boards.kinds import KINDS, PanelKind
from app.boards.report_document import ReportDocument, panel_block, panel_lines
from app.boards.report_starter import starter_report

REPORT = """# Title

Words before.

```panel
kind: chart
title: The loss: of all
query: run.hparams.lr > 0.1
metric: loss {subset=val}
smoothing: 0.6
log_y: true
height: 20
```

```python
x = 1
```
After.
"""


def test_panels_and_texts_come_in_their_order() -> None:
    before, panel, after = ReportDocument.parse(REPORT).parts
    assert before == "# Title\n\nWords before."
    assert isinstance(panel, Panel)
    assert (panel.kind, panel.title) == (PanelKind.CHART, "The loss: of all")
    assert panel.query == "run.hparams.lr > 0.1"
    assert panel.setting("metric") == "loss {subset=val}"
    assert (panel.setting("smoothing"), panel.setting("log_y")) == (0.6, True)
    assert panel_lines(panel) == 20
    assert isinstance(after, str)
    assert "```python" in after


def test_a_block_that_is_no_panel_says_so() -> None:
    (text,) = ReportDocument.parse("a\n```panel\ntitle: x\n```\nb").parts
    assert isinstance(text, str)
    assert "needs a kind" in text
    assert text.startswith("a")
    assert text.endswith("b")


def test_a_block_without_an_end_is_still_a_panel() -> None:
    assert len(ReportDocument.parse("```panel\nkind: runs\n").panels) == 1


values = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1)


@given(st.sampled_from(PanelKind), values, values, values)
def test_a_block_gives_the_panel_it_was_made_of(
    kind: PanelKind, title: str, query: str, text: str
) -> None:
    settings = {s.name: text for s in KINDS[kind].settings if s.default == "" and not s.choices}
    panel = Panel("1", kind, title, query, settings)
    (read,) = ReportDocument.parse(panel_block(panel)).panels
    assert (read.title, read.query) == (title, query)
    assert all(read.setting(name) == panel.setting(name) for name in settings)


@given(st.text())
def test_no_text_is_too_odd(code: str) -> None:
    ReportDocument.parse(code)


def test_notes_with_several_lines_survive() -> None:
    panel = Panel("1", PanelKind.NOTE, settings={"text": "a\n\n- b\n```\nc\n```"})
    (read,) = ReportDocument.parse(panel_block(panel)).panels
    assert read.setting("text") == panel.setting("text")


def test_a_first_report_has_live_panels() -> None:
    assert len(ReportDocument.parse(starter_report("x", ("loss",))).panels) == 2
    assert not ReportDocument.parse(starter_report("x")).panels

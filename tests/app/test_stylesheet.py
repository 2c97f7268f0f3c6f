"""Rules are parsed once for each set of colours, and follow the colours."""

from __future__ import annotations

from app.frame.stylesheet import KeptStylesheet, pieces_of
from store import Store
from tests.app.dashboard import driven

CSS = "Label { color: $one; }"


def sheet(color: str) -> KeptStylesheet:
    made = KeptStylesheet(variables={"one": color})
    made.add_source(CSS, read_from=("tests", "one"))
    made.parse()
    return made


def test_the_same_colours_need_no_second_parse() -> None:
    first = sheet("red")
    assert sheet("red").rules[0] is first.rules[0]
    assert sheet("blue").rules[0].styles.color != first.rules[0].styles.color


def test_other_colours_are_applied_and_spoil_nothing() -> None:
    first, second = sheet("red"), sheet("red")
    before = second.rules[0].styles.color
    first.set_variables({"one": "green"})
    first.reparse()
    assert first.rules[0].styles.color != before
    second.reparse()
    assert second.rules[0].styles.color == before
    assert len(pieces_of({"one": "red"}))


async def test_a_theme_chosen_while_it_runs_changes_the_colours(still_lab: Store) -> None:
    async with driven(still_lab, screen="runs") as driving:
        dark = driving.screen.background_colors
        driving.application.theme = "runfolio-light"
        await driving.until(lambda: driving.screen.background_colors != dark, "the colours")

"""Differences between two texts."""

from __future__ import annotations

from hypothesis import given, strategies as st

from app.traces.text_diff import MAX_LINES, Change, TextPart, text_difference


def test_changed_words_of_a_line_are_told_apart() -> None:
    parts = text_difference("the cat sat\nthe end\n", "the dog sat\nthe end\n")
    assert parts == [
        TextPart(Change.SAME, "the "),
        TextPart(Change.REMOVED, "cat"),
        TextPart(Change.ADDED, "dog"),
        TextPart(Change.SAME, " sat\nthe end\n"),
    ]


def test_equal_and_empty_texts_have_no_changes() -> None:
    assert text_difference("a\n", "a\n") == [TextPart(Change.SAME, "a\n")]
    assert text_difference("", "") == []
    assert text_difference("", "new") == [TextPart(Change.ADDED, "new")]


def test_very_long_texts_are_shown_as_a_whole() -> None:
    before, after = "a\n" * (MAX_LINES + 1), "b"
    assert [part.change for part in text_difference(before, after)] == ["removed", "added"]


texts = st.text(alphabet="ab \n.é", max_size=40)


@given(texts, texts)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    parts = text_difference(before, after)
    assert "".join(p.text for p in parts if p.change is not Change.REMOVED) == after
    assert "".join(p.text for p in parts if p.change is not Change.ADDED) == before

"""Alerts on their way out through the terminal."""

from __future__ import annotations

from app.alerts.delivery import desktop_notification
from store.models.alerts import Alert, Finding, Severity


def test_a_name_cannot_smuggle_escape_codes_into_a_notification() -> None:
    finding = Finding("loss is nan", Severity.ERROR, "r1", "na\x1bme;", "loss is nan", "loss")
    text = desktop_notification(Alert(finding, 12.0))
    assert text.count("\x1b") == 2
    assert "name: loss is nan\x07" in text

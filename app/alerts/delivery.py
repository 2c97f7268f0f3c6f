"""How an alert reaches a person who looks elsewhere: bell, desktop, webhook.

The bell and the desktop notification are bytes for the terminal. OSC 9 is understood by
iTerm2, Windows Terminal, ConEmu, kitty and foot among others; OSC 777 by urxvt, foot,
ghostty and VTE builds. A terminal that knows neither ignores them.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.alerts.monitor import Alert
from store.errors import StoreError

BELL = "\a"
WEBHOOK_TIMEOUT_S = 5.0


class WebhookError(StoreError):
    """The webhook did not take an alert."""

    code = "webhook_failed"


def headline(alert: Alert) -> str:
    """The alert in one line: run, then what happened."""
    return f"{alert.finding.run_name}: {alert.finding.text}"


def desktop_notification(alert: Alert) -> str:
    """Escape sequences that ask the terminal for a desktop notification."""
    text = "".join(c for c in headline(alert) if c.isprintable() and c != ";")
    return f"\x1b]9;runfolio: {text}\x07\x1b]777;notify;runfolio;{text}\x07"


def as_json(alert: Alert) -> dict[str, object]:
    """The alert as the webhook receives it."""
    finding = alert.finding
    return {
        "text": headline(alert),
        "rule": str(finding.rule),
        "severity": finding.severity.value,
        "run": finding.run_hash,
        "run_name": finding.run_name,
        "metric": finding.metric or None,
        "context": finding.context.as_dict(),
        "step": finding.step,
        # JSON has no NaN: as on the REST interface, such values travel as text.
        "value": _json_number(finding.value) if finding.metric else None,
        "time": alert.time,
    }


def post_alerts(url: str, alerts: Sequence[Alert]) -> None:
    """Post each alert to a webhook as JSON; blocks.

    Raises:
        WebhookError: If it cannot be reached or answers with an error.
    """
    # Local: most people have no webhook, and httpx takes long to import.
    import httpx

    try:
        with httpx.Client(timeout=WEBHOOK_TIMEOUT_S) as client:
            for alert in alerts:
                client.post(url, json=as_json(alert)).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WebhookError(f"The webhook {url} did not take the alert: {error}") from error


def _json_number(value: float) -> float | str:
    is_finite = value - value == 0
    return value if is_finite else str(value)

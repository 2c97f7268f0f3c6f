"""How an alert reaches a person who looks elsewhere: bytes for the terminal.

OSC 9 is understood by iTerm2, Windows Terminal, ConEmu, kitty and foot among others; OSC 777
by urxvt, foot, ghostty and VTE builds. A terminal that knows neither ignores them.
"""

from __future__ import annotations

from store.models.alerts import Alert

BELL = "\a"


def desktop_notification(alert: Alert) -> str:
    """Escape sequences that ask the terminal for a desktop notification."""
    text = "".join(c for c in alert.headline if c.isprintable() and c != ";")
    return f"\x1b]9;runfolio: {text}\x07\x1b]777;notify;runfolio;{text}\x07"

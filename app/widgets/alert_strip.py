"""The line that says that runs are in trouble; not there while they are not."""

from __future__ import annotations

from msgspec import Struct
from textual.content import Content
from textual.reactive import reactive

from app.formatting import one_line, plural, shorten
from app.widgets.hot_line import HotLine, HotText
from store.models.alerts import AlertSheet, Severity

_TONES = {
    Severity.ERROR: "$error",
    Severity.WARNING: "$warning",
    Severity.INFORMATION: "$success",
}
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "notice"}


class OpenAlerts(Struct, frozen=True):
    """Alerts that nobody acknowledged, counted."""

    counts: tuple[tuple[Severity, int], ...] = ()
    """The loudest first."""
    headline: str = ""
    """Of the newest among the loudest."""

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.counts)

    @classmethod
    def of(cls, sheet: AlertSheet) -> OpenAlerts:
        """The open ones of a sheet."""
        open_alerts = sheet.open_alerts
        counts = []
        headline = ""
        for severity in _TONES:
            these = [each for each in open_alerts if each.finding.severity is severity]
            if these:
                counts.append((severity, len(these)))
                headline = headline or these[0].headline
        return cls(tuple(counts), headline)


class AlertStrip(HotLine):
    """One line; a click opens the list."""

    DEFAULT_CSS = """
    AlertStrip { display: none; }
    AlertStrip.-shown { display: block; }
    """

    alerts: reactive[OpenAlerts] = reactive(OpenAlerts())
    """Given by the screen."""

    def watch_alerts(self) -> None:
        """Come and go."""
        self.set_class(bool(self.alerts.total), "-shown")

    def parts(self, width: int) -> list[HotText]:
        """How many, how bad, the newest of the worst, and how to see them."""
        counts = self.alerts.counts
        if not counts:
            return []
        tone = _TONES[counts[0][0]]
        texts = [Content.styled(f" ▲ {plural(self.alerts.total, 'alert')} ", f"bold {tone}")]
        texts += [
            Content.styled(f" {plural(count, _NOUNS[severity])}", _TONES[severity])
            for severity, count in counts
        ]
        tail = Content.styled("  ! lists them ", "$foreground 60%")
        room = width - sum(text.cell_length for text in (*texts, tail)) - 3
        if room > 10:
            texts.append(Content(f" · {shorten(one_line(self.alerts.headline), room)}"))
        return [HotText(Content("").join([*texts, tail]), "app.alerts")]

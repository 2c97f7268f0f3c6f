"""How busy each day was: a heat map of weeks and weekdays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from app.formatting import local_time, plural
from app.theme import HEAT_STEPS
from app.widgets.cells import theme_color

GLYPHS = ("·", "▪", "▪", "■", "■")
_NAMES = ("Mon", "", "Wed", "", "Fri", "", "Sun")
LEFT = 4


def days_of(times_s: Iterable[float]) -> Counter[date]:
    """How many times fall on each local day."""
    return Counter(local_time(each).date() for each in times_s if each > 0)


def level(amount: int, most: int) -> int:
    """How warm a day is, from 0 for nothing to 4 for the busiest."""
    if amount <= 0 or most <= 0:
        return 0
    return min(4, 1 + int(3 * amount / most + 0.001)) if most > 1 else 4


def weeks_until(today: date, weeks: int) -> list[date]:
    """Mondays of the last weeks, the oldest first."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=at) for at in range(weeks - 1, -1, -1)]


class ActivityMap(Widget):
    """As many weeks as fit, the present one at the right."""

    DEFAULT_CSS = """
    ActivityMap { height: 9; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._days: Counter[date] = Counter()
        self._today = date(1970, 1, 1)

    def show_days(self, times_s: Sequence[float], now_s: float) -> None:
        """Show how many things began on each day."""
        days, today = days_of(times_s), local_time(now_s).date()
        if (days, today) != (self._days, self._today):
            self._days, self._today = days, today
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of months, of a weekday, or of totals."""
        width = self.size.width
        ground = Style(bgcolor=self._colors()[0].rich_color)
        return self._line(y, width).apply_style(ground)

    def _line(self, y: int, width: int) -> Strip:
        weeks = weeks_until(self._today, max(1, (width - LEFT) // 2))
        if y == 0:
            return self._months(weeks, width)
        if y <= 7:
            return self._weekday(weeks, y - 1, width)
        return self._totals(weeks, width)

    def _colors(self) -> tuple[Color, Color]:
        variables = self.app.theme_variables
        return theme_color(variables, "background"), theme_color(variables, "success")

    def _muted(self) -> Style:
        foreground = theme_color(self.app.theme_variables, "foreground")
        return Style(color=self._colors()[0].blend(foreground, 0.55).rich_color)

    def _months(self, weeks: Sequence[date], width: int) -> Strip:
        line = [" "] * (LEFT + 2 * len(weeks) + 3)
        free_from = 0
        for at, monday in enumerate(weeks):
            first = monday.day <= 7
            if first and at * 2 >= free_from:
                line[LEFT + at * 2 : LEFT + at * 2 + 3] = list(monday.strftime("%b"))
                free_from = at * 2 + 4
        return Strip([Segment("".join(line), self._muted())]).adjust_cell_length(width)

    def _weekday(self, weeks: Sequence[date], weekday: int, width: int) -> Strip:
        ground, warm = self._colors()
        foreground = theme_color(self.app.theme_variables, "foreground")
        most = max(self._days.values(), default=0)
        parts = [Segment(_NAMES[weekday].ljust(LEFT), self._muted())]
        for monday in weeks:
            day = monday + timedelta(days=weekday)
            if day > self._today:
                parts.append(Segment("  "))
                continue
            heat = level(self._days[day], most)
            color = (
                ground.blend(warm, HEAT_STEPS[heat]) if heat else ground.blend(foreground, 0.2)
            )
            parts.append(Segment(GLYPHS[heat] + " ", Style(color=color.rich_color)))
        return Strip(parts).adjust_cell_length(width)

    def _totals(self, weeks: Sequence[date], width: int) -> Strip:
        shown = sum(amount for day, amount in self._days.items() if day >= weeks[0])
        today = plural(self._days[self._today], "run")
        text = f"{' ' * LEFT}{today} today · {plural(shown, 'run')} in {plural(len(weeks), 'week')}"
        return Strip([Segment(text, self._muted())]).adjust_cell_length(width)

"""Pictures of activity and of texts. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import timedelta

from app.charts.palette import ChartTheme, faded
from app.charts.picture import Ink, Picture, Sheet, Size, from_text
from app.formatting import local_time, plural
from app.theme import HEAT_STEPS
from app.traces.media import texts_of
from app.widgets.activity_map import GLYPHS, days_of, level, weeks_until
from store.models import ObjectStep

_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
LEFT = 4
DAYS = 7


def draw_activity(
    times_s: Sequence[float], now_s: float, size: Size, theme: ChartTheme
) -> Picture:
    """As many weeks as fit, the present one at the right; a total where there is no room."""
    sheet = Sheet(size)
    days, today = days_of(times_s), local_time(now_s).date()
    weeks = weeks_until(today, max(1, (size.width - LEFT) // 2))
    shown = sum(amount for day, amount in days.items() if day >= weeks[0])
    total = f"{plural(days[today], 'run')} today · {plural(shown, 'run')}"
    if size.height < DAYS + 1:
        return from_text(total, size, Ink(theme.muted))
    free_from = 0
    for at, monday in enumerate(weeks):
        if monday.day <= DAYS and at * 2 >= free_from:
            sheet.write(LEFT + at * 2, 0, monday.strftime("%b"), Ink(theme.muted))
            free_from = at * 2 + 4
    most = max(days.values(), default=0)
    for weekday, name in enumerate(_WEEKDAYS):
        sheet.write(0, weekday + 1, name, Ink(theme.muted))
        for at, monday in enumerate(weeks):
            day = monday + timedelta(days=weekday)
            if day <= today:
                heat = level(days[day], most)
                color = faded(
                    theme.good or theme.color(0), 1 - HEAT_STEPS[heat], theme.background
                )
                ink = Ink(color if heat else theme.grid)
                sheet.write(LEFT + at * 2, weekday + 1, GLYPHS[heat], ink)
    if size.height > DAYS + 1:
        sheet.write(LEFT, DAYS + 1, total, Ink(theme.muted))
    return sheet.finish()


def draw_texts(steps: Sequence[ObjectStep], size: Size, theme: ChartTheme) -> Picture:
    """The texts of some steps."""
    return wrapped("\n\n".join(texts_of(step) for step in steps), size, Ink(theme.text))


def wrapped(text: str, size: Size, ink: Ink) -> Picture:
    """Lines broken between words."""
    lines: list[str] = []
    for line in text.splitlines():
        lines.extend(textwrap.wrap(line, max(1, size.width)) or [""])
        if len(lines) >= size.height:
            break
    return from_text("\n".join(lines), size, ink)

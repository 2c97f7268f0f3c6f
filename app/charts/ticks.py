"""Where the ticks of an axis go and what they say.

Ticks lie at 1, 2 or 5 times a power of ten; on clocks and durations at the steps people count
time in. Labels of one axis share their number of decimals.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

from msgspec import Struct

from app.charts.scale import Scale, ScaleKind

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_TIME_STEPS = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
    86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000,
)  # fmt: skip
_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


class Ticks(Struct, frozen=True):
    """Positions in the units of the axis, ascending, and a label for each."""

    positions: tuple[float, ...]
    labels: tuple[str, ...]


def ticks_of(scale: Scale, count: int) -> Ticks:
    """About `count` ticks inside the limits of an axis; at least one."""
    count = max(1, count)
    if scale.kind is ScaleKind.LOG:
        return _log_ticks(scale, count)
    if scale.kind is ScaleKind.CLOCK:
        return _clock_ticks(scale, count)
    if scale.kind is ScaleKind.DURATION:
        return _duration_ticks(scale, count)
    step = nice_step((scale.high - scale.low) / count)
    if scale.kind is ScaleKind.STEPS:
        step = max(1.0, step)
    positions = _multiples(scale.low, scale.high, step)
    return Ticks(positions, tuple(number_labels(positions, step)))


def nice_step(at_least: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is not below a positive number."""
    if not math.isfinite(at_least) or at_least <= 0:
        return 1.0
    power = math.floor(math.log10(at_least))
    for factor in (1.0, 2.0, 5.0, 10.0):
        step = factor * 10.0**power
        if step >= at_least * (1 - 1e-9):
            return step
    return 10.0 ** (power + 1)


def number_labels(positions: tuple[float, ...], step: float) -> list[str]:
    """Labels of numbers that lie a step apart: as short as tells them apart."""
    largest = max((abs(position) for position in positions), default=0.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if largest >= 1e15 or (largest > 0 and largest < 1e-3):
        return [_scientific(position, step) for position in positions]
    for unit, suffix in _SUFFIXES:
        if largest >= unit * (10 if unit == 1e3 else 1):
            places = max(0, -math.floor(math.log10(step / unit) + 1e-9))
            if places <= 3:
                return [
                    _plain(position / unit, places) + (suffix if position else "")
                    for position in positions
                ]
    return [_plain(position, decimals) for position in positions]


def duration_label(seconds: float) -> str:
    """A duration in its two largest units: `45s`, `1m30`, `2h05`, `3d4h`."""
    sign = "-" if seconds < 0 else ""
    seconds = abs(seconds)
    if seconds < _MINUTE:
        return f"{sign}{seconds:.3g}s"
    if seconds < _HOUR:
        minutes, rest = divmod(round(seconds), 60)
        return f"{sign}{minutes}m{rest:02d}" if rest else f"{sign}{minutes}m"
    if seconds < _DAY:
        hours, rest = divmod(round(seconds / 60), 60)
        return f"{sign}{hours}h{rest:02d}" if rest else f"{sign}{hours}h"
    days, rest = divmod(round(seconds / _HOUR), 24)
    return f"{sign}{days}d{rest}h" if rest else f"{sign}{days}d"


def clock_label(time: float, step_s: float, utc_offset_s: float = 0.0) -> str:
    """A time of day or a date, as fine as the distance to the next tick asks for."""
    try:
        moment = datetime.fromtimestamp(time + utc_offset_s, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return f"{time:.3g}"
    if step_s >= 360 * _DAY:
        return f"{moment:%Y}"
    is_midnight = moment.hour == moment.minute == moment.second == 0
    if step_s >= _DAY or is_midnight:
        return f"{moment.day} {moment:%b}"
    return f"{moment:%H:%M:%S}" if step_s < _MINUTE else f"{moment:%H:%M}"


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    if last - first > 1000 or last < first:
        return (low,)
    # Multiplying by the inverse keeps decimal fractions short: 3 / 10, not 3 * 0.1.
    inverse = round(1 / step) if step < 1 and 1 / step < 1e15 else 0
    return tuple(n / inverse if inverse else n * step for n in range(first, last + 1))


def _log_ticks(scale: Scale, count: int) -> Ticks:
    low, high = math.log10(scale.low), math.log10(scale.high)
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    decades = last - first + 1
    if decades >= 3 or (decades >= 2 and count <= 3):
        stride = max(1, math.ceil(decades / (count + 1)))
        positions = tuple(
            10.0**power for power in range(first, last + 1) if power % stride == 0
        )
    else:
        candidates = (
            factor * 10.0**power
            for power in range(first - 1, last + 1)
            for factor in (1.0, 2.0, 5.0)
        )
        edge = 1e-9
        positions = tuple(
            at for at in candidates if low - edge <= math.log10(at) <= high + edge
        )
    if len(positions) < 2:
        step = nice_step((scale.high - scale.low) / count)
        positions = tuple(at for at in _multiples(scale.low, scale.high, step) if at > 0)
        return Ticks(positions, tuple(number_labels(positions, step)))
    return Ticks(positions, tuple(_short(position) for position in positions))


def _duration_ticks(scale: Scale, count: int) -> Ticks:
    wanted = (scale.high - scale.low) / count
    step = _time_step(wanted)
    positions = _multiples(scale.low, scale.high, step)
    return Ticks(positions, tuple(duration_label(position) for position in positions))


def _clock_ticks(scale: Scale, count: int) -> Ticks:
    step = _time_step((scale.high - scale.low) / count)
    offset = scale.utc_offset_s
    local = _multiples(scale.low + offset, scale.high + offset, step)
    positions = tuple(at - offset for at in local)
    return Ticks(positions, tuple(clock_label(at, step, offset) for at in positions))


def _time_step(at_least: float) -> float:
    if at_least <= 1:
        return nice_step(at_least)
    for step in _TIME_STEPS:
        if step >= at_least:
            return float(step)
    return nice_step(at_least / 31536000) * 31536000


def _plain(value: float, decimals: int) -> str:
    text = f"{value:.{min(decimals, 12)}f}"
    return text.lstrip("-") if float(text) == 0 else text


def _scientific(value: float, step: float) -> str:
    if value == 0:
        return "0"
    digits = max(0, math.floor(math.log10(abs(value)) + 1e-9) - math.floor(math.log10(step)))
    mantissa, _, exponent = f"{value:.{min(digits, 6)}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def _short(value: float) -> str:
    if 1e-3 <= value < 1e4:
        return f"{value:g}"
    if 1e4 <= value < 1e15:
        return number_labels((value,), value)[0]
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}"

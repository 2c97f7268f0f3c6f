"""Values that queries see and Python has not: what is missing, instants, durations.

Missing values follow their own rules and not those of SQL: they are false, differ from
everything but None, are in no order with anything, and looking deeper into them gives
missing values again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn


class Undefined:
    """What a name that leads nowhere gives; falsy and equal to None only."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other is None

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(None)

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __contains__(self, item: object) -> bool:
        return False

    def __iter__(self) -> NoReturn:
        raise TypeError("what is missing cannot be looped over")

    def __str__(self) -> str:
        return "None"

    __repr__ = __str__


class NoExperiment(Undefined):
    """The experiment of a run that has none; Aim calls it `default`, so it equals that."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other is None or other == "default"

    __hash__ = Undefined.__hash__


UNDEFINED = Undefined()
NO_EXPERIMENT = NoExperiment()


def is_none(value: object) -> bool:
    """Whether `value is None` holds in a query."""
    return value is None or isinstance(value, Undefined)


class Duration(float):
    """A length of time in seconds that also compares with a `timedelta`."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return float.__eq__(self, _seconds(other)) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = float.__hash__

    def __lt__(self, other: Any) -> bool:
        return float.__lt__(self, _seconds(other))

    def __le__(self, other: Any) -> bool:
        return float.__le__(self, _seconds(other))

    def __gt__(self, other: Any) -> bool:
        return float.__gt__(self, _seconds(other))

    def __ge__(self, other: Any) -> bool:
        return float.__ge__(self, _seconds(other))

    @property
    def days(self) -> int:
        """Whole days."""
        return timedelta(seconds=self).days

    @property
    def seconds(self) -> int:
        """Whole seconds beyond the days, as a `timedelta` counts them."""
        return timedelta(seconds=self).seconds

    def total_seconds(self) -> float:
        """All of it in seconds."""
        return float(self)


def _seconds(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


class Instant(float):
    """A moment as seconds since the epoch that knows the clock of the person asking.

    It compares with plain numbers and other instants; its parts (`year`, `hour`...) are
    those that the person's clock showed.
    """

    __slots__ = ("offset_min",)

    offset_min: int
    """Minutes from local time to UTC, as JavaScript counts them: -120 for UTC+2."""

    def __new__(cls, seconds: float, offset_min: int = 0) -> Instant:
        """An instant from its seconds since the epoch."""
        instant = super().__new__(cls, seconds)
        instant.offset_min = offset_min
        return instant

    @classmethod
    def from_wall_clock(cls, moment: datetime, offset_min: int) -> Instant:
        """The instant at which the person's clock showed `moment`."""
        if moment.tzinfo is not None:
            return cls(moment.timestamp(), offset_min)
        return cls(moment.replace(tzinfo=UTC).timestamp() + offset_min * 60, offset_min)

    @property
    def wall_clock(self) -> datetime:
        """What the person's clock showed."""
        # Not fromtimestamp(): that fails for years that a C library does not know.
        return datetime(1970, 1, 1) + timedelta(seconds=self - self.offset_min * 60)  # noqa: DTZ001

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int | float | timedelta):
            return Instant(float(self) + float(_seconds(other)), self.offset_min)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Instant):
            return Duration(float(self) - float(other))
        if isinstance(other, int | float | timedelta):
            return Instant(float(self) - float(_seconds(other)), self.offset_min)
        return NotImplemented

    def __rsub__(self, other: Any) -> Any:
        if isinstance(other, int | float):
            return Duration(float(other) - float(self))
        return NotImplemented

    def __str__(self) -> str:
        return str(self.wall_clock)

    def __format__(self, spec: str) -> str:
        if "%" in spec[:-1]:
            return self.wall_clock.strftime(spec)
        return format(float(self), spec) if spec else str(self)

    year = property(lambda self: self.wall_clock.year)
    month = property(lambda self: self.wall_clock.month)
    day = property(lambda self: self.wall_clock.day)
    hour = property(lambda self: self.wall_clock.hour)
    minute = property(lambda self: self.wall_clock.minute)
    second = property(lambda self: self.wall_clock.second)
    microsecond = property(lambda self: self.wall_clock.microsecond)

    def weekday(self) -> int:
        """Day of the week, Monday is 0."""
        return self.wall_clock.weekday()

    def isoweekday(self) -> int:
        """Day of the week, Monday is 1."""
        return self.wall_clock.isoweekday()

    def date(self) -> date:
        """The day."""
        return self.wall_clock.date()

    def time(self) -> time:
        """The time of day."""
        return self.wall_clock.time()

    def timestamp(self) -> float:
        """Seconds since the epoch."""
        return float(self)

    def strftime(self, spec: str) -> str:
        """Formatted as the C function of this name does."""
        return self.wall_clock.strftime(spec)

    def isoformat(self) -> str:
        """As in ISO 8601, by the person's clock."""
        return self.wall_clock.isoformat()

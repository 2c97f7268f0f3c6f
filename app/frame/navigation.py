"""Where one has been: back and forward, and the trail in the header. Pure values."""

from __future__ import annotations

from msgspec import Struct, field

MAX_STOPS = 100


class Stop(Struct, frozen=True):
    """A view that one can come back to."""

    place: str
    """Name of the mode."""
    run_hash: str = ""
    """The run that is open on top of it, if any."""
    query: str | None = None
    """The query of the place, if it has one."""


class History(Struct):
    """Stops in the order visited, and where one is among them."""

    stops: list[Stop] = field(default_factory=list)
    position: int = -1

    @property
    def here(self) -> Stop | None:
        """The present stop."""
        return self.stops[self.position] if self.stops else None

    def visit(self, stop: Stop) -> None:
        """Go somewhere new; what was ahead is forgotten. Standing still is no visit."""
        if stop == self.here:
            return
        del self.stops[self.position + 1 :]
        self.stops.append(stop)
        del self.stops[:-MAX_STOPS]
        self.position = len(self.stops) - 1

    def back(self) -> Stop | None:
        """One stop back, or None at the start."""
        if self.position <= 0:
            return None
        self.position -= 1
        return self.here

    def forward(self) -> Stop | None:
        """One stop forward, or None at the end."""
        if self.position + 1 >= len(self.stops):
            return None
        self.position += 1
        return self.here

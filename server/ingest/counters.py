"""What ingestion counts, for the metrics page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

import msgspec
from msgspec import Struct, field


class IngestCounters(Struct):
    """Plain numbers since the server started; changed on the event loop only."""

    connections: int = 0
    """WebSockets open now."""
    frames: int = 0
    errors: int = 0
    """Frames that failed for a reason of ours."""
    batches: int = 0
    """Batches over HTTP."""
    batch_points: int = 0
    """Points in those batches."""
    messages: Counter[str] = field(default_factory=Counter)
    """By type of message."""

    def count(self, messages: Sequence[Struct]) -> None:
        """Count a frame, and its messages by their types."""
        self.frames += 1
        kinds = set(map(type, messages))
        if len(kinds) == 1:
            self.messages[_tag_of(kinds.pop())] += len(messages)
            return
        for kind, number in Counter(map(type, messages)).items():
            self.messages[_tag_of(kind)] += number


@cache
def _tag_of(kind: type[Struct]) -> str:
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return str(info.tag)

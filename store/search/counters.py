"""What searching has cost since the store was opened: for the metrics page."""

from __future__ import annotations

import threading
from collections import Counter

from msgspec import Struct, field

from store.aimql.plan import Plan


class SearchCounters(Struct):
    """Counts; any thread may add to them and read them."""

    paths: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Searches by how they were answered, which they were, and why: `fast` when the database
    answered all of it, `lazy` when Python had to look at runs too."""
    in_database: int = 0
    """Parts of queries that the database answered."""
    in_python: int = 0
    """Parts of queries that were asked in Python."""
    scanned: Counter[str] = field(default_factory=Counter)
    """Runs and sequences that were looked at in Python, by kind."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def planned(self, endpoint: str, *plans: Plan) -> None:
        """Count a search and the plans that it was divided into."""
        pushed = sum(plan.pushed for plan in plans)
        left = sum(len(plan.remainder) for plan in plans)
        reason = "exact" if not left else "superset" if pushed else "no_candidates"
        with self._lock:
            self.paths[("lazy" if left else "fast", endpoint, reason)] += 1
            self.in_database += pushed
            self.in_python += left

    def scan(self, kind: str, count: int) -> None:
        """Count what was looked at in Python."""
        with self._lock:
            self.scanned[kind] += count

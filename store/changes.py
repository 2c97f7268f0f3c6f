"""What changed since: a version that moves on every visible change.

Views poll `version`, servers block in `wait`. Which runs changed is kept for the most
recent `REMEMBERED_RUNS` of them; who comes later has to reload. Any thread may call
anything. The version counts from 0 in each process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

REMEMBERED_RUNS = 20_000


class Changes:
    """The store's change counter."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._version = 0
        self._run_versions: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._forgotten_up_to = 0

    @property
    def version(self) -> int:
        """The number of changes so far."""
        return self._version

    def touch(self, runs: Iterable[tuple[str, str]] = ()) -> int:
        """Record one change, of these runs if any.

        Args:
            runs: Pairs of tenant and run hash.

        Returns:
            The new version.
        """
        with self._moved:
            self._version += 1
            for run in runs:
                self._run_versions[run] = self._version
                self._run_versions.move_to_end(run)
            while len(self._run_versions) > REMEMBERED_RUNS:
                _, self._forgotten_up_to = self._run_versions.popitem(last=False)
            self._moved.notify_all()
            return self._version

    def touch_all(self) -> int:
        """Record a change that may show in any run, as a renamed experiment does."""
        with self._moved:
            self._version += 1
            self._run_versions.clear()
            self._forgotten_up_to = self._version
            self._moved.notify_all()
            return self._version

    def wait(self, version: int, timeout_s: float | None = None) -> int:
        """Block until the version is past `version` or the time is over.

        Returns:
            The version now.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._version > version, timeout_s)
            return self._version

    def runs_since(self, version: int, tenant: str | None = None) -> set[str] | None:
        """Hashes of the runs that changed after `version`.

        Args:
            version: A version seen earlier.
            tenant: Only this tenant's runs; None for all.

        Returns:
            None when that is too long ago to know, or when every run may have changed.
        """
        with self._moved:
            if version < self._forgotten_up_to:
                return None
            changed: set[str] = set()
            for (owner, run_hash), moved_at in reversed(self._run_versions.items()):
                if moved_at <= version:
                    break
                if tenant is None or owner == tenant:
                    changed.add(run_hash)
            return changed

    def wake(self) -> None:
        """Let everybody who waits return now; used when the store closes."""
        with self._moved:
            self._version += 1
            self._moved.notify_all()

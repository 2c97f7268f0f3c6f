"""Which runs exist, in memory: hash to number and back, per tenant, and tombstones.

Ingestion and look-ups never scan a table for a hash. A run is known here from its first
message on, and `durable` once its row is committed; points wait for that. Numbers ascend
by creation and are never used twice. Any thread may call anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat

from store.database import Database
from store.errors import InvalidDataError, NotFoundError

RESERVED_HASHES = frozenset({".", "..", "runs", "compare", "search"})
"""Words that stand in the place of a run hash in some address."""

RunKey = tuple[str, str]
"""Tenant and run hash."""

TRASH = "\x1ftrash\x1f"
"""What the name of a tenant's trash begins with; no tenant's own name can."""


def trash_of(tenant: str) -> str:
    """The tenant to which the deleted runs of a tenant belong."""
    return TRASH + tenant


def check_run_hash(run_hash: str) -> str:
    """The hash itself when it can name a run.

    Raises:
        InvalidDataError: If it is empty, no single part of a path, or a reserved word.
    """
    why = ""
    if not run_hash or len(run_hash) > 200:
        why = "must have 1 to 200 characters"
    elif not run_hash.isprintable() or "/" in run_hash or "\\" in run_hash:
        why = "must be printable and without slashes"
    elif run_hash in RESERVED_HASHES or run_hash.startswith("progress"):
        why = f"'{run_hash}' is a reserved word"
    elif run_hash != run_hash.strip():
        why = "must not begin or end with a blank"
    if why:
        raise InvalidDataError("run_id", why)
    return run_hash


class RunRegistry:
    """The runs of all tenants."""

    def __init__(self, database: Database) -> None:
        """Read what is on disk; cost grows with the number of runs, 100,000 take 0.1 s."""
        self.lock = threading.RLock()
        self._ids: dict[str, dict[str, int]] = {}
        self._keys: dict[int, RunKey] = {}
        self._waiting: dict[int, list[Callable[[], None]]] = {}
        self._tombstones: set[RunKey] = set()
        self._touched: dict[int, float] = {}
        self._next_id = 1
        self._load(database)

    def _load(self, database: Database) -> None:
        highest = 0
        # One tenant at a time: whole columns become dicts without a loop in Python.
        for (tenant,) in database.rows("SELECT DISTINCT tenant FROM runs ORDER BY tenant"):
            found = database.columns(
                "SELECT id, hash FROM runs WHERE tenant = ? ORDER BY id", [tenant]
            )
            ids, hashes = found["id"].tolist(), found["hash"].tolist()
            self._ids[tenant] = dict(zip(hashes, ids, strict=True))
            self._keys.update(zip(ids, zip(repeat(tenant), hashes), strict=True))
            highest = max(highest, ids[-1])
        self._tombstones = {
            (str(tenant), str(run_hash))
            for tenant, run_hash in database.rows(
                "SELECT tenant, hash FROM tombstones ORDER BY tenant, hash"
            )
        }
        counter = database.row("SELECT value FROM counters WHERE name = 'run'")
        self._next_id = max(highest + 1, counter[0] if counter else 1)

    def id_of(self, tenant: str, run_hash: str) -> int:
        """Number of a run.

        Raises:
            NotFoundError: If there is none of this hash.
        """
        run_id = self._ids.get(tenant, {}).get(run_hash)
        if run_id is None:
            raise NotFoundError("run", run_hash)
        return run_id

    def ids_of(self, tenant: str, hashes: Iterable[str]) -> list[int]:
        """Numbers of those of the runs that exist, in the order given, each once."""
        known = self._ids.get(tenant, {})
        found = (known.get(run_hash) for run_hash in hashes)
        return list(dict.fromkeys(run_id for run_id in found if run_id is not None))

    def key_of(self, run_id: int) -> RunKey | None:
        """Tenant and hash of a run; None when it was deleted."""
        return self._keys.get(run_id)

    def keys_of(self, run_ids: Iterable[int]) -> list[RunKey]:
        """Tenants and hashes of those of the runs that exist."""
        found = (self._keys.get(run_id) for run_id in run_ids)
        return [key for key in found if key is not None]

    def count(self, tenant: str) -> int:
        """How many runs a tenant has."""
        return len(self._ids.get(tenant, {}))

    def tenants(self) -> list[str]:
        """Tenants that have runs, sorted."""
        return sorted(tenant for tenant, ids in self._ids.items() if ids)

    def hashes(self, tenant: str) -> list[str]:
        """All runs of a tenant in the order of their creation."""
        with self.lock:
            return list(self._ids.get(tenant, {}))

    def __len__(self) -> int:
        """Runs of all tenants; those in the trash do not count."""
        return sum(len(ids) for tenant, ids in self._ids.items() if tenant[:1] != TRASH[0])

    def is_buried(self, tenant: str, run_hash: str) -> bool:
        """Whether a tombstone lies on the hash."""
        return (tenant, run_hash) in self._tombstones

    def find_or_allocate(self, tenant: str, run_hash: str) -> tuple[int, bool] | None:
        """Number of a run, and whether it is new; None when it is buried."""
        with self.lock:
            if (tenant, run_hash) in self._tombstones:
                return None
            known = self._ids.setdefault(tenant, {})
            run_id = known.get(run_hash)
            if run_id is not None:
                return run_id, False
            check_run_hash(run_hash)
            run_id = self._next_id
            self._next_id += 1
            known[run_hash] = run_id
            self._keys[run_id] = (tenant, run_hash)
            self._waiting[run_id] = []
            return run_id, True

    def is_durable(self, run_id: int) -> bool:
        """Whether the run's row is committed, or the run is gone."""
        return run_id not in self._waiting

    def when_durable(self, run_id: int, action: Callable[[], None]) -> None:
        """Call the action once the run's row is committed; now, if it is already.

        Actions of one run are called in the order of these calls.
        """
        with self.lock:
            waiting = self._waiting.get(run_id)
            if waiting is not None:
                waiting.append(action)
                return
        # Without the lock: the action may have to wait for somebody who needs it.
        action()

    def not_durable(self, run_ids: Iterable[int]) -> list[int]:
        """Those of the runs whose rows are not committed yet, each once."""
        with self.lock:
            return [run_id for run_id in dict.fromkeys(run_ids) if run_id in self._waiting]

    def mark_durable(self, run_ids: Iterable[int]) -> None:
        """The rows of these runs are committed, or never will be: let go what waited."""
        for run_id in run_ids:
            while True:
                with self.lock:
                    actions = self._waiting.get(run_id)
                    if not actions:
                        self._waiting.pop(run_id, None)
                        break
                    self._waiting[run_id] = []
                for action in actions:
                    action()

    def forget(self, run_ids: Iterable[int], *, bury: bool) -> dict[int, RunKey]:
        """Drop runs from memory, and lay tombstones on their hashes if asked.

        Returns:
            The keys of those that existed, by number.
        """
        with self.lock:
            gone = {}
            for run_id in run_ids:
                key = self._keys.pop(run_id, None)
                if key is None:
                    continue
                gone[run_id] = key
                del self._ids[key[0]][key[1]]
                self._touched.pop(run_id, None)
                if bury:
                    self._tombstones.add(key)
            return gone

    def move(self, run_ids: Iterable[int], tenant: str, *, bury: bool) -> dict[int, RunKey]:
        """Give durable runs to another tenant, where their hashes are free.

        Args:
            run_ids: The runs.
            tenant: Who gets them.
            bury: Whether tombstones are laid on their old places; else those on the new
                ones are taken away.

        Returns:
            The old keys of those that moved, by number.
        """
        moved: dict[int, RunKey] = {}
        with self.lock:
            for run_id in run_ids:
                old = self._keys.get(run_id)
                theirs = self._ids.setdefault(tenant, {})
                if old is None or run_id in self._waiting or old[1] in theirs:
                    continue
                del self._ids[old[0]][old[1]]
                theirs[old[1]] = run_id
                self._keys[run_id] = (tenant, old[1])
                moved[run_id] = old
                if bury:
                    self._tombstones.add(old)
                else:
                    self._tombstones.discard((tenant, old[1]))
        return moved

    def restore(self, runs: Mapping[int, RunKey]) -> None:
        """Undo `forget` when the deletion itself failed."""
        with self.lock:
            for run_id, key in runs.items():
                self._keys[run_id] = key
                self._ids.setdefault(key[0], {})[key[1]] = run_id
                self._tombstones.discard(key)

    def exhume(self, tenant: str, run_hash: str) -> None:
        """Take the tombstone off a hash."""
        with self.lock:
            self._tombstones.discard((tenant, run_hash))

    def touch(self, run_ids: Iterable[int], now: float) -> None:
        """Runs changed; the time is written to disk later, by `take_touched`."""
        with self.lock:
            for run_id in run_ids:
                if run_id in self._keys:
                    self._touched[run_id] = now

    def touched_at(self, run_id: int) -> float:
        """When the run last changed in this process and is not on disk; else 0."""
        return self._touched.get(run_id, 0.0)

    def touched(self) -> list[tuple[int, float]]:
        """Runs whose last change is not on disk yet, with its time."""
        with self.lock:
            return list(self._touched.items())

    def settle(self, written: Iterable[tuple[int, float]]) -> None:
        """These times are on disk now."""
        with self.lock:
            for run_id, at in written:
                if self._touched.get(run_id) == at:
                    del self._touched[run_id]

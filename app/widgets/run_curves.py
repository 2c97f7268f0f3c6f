"""The small curves in metric cells of the runs table: which are known, and how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.widgets.columns import RunColumn, metric_summary
from app.widgets.run_page import RunPage

NO_CURVE = (0, "")
MAX_CURVES = 50_000


class RunCurves:
    """Curves by run and column, with the step that each reaches."""

    def __init__(self, page: RunPage) -> None:
        self._page = page
        self._curves: dict[tuple[str, str], tuple[int, str]] = {}
        self._versions: dict[str, int] = {}
        self._read_for: dict[tuple[str, str], int] = {}
        """Version of the record for which a curve was read last: a curve may never reach the
        step that its record names, and is not read again and again."""
        self._asked_ahead: dict[str, int] = {}
        """Version of the record for which the curves of a run were last read ahead."""

    def add(self, curves: Mapping[tuple[str, str], tuple[int, str]]) -> set[str]:
        """Keep curves by run hash and column id, with the step they reach.

        Returns:
            The runs of which a curve changed.
        """
        if len(self._curves) > MAX_CURVES:
            self._curves.clear()
            self._read_for.clear()
        changed = {key for key, curve in curves.items() if self._curves.get(key) != curve}
        self._curves.update(curves)
        for run_hash, column_id in curves:
            version = self._page.record_version(run_hash)
            self._read_for[run_hash, column_id] = version
        runs = {run_hash for run_hash, _ in changed}
        for run_hash in runs:
            self._versions[run_hash] = self._versions.get(run_hash, 0) + 1
        return runs

    def text(self, run_hash: str, column_id: str) -> str:
        """A curve, empty if it is not known."""
        return self._curves.get((run_hash, column_id), NO_CURVE)[1]

    def version(self, run_hash: str) -> int:
        """Moves when curves of the run come."""
        return self._versions.get(run_hash, 0)

    def lacking(self, run_hashes: Sequence[str], columns: Sequence[RunColumn]) -> list[str]:
        """Runs of which a curve is not known up to its last step."""
        if not columns:
            return []
        return [
            each
            for each in run_hashes
            if any(not self._is_known(each, column) for column in columns)
        ]

    def _is_known(self, run_hash: str, column: RunColumn) -> bool:
        key = (run_hash, column.id)
        known = self._curves.get(key)
        record = self._page.record(run_hash)
        if record is None or self._read_for.get(key) == self._page.record_version(run_hash):
            return True
        summary = metric_summary(record, column.key, column.context)
        return summary is None or (known is not None and known[0] >= summary.last_step)

    def fresh_ahead(self, run_hashes: Sequence[str]) -> list[str]:
        """Those of the runs whose curves were not read ahead since their record changed.

        Once for each record: a curve may never reach the step that its record names.
        """
        fresh = {
            each: self._page.record_version(each)
            for each in run_hashes
            if self._asked_ahead.get(each) != self._page.record_version(each)
        }
        self._asked_ahead.update(fresh)
        return list(fresh)

    def ask_again(self) -> None:
        """Other columns are shown: what was read ahead does not count."""
        self._asked_ahead.clear()

"""`workspace.search`: the searches of one tenant."""

from __future__ import annotations

from collections.abc import Sequence

from store.models import GroupedRuns, SequenceKind
from store.queries.noun import TenantQueries
from store.search.models import RunIndex, RunSearch, SortKey
from store.search.runs import RunMatches, index_runs, search_runs
from store.search.sequences import SequenceMatches, search_sequences
from store.search.tables import best_values, group_runs


class SearchQueries(TenantQueries):
    """Searches over the runs of one tenant.

    All of them raise `QueryError` for a query that cannot be understood, and do so before
    anything is read; `QueryStoppedError` for one that takes too long.
    """

    def runs(self, search: RunSearch) -> RunMatches:
        """Runs that match, with params and metric summaries, read lazily in order.

        Raises:
            QueryError: If the query cannot be understood, or needs too much work.
            InvalidDataError: If there is no such sort field.
            QueryStoppedError: If it takes too long.
        """
        return search_runs(self._core, self._tenant, search)

    def index(self, search: RunSearch) -> RunIndex:
        """Hashes of the runs that match; cheap whatever the number of runs.

        Raises:
            QueryError: If the query cannot be understood, or needs too much work.
            InvalidDataError: If there is no such sort field.
            QueryStoppedError: If it takes too long.
        """
        return index_runs(self._core, self._tenant, search)

    def best(self, search: RunSearch, columns: Sequence[SortKey]) -> list[float | None]:
        """The finite value of each column that its order puts first, over all that match.

        Raises:
            QueryError: If the query cannot be understood, or needs too much work.
            InvalidDataError: If a column has no numbers.
            QueryStoppedError: If it takes too long.
        """
        return best_values(self._core, self._tenant, search, columns)

    def groups(
        self, search: RunSearch, fields: Sequence[str], columns: Sequence[SortKey]
    ) -> list[GroupedRuns]:
        """All runs that match, grouped by fields, with figures of some columns.

        Args:
            search: Which runs, and in which order.
            fields: `experiment`, `status`, `run` for the name, `tags`, `params.<path>`.
            columns: What to give figures of; the direction does not matter.

        Raises:
            QueryError: If the query cannot be understood, or needs too much work.
            InvalidDataError: If there is no such field, or a column has no numbers.
            QueryStoppedError: If it takes too long.
        """
        return group_runs(self._core, self._tenant, search, fields, columns)

    def sequences(
        self, kind: SequenceKind, query: str = "", timezone_offset_min: int = 0
    ) -> SequenceMatches:
        """Sequences of a kind that match, by run, newest run first, read lazily.

        Args:
            kind: The value is also the name of the variable in the query.
            query: In the query language, over `run` and that variable.
            timezone_offset_min: Minutes from the asker's time to UTC.

        Raises:
            QueryError: If the query cannot be understood, or needs too much work.
            QueryStoppedError: If it takes too long.
        """
        return search_sequences(self._core, self._tenant, kind, query, timezone_offset_min)

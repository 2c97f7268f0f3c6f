"""Searching for runs and sequences: order, pages, and the query language over the store."""

from store.search.facade import SearchQueries
from store.search.models import RunIndex, RunSearch, SortKey
from store.search.runs import RunMatches
from store.search.sequences import SequenceMatches

__all__ = [
    "RunIndex",
    "RunMatches",
    "RunSearch",
    "SearchQueries",
    "SequenceMatches",
    "SortKey",
]

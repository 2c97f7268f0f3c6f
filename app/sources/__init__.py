"""Where the dashboard's data comes from: a store in this process, or a server."""

from app.sources.errors import FeatureMissingError, SourceError, SourceUnavailableError
from app.sources.protocol import (
    ALL_FEATURES,
    Feature,
    MetricHit,
    RunIndex,
    SortKey,
    Source,
    Statistics,
    TraceRef,
)

__all__ = [
    "ALL_FEATURES",
    "Feature",
    "FeatureMissingError",
    "MetricHit",
    "RunIndex",
    "SortKey",
    "Source",
    "SourceError",
    "SourceUnavailableError",
    "Statistics",
    "TraceRef",
]

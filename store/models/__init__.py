"""Frozen values that cross the store's border. Nothing here does input or output."""

from store.models.context import EMPTY_CONTEXT, Context
from store.models.nouns import (
    Activity,
    Experiment,
    ExploreApp,
    Note,
    Report,
    SavedDashboard,
    Tag,
)
from store.models.run import (
    Artifact,
    LogLine,
    LogRecord,
    Run,
    RunRecord,
    RunStatus,
    TagRef,
)
from store.models.sequence import (
    MetricSummary,
    ObjectStep,
    ParamsOverview,
    SequenceKey,
    SequenceKind,
    SequenceRef,
    Series,
)
from store.models.tables import Figures, GroupedRuns, TrashedRun
from store.models.vocabulary import MetricWords, ParamWords, ValueCount, Vocabulary

__all__ = [
    "EMPTY_CONTEXT",
    "Activity",
    "Artifact",
    "Context",
    "Experiment",
    "ExploreApp",
    "Figures",
    "GroupedRuns",
    "LogLine",
    "LogRecord",
    "MetricSummary",
    "MetricWords",
    "Note",
    "ObjectStep",
    "ParamWords",
    "ParamsOverview",
    "Report",
    "Run",
    "RunRecord",
    "RunStatus",
    "SavedDashboard",
    "SequenceKey",
    "SequenceKind",
    "SequenceRef",
    "Series",
    "Tag",
    "TagRef",
    "TrashedRun",
    "ValueCount",
    "Vocabulary",
]

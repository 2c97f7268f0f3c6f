"""`Workspace`: everything of one tenant, one object for each noun.

No method takes a tenant: who holds a workspace cannot reach beyond it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.alerts.desk import AlertDesk
from store.alerts.reading import WorkspaceRuns
from store.ingest import Ingest
from store.objects.reader import ObjectQueries
from store.queries.apps import AppQueries
from store.queries.artifacts import ArtifactQueries
from store.queries.compare import CompareQueries
from store.queries.dashboards import DashboardQueries
from store.queries.experiments import ExperimentQueries
from store.queries.foreign import ForeignQueries
from store.queries.logs import LogQueries
from store.queries.notes import NoteQueries
from store.queries.points import PointQueries
from store.queries.projects import ProjectQueries
from store.queries.reports import ReportQueries
from store.queries.runs import RunQueries
from store.queries.sequences import SequenceQueries
from store.queries.settings import SettingQueries
from store.queries.tags import TagQueries
from store.queries.trash import TrashQueries
from store.search import SearchQueries

if TYPE_CHECKING:
    from store.core import StoreCore


class Workspace:
    """Everything of one tenant."""

    def __init__(self, core: StoreCore, tenant: str) -> None:
        self.tenant = tenant
        """Whose workspace this is."""
        self.ingest = Ingest(core, tenant, core.queue)
        self.runs = RunQueries(core, tenant, self.ingest)
        self.experiments = ExperimentQueries(core, tenant)
        self.tags = TagQueries(core, tenant)
        self.notes = NoteQueries(core, tenant)
        self.sequences = SequenceQueries(core, tenant)
        self.points = PointQueries(core, tenant)
        self.objects = ObjectQueries(core, tenant)
        self.logs = LogQueries(core, tenant)
        self.artifacts = ArtifactQueries(core, tenant, self.ingest)
        self.blobs = core.blobs
        """Bytes by their digest; who knows a digest may read the bytes."""
        self.apps = AppQueries(core, tenant)
        self.dashboards = DashboardQueries(core, tenant)
        self.reports = ReportQueries(core, tenant)
        self.settings = SettingQueries(core, tenant)
        runs = WorkspaceRuns(self.runs, self.points)
        self.alerts = AlertDesk(runs, self.settings, runs.points_of)
        self.projects = ProjectQueries(core, tenant, self.settings)
        self.compare = CompareQueries(core, tenant)
        self.foreign = ForeignQueries(core, tenant)
        self.search = SearchQueries(core, tenant)
        self.trash = TrashQueries(core, tenant)

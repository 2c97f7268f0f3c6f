"""The store: experiments, runs and their data on disk. Knows no interface.

    Store.open(path)          a folder, owned by this process
      .default                the workspace of the default tenant
      .workspace(tenant)      runs, experiments, tags, notes, sequences, points, objects,
                              logs, artifacts, apps, dashboards, reports, settings,
                              projects, search, ingest
      .changes                what changed since
      .tokens, .audit         access to the whole store

Values are in `store.models`, what clients may do to a run in `store.models.operations`,
errors in `store.errors`.
"""

from store.facade import Store
from store.ownership import Owner, read_owner
from store.workspace import Workspace

__all__ = ["Owner", "Store", "Workspace", "read_owner"]

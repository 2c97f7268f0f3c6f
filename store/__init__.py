"""The store: experiments, runs and their data on disk. Knows no interface.

    Store.open(path)          a folder, owned by this process
      .default                the workspace of the default tenant
      .workspace(tenant)      runs, experiments, tags, notes, sequences, points, objects,
                              logs, artifacts, apps, dashboards, reports, settings,
                              projects, search, ingest
      .changes                what changed since
      .tokens, .audit         access to the whole store

Values are in `store.models`, what clients may do to a run in `store.models.operations`,
errors in `store.errors`. Those are imported without DuckDB and numpy: the names of this
package are looked up when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.facade import Store
    from store.ownership import Owner, read_owner
    from store.workspace import Workspace

__all__ = ["Owner", "Store", "Workspace", "read_owner"]

_HOMES = {
    "Owner": "store.ownership",
    "Store": "store.facade",
    "Workspace": "store.workspace",
    "read_owner": "store.ownership",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value

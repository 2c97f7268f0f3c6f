"""How busy a tenant or one of its experiments is."""

from __future__ import annotations

from store.database import Database
from store.models import Activity


def find_activity(
    database: Database, tenant: str, experiment_id: str | None = None
) -> Activity:
    """Counts and creation times of runs; archived runs count. Grows with the runs."""
    scope = "tenant = ?" if experiment_id is None else "tenant = ? AND experiment_id = ?"
    params = [tenant] if experiment_id is None else [tenant, experiment_id]
    found = database.columns(
        "SELECT created_at, is_archived, status = 'running' AS is_active "
        f"FROM runs WHERE {scope} ORDER BY created_at",
        params,
    )
    experiments = database.row(
        "SELECT count(*) FROM experiments WHERE tenant = ? AND NOT is_archived", [tenant]
    )
    return Activity(
        run_count=len(found["created_at"]),
        archived_run_count=int(found["is_archived"].sum()),
        active_run_count=int(found["is_active"].sum()),
        experiment_count=experiments[0] if experiments else 0,
        creation_times=tuple(found["created_at"].tolist()),
    )

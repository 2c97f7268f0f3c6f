"""Whether something that a tenant does not have belongs to another one."""

from __future__ import annotations

from store.database import clean_text
from store.errors import NotFoundError
from store.queries.noun import TenantQueries
from store.registry import TRASH


class ForeignQueries(TenantQueries):
    """What lies beyond the workspace: that it is there, and nothing else about it."""

    def has_run(self, run_hash: str) -> bool:
        """Whether another tenant has a run of this hash."""
        registry = self._core.registry
        for tenant in registry.tenants():
            try:
                registry.id_of(tenant, run_hash)
            except NotFoundError:
                continue
            if tenant != self._tenant and not tenant.startswith(TRASH):
                return True
        return False

    def has_experiment(self, experiment_id: str) -> bool:
        """Whether another tenant has an experiment of this id."""
        row = self._database.row(
            "SELECT 1 FROM experiments WHERE tenant <> ? AND id = ?",
            [self._tenant, clean_text(experiment_id)],
        )
        return row is not None

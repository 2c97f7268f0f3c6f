"""What every noun of a workspace has: the store's parts, and the tenant it is bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.core import StoreCore


class TenantQueries:
    """Base of the query objects; each sees its own tenant's rows only."""

    def __init__(self, core: StoreCore, tenant: str) -> None:
        self._core = core
        self._tenant = tenant
        self._database = core.database

    def _run_id(self, run_hash: str) -> int:
        return self._core.registry.id_of(self._tenant, run_hash)

"""Who changed what, kept in the store.

Ingestion would drown everything else, so of it only the first write of a caller to a run is
noted. Entries are written behind the request; a reader of the audit sees them a moment later.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from concurrent.futures import Future

from server.access.principal import Principal
from server.ingest.socket import SOCKET_PREFIX
from store import Store
from store.errors import StoreError

logger = logging.getLogger("runfolio.access")

_INGESTION = re.compile(r"/api/v1/rest/(?:runs/[^/]+/log|artifacts/presign)$")
_MAX_REMEMBERED = 10_000


def is_ingestion(path: str) -> bool:
    """Whether a path is written to all the time while something trains."""
    return path.startswith(SOCKET_PREFIX) or _INGESTION.match(path) is not None


class AuditTrail:
    """Notes writes."""

    def __init__(self, store: Store) -> None:
        self._audit = store.audit
        self._seen: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def note(
        self, principal: Principal, tenant: str, action: str, subject: str, request_id: str
    ) -> None:
        """Note a write; on the event loop, returns at once."""
        if is_ingestion(subject) and not self._is_first((principal.name, tenant, subject)):
            return
        try:
            noted = self._audit.record(
                principal.name, action, subject, tenant=tenant, request_id=request_id
            )
        except StoreError as error:
            logger.warning("The audit misses %s %s: %s", action, subject, error)
            return
        noted.add_done_callback(lambda done: _complain(done, action, subject))

    def _is_first(self, key: tuple[str, str, str]) -> bool:
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > _MAX_REMEMBERED:
            self._seen.popitem(last=False)
        return True


def _complain(done: Future[None], action: str, subject: str) -> None:
    error = done.exception()
    if error is not None:
        logger.warning("The audit misses %s %s: %s", action, subject, error)

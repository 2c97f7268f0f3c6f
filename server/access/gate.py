"""Stands in front of everything a server answers.

For each request, in this order: a request id; the `Host`; the `Origin` of writes and
sockets; credentials (too many wrong ones: 429); the role that the route needs; the tenant.
What passes carries its tenant and `Access` in its scope. Answers get security headers and
the request id. Writes are logged and audited.

The order is such that a stranger learns nothing: without a good token all paths look alike.
"""

from __future__ import annotations

import logging
import time
from http import HTTPStatus

from msgspec import Struct

from server.access import login
from server.access.answers import AnswerWatcher, refuse
from server.access.audit import AuditTrail, is_ingestion
from server.access.credentials import presented_token, principal_of
from server.access.failures import FailureLimiter
from server.access.hosts import HostPolicy, OriginPolicy
from server.access.idempotency import IdempotentAnswers
from server.access.principal import LOCAL, Principal
from server.access.request_ids import request_id_of
from server.access.rules import is_write, required_role
from server.access.tenancy import TenantRefusedError, tenant_of
from server.asgi import (
    Asgi,
    BodyTooLargeError,
    ClientGoneError,
    Receive,
    Scope,
    Send,
    header,
)
from server.deps import TENANT
from server.settings import ServerSettings
from store import Store

ACCESS = "runfolio.access"
"""Key of the ASGI scope under which `Access` lies."""

logger = logging.getLogger("runfolio.access")


class Access(Struct, frozen=True):
    """What the gate found out about a request."""

    principal: Principal
    tenant: str
    request_id: str


class RefusedError(Exception):
    """A request that goes no further."""

    def __init__(
        self, status: int, message: str = "", headers: dict[str, str] | None = None
    ) -> None:
        self.status = status
        self.message = message or HTTPStatus(status).phrase
        self.headers = headers
        super().__init__(self.message)


class AccessGate:
    """ASGI middleware; CORS, plain paths and the base path are dealt with before it."""

    def __init__(self, app: Asgi, store: Store, settings: ServerSettings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = HostPolicy(settings.host, settings.allowed_hosts)
        self._origins = OriginPolicy(settings.cors_origins)
        self._tokens = store.tokens
        self._failures = FailureLimiter()
        self._idempotent = IdempotentAnswers(store)
        self._audit = AuditTrail(store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request and pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        watcher = AnswerWatcher(scope, send, request_id)
        started = time.perf_counter()
        actor, tenant = "", ""
        try:
            self._check_origin(scope)
            if scope["path"] in (login.LOGIN_PATH, login.LOGOUT_PATH):
                await self._login(scope, receive, watcher.send)
                return
            principal = self._principal(scope)
            tenant = self._tenant(scope, principal)
            actor = principal.name
            access = Access(principal, tenant, request_id)
            await self._pass(scope, receive, watcher, access)
        except RefusedError as refused:
            await self._refuse(scope, watcher.send, refused)
        finally:
            self._log(scope, watcher.status, started, (request_id, actor, tenant))

    async def _pass(
        self, scope: Scope, receive: Receive, watcher: AnswerWatcher, access: Access
    ) -> None:
        scope[ACCESS] = access
        scope[TENANT] = access.tenant
        path = _plain_path(scope)
        principal, tenant = access.principal, access.tenant
        if scope["type"] == "websocket":
            self._audit.note(principal, tenant, "CONNECT", path, access.request_id)
            await self._app(scope, receive, watcher.send)
            return
        caller = (tenant, principal.name)
        await self._idempotent.answer(caller, self._app, scope, receive, watcher.send)
        if watcher.status < 400 and is_write(scope["method"], path):
            self._audit.note(principal, tenant, scope["method"], path, access.request_id)

    def _check_origin(self, scope: Scope) -> None:
        host = header(scope, b"host")
        # Where every caller has to show a token, a name that points here gains nothing.
        if self._is_open(scope) and not self._hosts.allows(host):
            raise RefusedError(400, "Invalid host header")
        if scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            origin = header(scope, b"origin")
            if not self._origins.allows(origin, host):
                raise RefusedError(403, "Origin not allowed")

    def _principal(self, scope: Scope) -> Principal:
        """Who asks.

        Raises:
            RefusedError: If a token is needed and none is shown, or one of too low a role.
        """
        role = required_role(
            scope.get("method", "GET"),
            _plain_path(scope),
            is_socket=scope["type"] == "websocket",
        )
        if role is None or scope.get("method") == "OPTIONS":
            return LOCAL
        secret = presented_token(scope)
        principal = None
        if secret is not None:
            principal = self._verified(secret, scope)
        if principal is None and self._is_open(scope):
            return LOCAL
        if principal is None:
            raise RefusedError(
                401, "A valid access token is required", {"WWW-Authenticate": "Bearer"}
            )
        if not principal.may(role):
            raise RefusedError(403, f"The token's role does not allow this: {role} is needed")
        return principal

    def _is_open(self, scope: Scope) -> bool:
        """Whether nobody has to show a token here."""
        # The Unix socket can be opened by nobody but the owner of the store.
        return not self._settings.is_token_required or is_unix_socket(scope)

    def _verified(self, secret: str, scope: Scope) -> Principal | None:
        client = _client_of(scope)
        is_guarded = not self._is_open(scope)
        if is_guarded and (wait_s := self._failures.wait_s(client)) > 0:
            headers = {"Retry-After": str(int(wait_s) + 1)}
            raise RefusedError(429, "Too many wrong tokens; wait a minute", headers)
        principal = principal_of(self._tokens, secret)
        if principal is None:
            self._failures.record(client)
        else:
            self._failures.forgive(client)
        return principal

    def _tenant(self, scope: Scope, principal: Principal) -> str:
        try:
            return tenant_of(
                principal,
                header(scope, b"x-tenant-id"),
                _plain_path(scope),
                is_strict=self._settings.requires_tenant,
                known=frozenset(self._settings.tenants),
            )
        except TenantRefusedError as error:
            raise RefusedError(error.status, error.message) from error

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        base_path = self._settings.base_path
        if scope["path"] == login.LOGOUT_PATH:
            await login.send_signed_out(scope, send, base_path)
        elif scope["method"] != "POST":
            await login.send_page(send)
        else:
            try:
                secret = await login.read_form_token(scope, receive)
            except BodyTooLargeError as error:
                raise RefusedError(413, str(error)) from error
            except ClientGoneError:
                return
            if secret and self._verified(secret, scope) is not None:
                await login.send_signed_in(scope, send, secret, base_path)
            else:
                await login.send_page(send, 401, "This token is not valid.")

    async def _refuse(self, scope: Scope, send: Send, refused: RefusedError) -> None:
        accepts = header(scope, b"accept") or ""
        is_page = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and ("text/html" in accepts and not scope["path"].startswith("/api"))
        )
        if refused.status == 401 and is_page:
            await login.send_to_login(scope, send, self._settings.base_path)
            return
        await refuse(scope, send, refused.status, refused.message, refused.headers)

    @staticmethod
    def _log(scope: Scope, status: int, started: float, who: tuple[str, str, str]) -> None:
        method = scope.get("method", "WEBSOCKET")
        is_write = method not in ("GET", "HEAD", "OPTIONS", "WEBSOCKET")
        is_noted = status >= 400 or (is_write and not is_ingestion(_plain_path(scope)))
        level = logging.INFO if is_noted else logging.DEBUG
        if not logger.isEnabledFor(level):
            return
        request_id, actor, tenant = who
        members = {
            "request_id": request_id,
            "tenant": tenant,
            "actor": actor,
            "method": method,
            "path": scope["path"],
            "status": status,
            "ms": round((time.perf_counter() - started) * 1000, 2),
            "client": _client_of(scope),
        }
        logger.log(level, "%s %s %s", method, scope["path"], status, extra=members)


def _plain_path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.rstrip("/") or "/"


def is_unix_socket(scope: Scope) -> bool:
    """Whether a request came over the store's own socket instead of TCP."""
    server = scope.get("server")
    return server is not None and server[1] is None


def _client_of(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "local socket"

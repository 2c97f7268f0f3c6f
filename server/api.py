"""The whole server as one ASGI application: REST, ingestion, web UI, health, metrics.

From the outside in, a request passes: counting (`telemetry`), CORS, plain paths (`slashes`),
the base path, who may do what (`access`), the dialect (`flavours`), ingestion
(`ingest.mount`), and at last the web UI or the documented API.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware

from server import ingest
from server.access.gate import AccessGate
from server.asgi import Asgi, Receive, Scope, Send
from server.deps import workspace_of
from server.errors import install_error_handlers
from server.flavours import MATYAN_PREFIX, FlavourMiddleware
from server.limits import BodyLimitMiddleware
from server.matih.router import router as matih_router
from server.parts import PARTS, ServerParts
from server.rest import health, metrics
from server.routing import include
from server.schemas.common import error_responses, error_schemas
from server.settings import ServerSettings
from server.slashes import SlashMiddleware
from server.telemetry import TelemetryMiddleware
from server.web import WebUiMiddleware, find_web_ui
from store import Store

RESOURCES = (
    # Paths of fixed words before those with an id in the same place.
    "projects",
    "extras.run_index",
    "extras.run_records",
    "run_search",
    "metric_search",
    "object_search",
    "blobs",
    "runs",
    "run_tags",
    "run_notes",
    "logs",
    "artifacts",
    "experiments",
    "experiment_notes",
    "tags",
    "apps",
    "dashboards",
    "reports",
    "version",
    "extras.alerts",
    "extras.changes",
    "extras.run_tables",
    "extras.trash",
    "extras.notes",
    "extras.settings",
    "extras.statistics",
    "extras.tokens",
    "extras.vocabulary",
)
"""Modules of `server.rest`, in the order in which their routes are tried."""


def create_api(
    store: Store, settings: ServerSettings, parts: ServerParts | None = None
) -> Asgi:
    """Everything that one port answers.

    Args:
        store: What is served.
        settings: Limits, and who may come in.
        parts: What the handlers share, if the caller needs it as well.
    """
    parts = parts or ServerParts.of(store, settings)
    app: Asgi = BodyLimitMiddleware(
        rest_api(), settings.max_body_bytes, settings.max_upload_bytes
    )
    folder = find_web_ui() if settings.has_web_ui else None
    if folder is not None:
        app = WebUiMiddleware(app, folder, settings.base_path)
    app = ingest.mount(
        app,
        store,
        workspace_of=workspace_of,
        max_upload_bytes=settings.max_upload_bytes,
        max_batch_bytes=settings.max_body_bytes,
        counters=parts.ingest,
    )
    app = _Entrance(AccessGate(FlavourMiddleware(app), store, settings), parts)
    app = CORSMiddleware(
        SlashMiddleware(app),
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["Content-Disposition", "X-Request-ID"],
    )
    return TelemetryMiddleware(app, parts.telemetry)


@cache
def rest_api() -> FastAPI:
    """The documented API, the same for every server of this process.

    What belongs to one server comes with the scope of each request (`parts`); putting the
    routes together takes a good part of a second.
    """
    api = _RestApi(
        title="runfolio",
        summary="The lab notebook that lives in the terminal.",
        version=version("runfolio"),
        docs_url=None,  # its page loads scripts from third parties
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        responses=error_responses(400, 413, 422, 503),
    )
    install_error_handlers(api)
    for name in RESOURCES:
        include(api, import_module(f"server.rest.{name}").router, MATYAN_PREFIX)
    for router in (matih_router, health.router, metrics.router):
        include(api, router)
    return api


class _RestApi(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document of the API, with the schema of its errors."""
        document = super().openapi()
        document["components"]["schemas"] |= error_schemas()
        return document


class _Entrance:
    """Gives every request the server's parts, takes off the base path, starts and stops."""

    def __init__(self, app: Asgi, parts: ServerParts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        scope[PARTS] = self._parts
        path: str = scope["path"]
        base_path = self._parts.settings.base_path
        if base_path and f"{path}/".startswith(f"{base_path}/"):
            scope["path"] = path.removeprefix(base_path) or "/"
        await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        limiter = to_thread.current_default_thread_limiter()
        limiter.total_tokens = self._parts.settings.thread_count
        self._parts.watch.start()
        self._parts.alerts.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._parts.watch.stop()
        await to_thread.run_sync(self._parts.alerts.stop)
        await send({"type": "lifespan.shutdown.complete"})


def _operation_id(route: APIRoute) -> str:
    """Names of functions are unique and stable; clients are generated from them."""
    return route.name

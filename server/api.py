"""The whole server as one ASGI application: REST, ingestion, web UI, health, metrics.

From the outside in, a request passes: counting (`telemetry`), CORS, who may do what
(`access`), plain paths (`slashes`), the base path and the dialect (`flavours`), ingestion (`ingest.mount`), and at last the
documented API or the web UI.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import version

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from server import health, ingest
from server.access.gate import AccessGate
from server.asgi import Asgi, Receive, Scope, Send
from server.deps import STORE, workspace_of
from server.errors import install_error_handlers
from server.flavours import MATYAN_PREFIX, FlavourMiddleware
from server.ingest.counters import IngestCounters
from server.metrics import MEDIA_TYPE, MetricsPage
from server.schemas.common import error_responses
from server.settings import ServerSettings
from server.slashes import SlashMiddleware
from server.telemetry import Telemetry, TelemetryMiddleware
from server.watch import ChangeWatch
from server.web import WebUi, find_web_ui
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
    "extras.changes",
    "extras.notes",
    "extras.settings",
    "extras.statistics",
)
"""Modules of `server.rest`, in the order in which their routes are tried."""


def create_api(store: Store, settings: ServerSettings) -> Asgi:
    """Everything that one port answers."""
    telemetry = Telemetry()
    counters = IngestCounters()
    watch = ChangeWatch(store)
    api = create_rest(settings, watch)
    api.state.settings = settings
    api.state.watch = watch
    api.state.telemetry = telemetry
    api.state.ingest_counters = counters
    _add_metrics(api, MetricsPage(store, telemetry, counters))
    app = with_web_ui(api, settings)
    app = ingest.mount(
        app,
        store,
        workspace_of=workspace_of,
        max_upload_bytes=settings.max_upload_bytes,
        max_batch_bytes=settings.max_body_bytes,
        counters=counters,
    )
    app = _with_store(FlavourMiddleware(app), store, settings.base_path)
    app = CORSMiddleware(
        AccessGate(SlashMiddleware(app), store, settings),
        allow_origins=settings.cors_origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["Content-Disposition", "X-Request-ID"],
    )
    return TelemetryMiddleware(app, telemetry)


def create_rest(settings: ServerSettings, watch: ChangeWatch) -> FastAPI:
    """The documented API."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = settings.thread_count
        watch.start()
        yield
        await watch.stop()

    api = FastAPI(
        title="runfolio",
        summary="The lab notebook that lives in the terminal.",
        version=version("runfolio"),
        docs_url=None,  # its page loads scripts from third parties
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        lifespan=lifespan,
        max_body_size=settings.max_body_bytes,
        responses=error_responses(400, 413, 422, 503),
    )
    install_error_handlers(api)
    rest = APIRouter(prefix=MATYAN_PREFIX)
    for name in RESOURCES:
        router: APIRouter = import_module(f"server.rest.{name}").router
        rest.include_router(router)
    api.include_router(rest)
    api.include_router(health.router)
    return api


def with_web_ui(api: Asgi, settings: ServerSettings) -> Asgi:
    """The API, and the web UI for all paths that are not the API's."""
    folder = find_web_ui() if settings.has_web_ui else None
    if folder is None:
        return api
    web_ui = WebUi(folder, settings.base_path)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and web_ui.answers(scope):
            scope["endpoint"] = web_ui
            scope["path_params"] = {"page": scope["path"]}
            await web_ui(scope, receive, send)
        else:
            await api(scope, receive, send)

    return dispatch


def _with_store(app: Asgi, store: Store, base_path: str) -> Asgi:
    """Puts the store into the scope and takes the base path off."""

    async def prepare(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            scope[STORE] = store
            path: str = scope["path"]
            if base_path and f"{path}/".startswith(f"{base_path}/"):
                scope["path"] = path.removeprefix(base_path) or "/"
        await app(scope, receive, send)

    return prepare


def _add_metrics(api: FastAPI, page: MetricsPage) -> None:
    @api.get(
        "/metrics",
        tags=["health"],
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        },
    )
    def metrics() -> Response:
        """Counters for Prometheus, as text."""
        return Response(page.render(), headers={"content-type": MEDIA_TYPE})


def _operation_id(route: APIRoute) -> str:
    """Names of functions are unique and stable; clients are generated from them."""
    return route.name

"""How a server is set up. Plain values: no framework is imported for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import force_setattr

DEFAULT_PORT = 53800
MIB = 1024 * 1024

_LOCAL_ORIGINS = tuple(
    f"http://{host}:{port}"
    for host, ports in (
        ("localhost", (3000, 8000, 8080, DEFAULT_PORT)),
        ("127.0.0.1", (8000, DEFAULT_PORT)),
    )
    for port in ports
)


class ServerSettings(Struct, frozen=True, kw_only=True):
    """Where a server listens, whom it answers, and its limits."""

    host: str = "127.0.0.1"
    """Address to bind. Anything but loopback asks every client for a token."""
    port: int | None = DEFAULT_PORT
    """0 takes a free port, None listens on no port at all."""
    socket_path: Path | None = None
    """Unix socket to listen on as well, readable by its owner only."""
    has_web_ui: bool = True
    """Whether to serve the Aim web UI when the package `aim-ui` is installed."""
    base_path: str = ""
    """Path under which a proxy publishes this server, such as `/lab`; the web UI needs it."""
    project_name: str = "runfolio"
    """Name of the project as clients see it."""
    cors_origins: tuple[str, ...] = _LOCAL_ORIGINS
    """Web pages of other origins that may call the API; `*` for all."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names under which clients may reach this server (the `Host` header);
    loopback names and the bound address are always allowed, `*` allows any."""
    requires_token: bool | None = None
    """Whether clients need a token; None: yes, unless bound to loopback."""
    requires_tenant: bool = False
    """Whether a request of the experiments API has to name its tenant."""
    is_strict: bool = False
    """Whether the experiments API refuses to log to a run that has ended, and to change params
    that were logged."""
    tenants: tuple[str, ...] = ()
    """Tenants that requests may name; empty for any."""
    foreign_status: int = 404
    """What the experiments API answers for another tenant's run or experiment: 404, as if it
    were not there, or 403."""
    tls_certificate: Path | None = None
    """Certificate chain in PEM; with it the server speaks HTTPS, and on TCP only."""
    tls_key: Path | None = None
    """Key of the certificate; None if it is in the same file."""
    watches_alerts: bool = False
    """Whether to look for alerts; where a dashboard owns the store, that does."""
    alert_rules: tuple[str, ...] = ()
    """Rules to watch by besides those that are kept with the data."""
    alert_webhook: str = ""
    """Address that alerts are posted to; empty for none."""
    alert_command: str = ""
    """Command that is run for each alert, with it as JSON on its input; empty for none."""
    metric_directions: Mapping[str, str] = field(default_factory=dict)
    """Which value of a metric is best, `min` or `max`, by its name."""
    has_log: bool = False
    """Whether to write a line of JSON to the standard error stream for each write, refusal
    and failure."""
    max_body_bytes: int = 64 * MIB
    """Largest JSON body."""
    max_frame_bytes: int = 64 * MIB
    """Largest frame on the ingestion socket."""
    max_upload_bytes: int = 64 * 1024 * MIB
    """Largest artifact."""
    max_connections: int = 2_000
    """Connections beyond this are refused with 503."""
    thread_count: int = 8
    """Threads that read the store for requests; each has a database cursor of its own."""
    stop_timeout_s: float = 5.0
    """How long running requests may take to finish when the server stops."""

    def __post_init__(self) -> None:
        path = self.base_path.rstrip("/")
        if path and not path.startswith("/"):
            path = f"/{path}"
        force_setattr(self, "base_path", path)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return (
            self.port is None
            or self.host in ("localhost", "::1")
            or (self.host.startswith("127."))
        )

    @property
    def is_token_required(self) -> bool:
        """Whether clients have to show a token."""
        return not self.is_loopback if self.requires_token is None else self.requires_token

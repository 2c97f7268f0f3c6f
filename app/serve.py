"""`runfolio serve`: the server without a dashboard."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

if TYPE_CHECKING:
    from server.settings import ServerSettings
    from store import Store

DEFAULT_PORT = 53800
COLLECTOR_THRESHOLDS = (20_000, 50, 50)
"""Of Python's garbage collector in a process that does nothing but serve."""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_OPTIONS = (
    click.option(
        "--host", default="127.0.0.1", show_default=True, help="Address to listen on."
    ),
    click.option(
        "--port",
        default=DEFAULT_PORT,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="0 takes a free port.",
    ),
    click.option(
        "--web/--no-web", default=True, show_default=True, help="Serve the Aim web UI."
    ),
    click.option(
        "--base-path", default="", help="Path under which a proxy publishes this server."
    ),
    click.option("--allow-host", "hosts", multiple=True, help="Further name clients may use."),
    click.option(
        "--cors", "origins", multiple=True, help="Further web origin that may call the API."
    ),
    click.option("--tls-cert", type=_FILE, help="Certificate chain in PEM: speak HTTPS."),
    click.option("--tls-key", type=_FILE, help="Its key, if it is in a file of its own."),
    click.option(
        "--tenant", "tenants", multiple=True, help="Tenant that requests may name; else any."
    ),
    click.option(
        "--strict-tenants", is_flag=True, help="Refuse experiments requests without a tenant."
    ),
    click.option(
        "--strict",
        is_flag=True,
        help="Refuse to log to runs that have ended, and to change params.",
    ),
    click.option(
        "--foreign",
        type=click.Choice(["404", "403"]),
        default="404",
        show_default=True,
        help="Answer to a request for another tenant's run.",
    ),
    click.option(
        "--log", "has_log", is_flag=True, help="Write what happens to stderr, as JSON."
    ),
    click.option("--insecure", is_flag=True, help="Ask nobody for a token. Dangerous."),
)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("serve")
@click.argument("path", metavar="[STORE]", default="", type=click.Path())
@_options
def serve_command(path: str, **options: Any) -> None:
    """Serve a store over HTTP until interrupted.

    STORE is created if need be; without one the nearest folder that ends in .rf is served, or
    lab.rf. Other processes on this machine attach to it by themselves. An address beyond this
    machine needs tokens: make one with `runfolio token create` first.
    """
    from app.sources.opening import DEFAULT_STORE, find_store

    if options["tls_key"] and not options["tls_cert"]:
        raise click.UsageError("--tls-key is of no use without --tls-cert.")
    folder = Path(path) if path else find_store(Path.cwd()) or DEFAULT_STORE
    serve(folder, _settings(folder, options))


def _settings(folder: Path, options: dict[str, Any]) -> ServerSettings:
    from app.settings.config import read_config
    from server.settings import ServerSettings
    from store.ownership import socket_path

    config = read_config()
    return ServerSettings(
        host=options["host"],
        port=options["port"],
        socket_path=socket_path(folder.expanduser().absolute()),
        has_web_ui=options["web"],
        base_path=options["base_path"],
        cors_origins=(*ServerSettings().cors_origins, *options["origins"]),
        allowed_hosts=options["hosts"],
        requires_token=False if options["insecure"] else None,
        requires_tenant=options["strict_tenants"],
        is_strict=options["strict"],
        tenants=options["tenants"],
        foreign_status=int(options["foreign"]),
        tls_certificate=options["tls_cert"],
        tls_key=options["tls_key"],
        watches_alerts=True,
        alert_rules=tuple(config.alert_rules.values()),
        alert_webhook=config.alert_webhook,
        alert_command=config.alert_command,
        metric_directions=config.metric_directions,
        has_log=options["has_log"],
    )


def serve(folder: Path, settings: ServerSettings) -> None:
    """Serve a store until the process is told to end.

    Raises:
        OpenError: If the store cannot be used.
    """
    from store import Store
    from store.collector import calm_collector

    is_over = threading.Event()
    store = Store.open(folder)
    try:
        _check_tokens(store, folder, settings)
        with _listening(store, settings) as url:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: is_over.set())
            store.ownership.publish(socket=str(settings.socket_path), url=url)
            calm_collector(*COLLECTOR_THRESHOLDS)
            click.echo(f"Serving {folder} on {url}  (ctrl+c ends it)")
            is_over.wait()
    finally:
        store.close()
    click.echo("Stopped.")


def _check_tokens(store: Store, folder: Path, settings: ServerSettings) -> None:
    if not settings.is_token_required:
        return
    now = time.time()
    if not any(token.is_valid(now) for token in store.tokens.find()):
        raise click.UsageError(
            f"{settings.host} can be reached from other machines, so clients need a token, "
            f"and this store has none. Make one: runfolio token create NAME -s {folder}"
        )


@contextmanager
def _listening(store: Store, settings: ServerSettings) -> Iterator[str]:
    """Serve while the block runs; gives the address.

    HTTPS is for the network only: programs on this machine go on using the Unix socket, which
    speaks plain HTTP and so needs a listener of its own.
    """
    from server.embed import EmbeddedServer

    parts = [settings]
    if settings.tls_certificate is not None:
        parts = [
            replace(settings, socket_path=None),
            replace(
                settings, port=None, tls_certificate=None, tls_key=None, watches_alerts=False
            ),
        ]
    with ExitStack() as stack:
        urls: list[str | None] = []
        for part in parts:
            server = EmbeddedServer(store, part)
            try:
                urls.append(server.start())
            except OSError as error:
                raise click.ClickException(
                    f"Cannot serve on {part.host}:{part.port}: {error.strerror or error}"
                ) from error
            stack.callback(server.stop)
        yield str(urls[0])

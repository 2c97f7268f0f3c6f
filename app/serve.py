"""`runfolio serve`: the server without a dashboard."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

DEFAULT_PORT = 53800


@click.command("serve")
@click.argument("path", metavar="[STORE]", default="", type=click.Path())
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="0 takes a free port.")
@click.option("--web/--no-web", default=True, show_default=True, help="Serve the Aim web UI.")
@click.option("--base-path", default="", help="Path under which a proxy publishes this server.")
@click.option("--allow-host", "hosts", multiple=True, help="Further name clients may use.")
@click.option(
    "--cors", "origins", multiple=True, help="Further web origin that may call the API."
)
@click.option("--log", "has_log", is_flag=True, help="Write what happens to stderr, as JSON.")
@click.option("--open", "is_open", is_flag=True, help="Ask nobody for a token. Dangerous.")
def serve_command(
    *,
    path: str,
    host: str,
    port: int,
    web: bool,
    base_path: str,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    has_log: bool,
    is_open: bool,
) -> None:
    """Serve a store over HTTP until interrupted.

    STORE is created if need be; without one the nearest folder that ends in .rf is served, or
    lab.rf. Other processes on this machine attach to it by themselves.
    """
    from app.sources.opening import DEFAULT_STORE, find_store
    from server.settings import ServerSettings

    folder = Path(path) if path else find_store(Path.cwd()) or DEFAULT_STORE
    defaults = ServerSettings()
    settings = ServerSettings(
        host=host,
        port=port,
        socket_path=folder.expanduser().absolute() / "socket",
        has_web_ui=web,
        base_path=base_path,
        cors_origins=(*defaults.cors_origins, *origins),
        allowed_hosts=hosts,
        requires_token=False if is_open else None,
        has_log=has_log,
    )
    serve(folder, settings)


def serve(folder: Path, settings: object) -> None:
    """Serve a store until the process is told to end.

    Raises:
        OpenError: If the store cannot be used.
    """
    from server.embed import EmbeddedServer
    from server.settings import ServerSettings
    from store import Store

    assert isinstance(settings, ServerSettings)
    is_over = threading.Event()
    store = Store.open(folder)
    try:
        server = EmbeddedServer(store, settings)
        try:
            url = server.start()
        except OSError as error:
            raise click.ClickException(
                f"Cannot serve on {settings.host}:{settings.port}: {error.strerror or error}"
            ) from error
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: is_over.set())
        store.ownership.publish(socket=str(settings.socket_path), url=url)
        click.echo(f"Serving {folder} on {url}  (ctrl+c ends it)")
        try:
            is_over.wait()
        finally:
            server.stop()
    finally:
        store.close()
    click.echo("Stopped.")

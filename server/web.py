"""The Aim web UI: its static build from the package `aim-ui`, served as it is.

The page is one template; which page of it shows is decided in the browser, so every path
that nothing else answers gets it. Tags that load from third parties are removed: the pages
work without a network, and nobody is told that they were opened.
"""

from __future__ import annotations

import html
import importlib.util
import mimetypes
import re
from pathlib import Path

from starlette.responses import FileResponse, Response

from server.asgi import Asgi, Receive, Scope, Send, header, send_error
from server.telemetry import PATH_TEMPLATE

STATIC_PREFIX = "/static-files/"
_TEMPLATE = "index-template.html"
_OWN_PATHS = ("/api/", "/health/")
_THIRD_PARTY = re.compile(
    r"<script[^>]*\bsrc=\"https?://[^>]*>\s*</script>|<link[^>]*\bhref=\"https?://[^>]*>"
)
# Without the interpreter from a third party, pages of code (reports, boards) wait for ever
# instead of failing; no other page needs it.
_NO_PYODIDE = "<script>window.loadPyodide=function(){return new Promise(function(){})}</script>"
_TYPES = {".js": "text/javascript", ".wasm": "application/wasm", ".map": "application/json"}


def find_web_ui() -> Path | None:
    """Folder of the installed build; None when the package is not there."""
    spec = importlib.util.find_spec("aim_ui")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / "build"
        if (folder / _TEMPLATE).is_file():
            return folder
    return None


class WebUiMiddleware:
    """Answers the pages and their files, and passes on what is for the API."""

    def __init__(self, app: Asgi, folder: Path, base_path: str) -> None:
        self._app = app
        self._folder = folder.resolve()
        self._page = _rendered(folder / _TEMPLATE, base_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file or the page, or pass the request on."""
        if scope["type"] != "http" or not _is_for_web_ui(scope):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        scope[PATH_TEMPLATE] = "(web ui)"
        if not path.startswith(STATIC_PREFIX):
            page = Response(
                self._page, media_type="text/html", headers={"cache-control": "no-cache"}
            )
            await page(scope, receive, send)
            return
        answer = self._file(path.removeprefix(STATIC_PREFIX), scope)
        if answer is None:
            await send_error(send, 404, "Not Found")
            return
        await answer(scope, receive, send)

    def _file(self, name: str, scope: Scope) -> Response | None:
        """A file of the build, packed when there is a packed one and the client takes it."""
        if "\0" in name:
            return None
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            return None
        packed = path.with_name(f"{path.name}.gz")
        takes_gzip = "gzip" in (header(scope, b"accept-encoding") or "")
        headers = {"cache-control": "public, max-age=3600"}
        if packed.is_file() and (takes_gzip or not path.is_file()):
            headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
            return FileResponse(packed, media_type=_media_type(path), headers=headers)
        if path.is_file():
            return FileResponse(path, media_type=_media_type(path), headers=headers)
        return None


def _is_for_web_ui(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["method"] not in ("GET", "HEAD") or path == "/openapi.json":
        return False
    if path == "/metrics":
        # Prometheus and the metrics explorer share this path.
        return "text/html" in (header(scope, b"accept") or "")
    return not f"{path}/".startswith(_OWN_PATHS)


def _media_type(path: Path) -> str:
    known = _TYPES.get(path.suffix)
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _rendered(template: Path, base_path: str) -> bytes:
    page = template.read_text(encoding="utf-8")
    page = re.sub(r"\{\{\s*base_path\s*\}\}", lambda _: html.escape(base_path), page)
    page = _THIRD_PARTY.sub("", page)
    return page.replace("</head>", f"{_NO_PYODIDE}</head>", 1).encode()

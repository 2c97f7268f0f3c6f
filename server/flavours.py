"""The two dialects of one API: matyan's under `/api/v1/rest`, Aim's under `/api`.

There is one set of routes, matyan's. A request of the Aim web UI is moved to the same path
there, and marked, because a few answers differ:

* deleting a dashboard, an app or a report gives a JSON body instead of an empty 204;
* a query that cannot be understood is answered in Aim's form;
* times of notes are milliseconds;
* an experiment `default` stands first and holds the runs without one.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from server.asgi import Asgi, Receive, Scope, Send

MATYAN_PREFIX = "/api/v1/rest"
AIM_PREFIX = "/api"
FLAVOUR = "runfolio.flavour"
"""Key of the ASGI scope under which the dialect lies."""


class Flavour(StrEnum):
    """Whose clients a request comes from."""

    MATYAN = "matyan"
    AIM = "aim"


class FlavourMiddleware:
    """Leads Aim's paths to the routes and notes the dialect."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith("/api/") and not path.startswith("/api/v1/"):
                moved = MATYAN_PREFIX + path.removeprefix(AIM_PREFIX)
                scope["path"] = moved
                scope["raw_path"] = moved.encode("utf-8", "replace")
                scope[FLAVOUR] = Flavour.AIM
        await self._app(scope, receive, send)


def flavour_of(scope: Scope) -> Flavour:
    """The dialect of a request."""
    flavour: Flavour = scope.get(FLAVOUR, Flavour.MATYAN)
    return flavour


def note_time(time_s: float, flavour: Flavour) -> float:
    """The time of a note; Aim's web UI takes it for milliseconds."""
    return time_s * 1000 if flavour is Flavour.AIM else time_s


async def _flavour(request: Request) -> Flavour:
    return flavour_of(request.scope)


FlavourDep = Annotated[Flavour, Depends(_flavour)]

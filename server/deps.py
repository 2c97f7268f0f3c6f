"""What a route asks for: the store's workspace of the request, and parsed parameters.

`workspace_of` is the one place where a request becomes a workspace. Whoever checks tokens
puts the tenant into the ASGI scope under `TENANT`; without one it is the default tenant.
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BeforeValidator

from server.asgi import Scope
from server.parts import PARTS, ServerParts
from store import Store
from store.core import DEFAULT_TENANT
from store.errors import InvalidDataError
from store.workspace import Workspace

TENANT = "runfolio.tenant"
"""Key of the ASGI scope under which the name of the request's tenant lies."""

REQUEST_KEY = "runfolio.request_key"
"""Key of the ASGI scope under which lies what tells a request from all others, if its sender
has marked it so that it may be sent again."""

StepRange = tuple[int | None, int | None]
"""Half-open range of steps; None is an open end."""

_OPEN_ENDS = ("", "undefined", "null", "None")
_FAR = 2**62
_BOUND = re.compile(r"[+-]?\d{1,18}$")


def parts_of(scope: Scope) -> ServerParts:
    """What the handlers of the server share."""
    parts: ServerParts = scope[PARTS]
    return parts


def workspace_of(scope: Scope) -> Workspace:
    """The workspace that a request may see."""
    store = parts_of(scope).store
    tenant = scope.get(TENANT)
    return store.default if tenant is None else store.workspace(tenant)


def tenant_of(scope: Scope) -> str:
    """The name of the tenant whose data a request may see."""
    tenant: str | None = scope.get(TENANT)
    return DEFAULT_TENANT if tenant is None else tenant


async def _workspace(request: Request) -> Workspace:
    return workspace_of(request.scope)


async def _store(request: Request) -> Store:
    return parts_of(request.scope).store


async def _parts(request: Request) -> ServerParts:
    return parts_of(request.scope)


async def _request_key(request: Request) -> str | None:
    key: str | None = request.scope.get(REQUEST_KEY)
    return key


WorkspaceDep = Annotated[Workspace, Depends(_workspace)]
StoreDep = Annotated[Store, Depends(_store)]
PartsDep = Annotated[ServerParts, Depends(_parts)]
RequestKeyDep = Annotated[str | None, Depends(_request_key)]

TimezoneOffset = Annotated[
    int,
    Header(
        alias="X-Timezone-Offset",
        description="Minutes that UTC is ahead of the caller's clock; UTC+2 sends -120.",
        ge=-2880,
        le=2880,
    ),
]


def _empty_as(default: int) -> BeforeValidator:
    return BeforeValidator(lambda value: default if value == "" else value)


# The web UI sends an empty text for a number that was not chosen.
RecordDensity = Annotated[int, _empty_as(50)]
IndexDensity = Annotated[int, _empty_as(5)]
LastStep = Annotated[int, _empty_as(-1)]
PointCount = Annotated[int, _empty_as(50)]
Limit = Annotated[int, _empty_as(0)]


def parse_range(text: str) -> StepRange | None:
    """A range such as `3:10`, `3:` or `:10`; None when nothing is asked for.

    Raises:
        InvalidDataError: If a bound is no integer.
    """
    low, colon, high = text.strip().partition(":")
    if not colon:
        return None
    bounds = (_bound(low), _bound(high))
    return None if bounds == (None, None) else bounds


def inclusive(bounds: StepRange | None) -> tuple[int, int] | None:
    """A half-open range as first and last step, the way the store reads points."""
    if bounds is None:
        return None
    low, high = bounds
    return (-_FAR if low is None else low, _FAR if high is None else high - 1)


def _bound(text: str) -> int | None:
    text = text.strip()
    if text in _OPEN_ENDS:
        return None
    if not _BOUND.match(text):
        raise InvalidDataError("range", "Invalid range format")
    return int(text)

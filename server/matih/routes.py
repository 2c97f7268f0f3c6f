"""Routes that answer errors as this API does: 400 for any invalid request, 409 for names."""

import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from server.asgi import error_body
from server.deps import workspace_of
from server.errors import status_of
from server.parts import PARTS
from store.errors import NameTakenError, NotFoundError, StoreError

PREFIX = "/api/v1/experiments"
_STATUSES_OF_STATE: dict[type[StoreError], int] = {NameTakenError: 409}


class MatihRoute(APIRoute):
    """Translates errors before the handlers of the other API see them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError as error:
                return _answer(400, *_first_problem(error))
            except NotFoundError as error:
                if await _is_denied(request, error):
                    return _answer(403, "Tenant access denied", {})
                return _answer(404, str(error), {})
            except StoreError as error:
                status = _STATUSES_OF_STATE.get(type(error), status_of(error))
                if status == 500:
                    raise
                return _answer(status, str(error), {})

        return answer


def new_router() -> APIRouter:
    """A router of this API."""
    return APIRouter(tags=["matih"], route_class=MatihRoute)


async def _is_denied(request: Request, error: NotFoundError) -> bool:
    """Whether what was not found is another tenant's, and this may be said."""
    if request.scope[PARTS].settings.foreign_status != 403:
        return False
    foreign = workspace_of(request.scope).foreign
    has = {"run": foreign.has_run, "experiment": foreign.has_experiment}.get(error.kind)
    return has is not None and await run_in_threadpool(has, error.key)


def _first_problem(error: RequestValidationError) -> tuple[str, dict[str, Any]]:
    problem = error.errors()[0]
    place = [str(part) for part in problem["loc"] if part not in ("body", "query", "path")]
    field = ".".join(place)
    text = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "json_invalid":
        return f"JSON decode error: {text}", {}
    return (f"{field}: {text}", {"field": field}) if field else (text, {})


def _answer(status: int, message: str, details: dict[str, Any]) -> JSONResponse:
    body = error_body(status, message)
    body["error"]["details"] = details
    return JSONResponse(body, status)


def finite(value: float | None) -> float | None:
    """The value, or None where JSON has no number for it."""
    return value if value is not None and math.isfinite(value) else None

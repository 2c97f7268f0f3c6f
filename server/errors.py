"""Errors as answers: one JSON body for all of them, whoever raised them.

    {"error": {"code": ..., "message": ...}, "detail": ..., "message": ...}

Under `/api`, where the Aim web UI calls, a query that cannot be understood is answered in
Aim's own form, which lets its editor underline the place.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from server.asgi import Scope, error_body
from server.flavours import Flavour, flavour_of
from store.errors import (
    ConflictError,
    InvalidDataError,
    NameTakenError,
    NotFoundError,
    OpenError,
    QueryError,
    QueryStoppedError,
    ReadOnlyError,
    StoreError,
)

logger = logging.getLogger("runfolio.server")

_STATUSES: tuple[tuple[type[StoreError], int], ...] = (
    (NotFoundError, 404),
    # A taken name is a 400 on this wire: clients compare the status.
    (NameTakenError, 400),
    (ConflictError, 409),
    (InvalidDataError, 400),
    (ReadOnlyError, 403),
    (QueryStoppedError, 503),
    (OpenError, 500),
)


def install_error_handlers(api: FastAPI) -> None:
    """Answer every error of this API in the common form."""
    api.add_exception_handler(StoreError, _store_error)
    api.add_exception_handler(HTTPException, _http_error)
    api.add_exception_handler(RequestValidationError, _invalid_request)
    api.add_exception_handler(Exception, _unexpected)


def status_of(error: StoreError) -> int:
    """The HTTP status of a store error."""
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return status
    return 500


def store_error_body(error: StoreError, scope: Scope) -> dict[str, Any]:
    """The body of a store error, in the flavour that the request asked for."""
    status = status_of(error)
    if isinstance(error, QueryError) and flavour_of(scope) is Flavour.AIM:
        return aim_syntax_error(error)
    code = None if status in (400, 404, 409) else error.code
    return error_body(status, str(error), code)


def aim_syntax_error(error: QueryError) -> dict[str, Any]:
    """Aim's form: the web UI reads the place from `detail` and marks it."""
    return {
        "error": {"code": "bad_request", "message": str(error)},
        "message": "SyntaxError",
        "detail": {
            "statement": error.statement,
            "line": error.line,
            "offset": error.offset,
            "end_offset": error.end_offset,
        },
    }


async def _store_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StoreError)
    status = status_of(error)
    if status == 500:
        logger.error("%s failed: %s", request.url.path, error)
    return JSONResponse(store_error_body(error, request.scope), status)


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = error.detail or HTTPStatus(error.status_code).phrase
    return JSONResponse(
        error_body(error.status_code, str(message)), error.status_code, error.headers
    )


async def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    message = "; ".join(str(problem["msg"]) for problem in error.errors())
    return JSONResponse(error_body(422, message), 422)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # What went wrong inside goes to the log only; the caller cannot do anything with it.
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse(error_body(500, "Internal server error"), 500)

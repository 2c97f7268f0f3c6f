"""What all schemas share: their base, the error body, small answers."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Schema(BaseModel):
    """Base of every body: unknown keys are ignored, NaN and infinities survive as text."""

    model_config = ConfigDict(extra="ignore", ser_json_inf_nan="strings", from_attributes=True)


class ErrorDetail(Schema):
    """What went wrong, for programs and for people."""

    code: str = Field(description="Stable name of the kind of error")
    message: str


class AimSyntaxError(Schema):
    """Where a query could not be understood, in Aim's form."""

    statement: str
    line: int
    offset: int
    end_offset: int


class ErrorOut(Schema):
    """The body of every answer with a status of 400 or more."""

    error: ErrorDetail
    detail: str | AimSyntaxError
    message: str = Field(description="The same text again, where the web UIs look for it")


class StatusOut(Schema):
    """It worked."""

    status: Literal["OK"] = "OK"


class IdStatusOut(StatusOut):
    """It worked on this object."""

    id: str


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The declaration of error statuses for a route.

    The content is spelled out: with a model the framework would declare errors of a binary
    route as binary too.
    """
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {"application/json": {"schema": {"$ref": _REFERENCE + "ErrorOut"}}},
        }
        for status in statuses
    }


def error_schemas() -> dict[str, Any]:
    """The schemas that `error_responses` refers to, by name."""
    schema = ErrorOut.model_json_schema(ref_template=_REFERENCE + "{model}")
    schemas: dict[str, Any] = schema.pop("$defs")
    return {**schemas, "ErrorOut": schema}


_REFERENCE = "#/components/schemas/"


_DESCRIPTIONS = {
    400: "The request breaks a rule",
    404: "Nothing has this id",
    409: "The request does not fit the state of things",
    413: "The body is too large",
    422: "The request is not of the declared form",
    503: "The server is busy or not ready",
}

"""The version of the server."""

from functools import cache
from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from server.schemas.common import Schema

router = APIRouter(tags=["health"])


class VersionOut(Schema):
    """What answers here."""

    version: str
    component: Literal["backend"] = Field(
        default="backend", description="matyan's name of the part that answers"
    )
    fdb_api_version: int = Field(
        default=730, description="a member that matyan's clients expect; nothing reads it"
    )
    product: Literal["runfolio"] = "runfolio"


@router.get("/version")
async def version_get() -> VersionOut:
    """The version of the server."""
    return VersionOut(version=installed_version())


@cache
def installed_version() -> str:
    """The version of this installation; looking it up reads files."""
    return version("runfolio")

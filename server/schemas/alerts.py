"""Bodies of the routes about alerts."""

from typing import Any

from pydantic import Field

from server.schemas.common import Schema
from store.models.alerts import Severity


class AlertOut(Schema):
    """Something that a rule found in a run."""

    number: int = Field(description="Of the alert; later ones have higher numbers")
    serial: int = Field(description="Moves when an alert is new, and when it is acknowledged")
    time: float = Field(description="When it was found")
    is_acknowledged: bool
    text: str
    rule: str
    severity: Severity
    run: str = Field(description="Hash of the run")
    run_name: str
    metric: str | None
    context: dict[str, Any]
    step: int | None
    value: float | str | None = Field(description="`nan` and infinities are texts")


class AlertsOut(Schema):
    """What was found, and by which rules."""

    alerts: list[AlertOut] = Field(description="Newest first")
    open: int = Field(description="How many nobody has acknowledged")
    rules: list[str] = Field(description="Rules kept with the data")
    fixed_rules: list[str] = Field(description="Rules from the settings of the server")
    serial: int


class AcknowledgeIn(Schema):
    """Which alerts were seen."""

    numbers: list[int] | None = Field(default=None, description="Null for all of them")


class AcknowledgedOut(Schema):
    """How many alerts were open before."""

    count: int


class RulesIn(Schema):
    """Rules to watch by from now on."""

    rules: list[str] = Field(examples=[["loss is nan", "stalled 10m"]])


class RulesOut(RulesIn):
    """Rules that are watched by."""

    fixed_rules: list[str]


class PastOut(Schema):
    """Which runs have broken a rule already."""

    rule: str
    findings: list[AlertOut]

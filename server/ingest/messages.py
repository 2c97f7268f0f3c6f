"""The messages of matyan-client, as they come in over the WebSocket.

A frame is one JSON object or an array of them. Decoding is strict and fast first; what that
refuses goes through a tolerant path that knows Python's dialect of JSON (NaN, Infinity, lone
surrogates), numbers in odd spellings, and finds the first invalid element of an array, so
that the elements before it still count. Unknown keys are ignored everywhere, and the
`run_id` in the body too: the one in the URL counts.

Not here: what the messages mean (`server.ingest.convert`).
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Raw, Struct

INT64_MAX = 2**63 - 1
_NO_CONTEXT = Raw(b"null")

Step: TypeAlias = Annotated[int, Meta(ge=0, le=INT64_MAX)]


class CreateRunMessage(Struct, tag="create_run", tag_field="type"):
    """A run begins, or is resumed."""

    client_datetime: datetime
    force_resume: bool = False


class LogMetricMessage(Struct, tag="log_metric", tag_field="type", gc=False):
    """One point of a metric."""

    name: str
    value: float
    step: Step | None = None
    epoch: float | None = None
    context: Raw = _NO_CONTEXT
    dtype: str | None = None
    client_datetime: datetime | None = None


class LogHparamsMessage(Struct, tag="log_hparams", tag_field="type"):
    """Params to merge into the run's tree."""

    value: dict[str, Any]


class SetRunPropertyMessage(Struct, tag="set_run_property", tag_field="type"):
    """New properties of the run; None leaves one as it is."""

    name: str | None = None
    description: str | None = None
    archived: bool | None = None
    experiment: str | None = None


class AddTagMessage(Struct, tag="add_tag", tag_field="type"):
    """Attach a tag by name."""

    tag_name: str


class RemoveTagMessage(Struct, tag="remove_tag", tag_field="type"):
    """Detach a tag by name."""

    tag_name: str


class LogCustomObjectMessage(Struct, tag="log_custom_object", tag_field="type"):
    """An image, text, audio, distribution or figure; or several of one step."""

    name: str
    value: dict[str, Any] | list[dict[str, Any]]
    step: Step | None = None
    epoch: float | None = None
    context: Raw = _NO_CONTEXT
    dtype: str | None = "custom"
    client_datetime: datetime | None = None


class LogTerminalLineMessage(Struct, tag="log_terminal_line", tag_field="type"):
    """One line of the terminal; the same step again replaces it."""

    line: str
    step: Step


class LogRecordMessage(Struct, tag="log_record", tag_field="type"):
    """One structured log message."""

    message: str
    level: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
    timestamp: float
    logger_info: list[Any] | dict[str, Any] | None = None
    extra_args: dict[str, Any] | None = None


class BlobRefMessage(Struct, tag="blob_ref", tag_field="type"):
    """A file was uploaded."""

    artifact_path: str
    s3_key: str = ""
    content_type: str = "application/octet-stream"


class FinishRunMessage(Struct, tag="finish_run", tag_field="type"):
    """The run ended."""

    client_datetime: datetime | None = None


Message: TypeAlias = (
    CreateRunMessage
    | LogMetricMessage
    | LogHparamsMessage
    | SetRunPropertyMessage
    | AddTagMessage
    | RemoveTagMessage
    | LogCustomObjectMessage
    | LogTerminalLineMessage
    | LogRecordMessage
    | BlobRefMessage
    | FinishRunMessage
)

_frame_decoder: msgspec.json.Decoder[list[Message] | Message] = msgspec.json.Decoder(
    list[Message] | Message
)
_CLOCK_IS_OPTIONAL = {"log_metric", "log_custom_object", "finish_run"}
_NON_FINITE = {"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}


class Frame(Struct):
    """What a frame held: its messages, and why the rest of it was refused."""

    messages: list[Message]
    error: str | None = None


def decode_frame(text: str) -> Frame:
    """The messages of a frame, up to the first invalid one; never raises."""
    try:
        decoded = _frame_decoder.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return _decode_tolerantly(text)
    return Frame(decoded if isinstance(decoded, list) else [decoded])


def parse_json(text: str) -> Any:
    """A JSON text in Python's dialect; lone surrogates become question marks.

    Raises:
        ValueError: If this is not JSON, or nested too deeply.
    """
    try:
        tree = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            # A surrogate without its partner cannot be written as UTF-8 anywhere later.
            tree = json.loads(json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("JSON is nested too deeply") from error
    return tree


def _decode_tolerantly(text: str) -> Frame:
    try:
        tree = parse_json(text)
    except ValueError as error:
        return Frame([], f"Invalid JSON: {error}")
    if isinstance(tree, dict):
        elements = [tree]
    elif isinstance(tree, list):
        elements = tree
    else:
        return Frame([], "Expected a JSON object or an array of objects")
    messages: list[Message] = []
    for position, element in enumerate(elements):
        try:
            messages.append(message_of(element))
        except (msgspec.ValidationError, ValueError, RecursionError) as error:
            where = f" (element {position})" if isinstance(tree, list) else ""
            return Frame(messages, f"Invalid message{where}: {error}")
    return Frame(messages)


def message_of(element: Any) -> Message:
    """A message from its JSON object, leniently.

    Raises:
        ValueError: If it is none; `msgspec.ValidationError` is one.
    """
    if not isinstance(element, dict):
        raise ValueError(f"expected an object, got {type(element).__name__}")
    members = dict(element)
    context = members.pop("context", None)
    for key in ("step", "epoch", "level"):
        if key in members:
            members[key] = _integral(members[key])
    kind = members.get("type")
    if kind in _CLOCK_IS_OPTIONAL and "client_datetime" in members:
        members["client_datetime"] = _moment_or_none(members["client_datetime"])
    if kind in ("log_metric", "log_custom_object"):
        _relax_point(members)
        point = msgspec.convert(members, LogMetricMessage | LogCustomObjectMessage)
        point.context = _raw_context(context)
        return point
    message: Message = msgspec.convert(members, Message)
    return message


def _relax_point(members: dict[str, Any]) -> None:
    value = members.get("value")
    if isinstance(value, bool):
        members["value"] = float(value)
    elif isinstance(value, str):
        if value.strip().lower() in _NON_FINITE:
            members["value"] = float(value)
    elif value is None and "value" in members:
        # Answers over REST have null for NaN, and the restore tool sends them back to us.
        members["value"] = math.nan
    elif isinstance(value, int):
        members["value"] = float_of_int(value)


def _moment_or_none(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


def _integral(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def float_of_int(value: int) -> float:
    """An integer of any size as a float; infinite beyond the range of floats."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _raw_context(context: Any) -> Raw:
    if context is None:
        return _NO_CONTEXT
    if not isinstance(context, dict):
        raise ValueError(f"context: expected an object, got {type(context).__name__}")
    return Raw(json.dumps(context).encode())

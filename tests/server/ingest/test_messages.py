"""Frames of matyan-client are understood, and what is wrong with them is said."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, strategies as st

from server.ingest import messages as wire
from server.ingest.messages import decode_frame

METRIC = {
    "type": "log_metric",
    "run_id": "a" * 32,
    "name": "loss",
    "value": 0.5,
    "step": 1,
    "epoch": 0,
    "context": {"subset": "train"},
    "dtype": "float",
    "client_datetime": "2026-11-21T20:41:43.377208+00:00",
}


def frame_of(*elements: Any) -> str:
    return json.dumps(list(elements) if len(elements) != 1 else elements[0])


def only_metric(text: str) -> wire.LogMetricMessage:
    frame = decode_frame(text)
    assert frame.error is None
    (message,) = frame.messages
    assert isinstance(message, wire.LogMetricMessage)
    return message


def test_a_single_object_and_an_array_are_both_frames() -> None:
    assert len(decode_frame(frame_of(METRIC)).messages) == 1
    assert len(decode_frame(json.dumps([METRIC] * 100)).messages) == 100


def test_an_empty_array_is_valid() -> None:
    assert decode_frame("[]") == wire.Frame([])


def test_a_recorded_first_frame_is_understood() -> None:
    frame = decode_frame(
        '[{"type":"create_run","run_id":"a","client_datetime":'
        '"2026-11-21T20:41:43.377208+00:00","force_resume":false},'
        '{"type":"set_run_property","run_id":"a","experiment":"exp-one"}]'
    )
    assert frame.error is None
    create, properties = frame.messages
    assert isinstance(create, wire.CreateRunMessage)
    assert isinstance(properties, wire.SetRunPropertyMessage)
    assert properties.experiment == "exp-one"
    assert properties.archived is None


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
def test_pythons_non_finite_tokens_are_kept(token: str) -> None:
    text = frame_of(METRIC).replace("0.5", token)
    value = only_metric(text).value
    assert repr(value) == repr(float(token))


@pytest.mark.parametrize("value", ["NaN", None])
def test_what_our_own_answers_have_for_nan_is_nan_again(value: str | None) -> None:
    assert math.isnan(only_metric(frame_of({**METRIC, "value": value})).value)


def test_the_context_survives_the_tolerant_path() -> None:
    text = frame_of(METRIC).replace("0.5", "NaN")
    assert json.loads(bytes(only_metric(text).context)) == {"subset": "train"}


def test_a_metric_needs_only_name_and_value() -> None:
    message = only_metric('{"type":"log_metric","name":"loss","value":1}')
    assert (message.step, message.epoch, message.dtype) == (None, None, None)


@pytest.mark.parametrize(
    ("member", "value", "kept"),
    [
        ("value", True, 1.0),
        ("value", 10**30, 1e30),
        ("value", 10**400, math.inf),
        ("step", 3.0, 3),
        ("epoch", 1.5, 1.5),
        ("client_datetime", "yesterday", None),
        ("context", None, None),
    ],
)
def test_odd_spellings_are_accepted(member: str, value: Any, kept: Any) -> None:
    message = only_metric(json.dumps({**METRIC, member: value}))
    got = getattr(message, member)
    assert (json.loads(bytes(got)) if member == "context" else got) == kept


@pytest.mark.parametrize(
    "element",
    [
        {"type": "unheard_of"},
        {"name": "loss", "value": 1},
        {"type": "log_metric", "value": 1},
        {"type": "log_metric", "name": "loss"},
        {"type": "log_metric", "name": "loss", "value": "high"},
        {"type": "log_metric", "name": "loss", "value": 1, "step": -1},
        {"type": "log_metric", "name": "loss", "value": 1, "step": 2**63},
        {"type": "log_metric", "name": "loss", "value": True, "context": [1]},
        {"type": "log_hparams", "value": 3},
        {"type": "create_run"},
        {"type": "log_terminal_line", "line": 3, "step": 0},
        {"type": "add_tag"},
        3,
        None,
        "text",
        [],
    ],
)
def test_elements_before_an_invalid_one_count(element: Any) -> None:
    frame = decode_frame(json.dumps([METRIC, METRIC, element, METRIC]))
    assert len(frame.messages) == 2
    assert frame.error is not None
    assert "element 2" in frame.error


@pytest.mark.parametrize("text", ["", "{", "hello", "3", "null", '"text"', "[" * 200_000])
def test_what_is_no_object_is_refused_with_words(text: str) -> None:
    frame = decode_frame(text)
    assert frame.messages == []
    assert frame.error


def test_lone_surrogates_become_question_marks() -> None:
    frame = decode_frame('{"type":"log_hparams","value":{"a":"\\ud800","b":"\\ud83d\\ude00"}}')
    (message,) = frame.messages
    assert isinstance(message, wire.LogHparamsMessage)
    assert message.value == {"a": "?", "b": "\U0001f600"}


def test_a_record_may_carry_a_list_or_an_object_as_logger_info() -> None:
    record = {"type": "log_record", "message": "m", "level": 20, "timestamp": 1.5}
    for info in (["a.py", 3], {"file": "a.py"}, None):
        frame = decode_frame(json.dumps({**record, "logger_info": info}))
        assert frame.error is None


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(tree=st.dictionaries(st.text(), json_values, max_size=5))
def test_any_params_that_python_can_write_arrive(tree: dict[str, Any]) -> None:
    frame = decode_frame(json.dumps({"type": "log_hparams", "value": tree}))
    assert frame.error is None
    (message,) = frame.messages
    assert isinstance(message, wire.LogHparamsMessage)
    expected = json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace").decode()
    assert json.dumps(message.value, ensure_ascii=False) == expected


@given(text=st.text() | json_values.map(json.dumps))
def test_no_text_breaks_the_decoder(text: str) -> None:
    assert isinstance(decode_frame(text), wire.Frame)

"""The dashboard's plain values: settings, view state, undo, history, formatting, words."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from app import formatting
from app.changes.undo import Change, UndoStack
from app.frame.navigation import History, Stop
from app.querying.plain_words import as_query, is_plain, understood_everywhere
from app.settings.config import (
    Config,
    ConfigError,
    as_toml,
    config_path,
    read_config,
    write_setting,
)
from app.settings.problems import setting_problems
from app.settings.state import StateFile, ViewState, state_path
from app.theme import tag_color, trace_styles


def test_settings_come_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "nord"\nnumber_digits = 3\n[keys]\n"runs.archive" = "ctrl+x"\n')
    environment = {"RUNFOLIO_CONFIG": str(path), "RUNFOLIO_NUMBER_DIGITS": "5"}
    config = read_config(environment)
    assert (config.theme, config.number_digits) == ("nord", 5)
    assert config.keys == {"runs.archive": "ctrl+x"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("themes = 1", "themes"),
        ("theme = 1", "theme"),
        ("number_digits = 0", "number_digits"),
        ("animations = 'perhaps'", "animations"),
        ("image_protocol = 'ascii'", "image_protocol"),
        ("[metric_directions]\nloss = 'down'", "metric_directions.loss"),
        ("not toml", "TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=word):
        read_config({"RUNFOLIO_CONFIG": str(path)})


def test_a_setting_is_kept_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('# mine\ntheme = "nord"\n\n[keys]\n"app.quit" = "ctrl+c"\n')
    environment = {"RUNFOLIO_CONFIG": str(path)}
    write_setting("theme", "dracula", environment)
    write_setting("number_digits", 6, environment)
    config = read_config(environment)
    assert (config.theme, config.number_digits) == ("dracula", 6)
    assert config.keys == {"app.quit": "ctrl+c"}
    assert path.read_text().startswith("# mine\n")


def test_all_settings_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    config = Config(theme='a "b" \\', keys={"app.quit": "q"}, metric_directions={"loss": "min"})
    path.write_text(as_toml(config))
    assert read_config({"RUNFOLIO_CONFIG": str(path)}) == config


def test_the_settings_file_is_where_the_system_wants_it() -> None:
    assert config_path({"XDG_CONFIG_HOME": "/x"}) == Path("/x/runfolio/config.toml")


def test_view_state_survives(tmp_path: Path) -> None:
    state = ViewState(query="a", sort=(("run", True),), extra=(("metrics", {"a": 1}),))
    file = StateFile(tmp_path / "deep" / "state.json")
    file.write(state)
    assert file.read() == state
    assert file.read().extra_value("metrics") == {"a": 1}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"query": 3, "unknown": 1}'])
def test_a_damaged_view_state_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    assert StateFile(path).read() == ViewState()


def test_every_store_has_a_view_state_of_its_own() -> None:
    assert state_path("a.rf", {}) != state_path("b.rf", {})


def test_a_store_is_the_same_however_it_is_written_and_from_wherever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    monkeypatch.chdir(here)
    ours = state_path("./lab.rf", {})
    assert ours == state_path(str(here / "lab.rf"), {})
    monkeypatch.chdir(there)
    assert ours == state_path("../here/lab.rf", {})
    assert ours != state_path("./lab.rf", {})
    assert state_path("http://a:1", {}) == state_path("http://a:1", {})


def test_a_new_change_forgets_what_was_undone() -> None:
    stack = UndoStack()
    first, second, third = (Change(name, lambda: None, lambda: None) for name in "abc")
    stack.record(first)
    stack.record(second)
    stack.mark_undone(second)
    assert (stack.last_done(), stack.last_undone()) == (first, second)
    stack.record(third)
    assert (stack.last_done(), stack.last_undone()) == (third, None)


def test_history_goes_back_and_forward_and_forks() -> None:
    history = History()
    for name in ("a", "b", "b", "c"):
        history.visit(Stop(name))
    assert [stop.place for stop in history.stops] == ["a", "b", "c"]
    assert history.back() == Stop("b")
    assert history.back() == Stop("a")
    assert history.back() is None
    assert history.forward() == Stop("b")
    history.visit(Stop("d"))
    assert history.forward() is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (0.123456, "0.1235"),
        (123456.7, "123457"),
        (1.5e9, "1.5e9"),
        (0.00003, "3e-5"),
        (-0.5, "-0.5000"),
        (math.nan, "nan"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert formatting.number(value) == text


def test_lengths_and_ages_have_units() -> None:
    assert [formatting.duration(s) for s in (5, 65, 3660, 90_000)] == [
        "5s",
        "1m 05s",
        "1h 01m",
        "1d 1h",
    ]
    now = 1e9
    assert [formatting.ago(now - s, now) for s in (1, 30, 120, 7200, 3e5, 3e6, 9e7)] == [
        "now",
        "30s",
        "2m",
        "2h",
        "3d",
        "4w",
        "2y",
    ]
    assert formatting.ago(math.nan, now) == formatting.MISSING


def test_params_are_flattened_to_their_leaves() -> None:
    tree = {"a": {"b": 1, "c": {}}, "d": [1, {"e": 2}], "f": None}
    assert formatting.flatten(tree) == {"a.b": 1, "a.c": {}, "d": [1, {"e": 2}], "f": None}
    assert formatting.flatten({}) == {}


def test_text_of_others_cannot_break_a_line() -> None:
    written = "## Best of *3*\n\n- **run-1**, see [the page](http://x) and `lr`"
    assert formatting.note_line(written) == "Best of *3* run-1, see the page and lr"
    assert formatting.one_line("a\nb\x1b[31mc\t d") == "a b [31mc d"


@pytest.mark.parametrize("text", ["resnet", "resnet best", "lr-3e-4", "été", "3f0c"])
def test_words_are_no_query(text: str) -> None:
    assert is_plain(text)
    query = " and ".join(f'run.mentions("{word}")' for word in text.split())
    assert as_query(text) == query
    assert "mentions" not in understood_everywhere(f"({query}) and run.active")
    assert "in run.hash" in understood_everywhere(query)


@pytest.mark.parametrize("text", ["run.active", "run.lr > 1", "not run.active", "", '"a" in x'])
def test_queries_are_no_words(text: str) -> None:
    assert not is_plain(text)
    assert as_query(text) == text


def test_traces_are_told_apart_without_colour() -> None:
    for is_dark in (True, False):
        styles = trace_styles(is_dark=is_dark)
        assert len({style.marker for style in styles}) == len(styles)
        assert len({style.dash for style in styles}) == len(styles)
    assert tag_color("a", "#ff0000", is_dark=True) == "#ff0000"
    assert tag_color("a", "red; drop", is_dark=True).startswith("#")


def test_settings_that_name_nothing_are_told() -> None:
    config = Config(theme="nowhere", start_screen="runs", keys={"runs.fly": "f9"})
    sentences = setting_problems(config, ["runfolio"])
    assert len(sentences) == 2
    assert "nowhere" in sentences[0]
    assert "runs.fly" in sentences[1]


def test_keys_that_cannot_work_are_named() -> None:
    keys = {"runs.archive": "no such key,s", "runs.tag": "ctrl+alt+left,question_mark,é,f5"}
    first, second = setting_problems(Config(keys=keys), [])
    assert first == "There is no key “no such key” for runs.archive."
    assert second == (
        "The key “s” stands for runs.sort and runs.archive; the first one gets it."
    )
    assert setting_problems(Config(keys={"runs.archive": "s", "runs.sort": "a"}), []) == []


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("acc · val", "acc-val"),
        ("grad_norm", "grad_norm"),
        ("../../etc/passwd", "etc-passwd"),
        ("Übersicht 2", "übersicht-2"),
        ("···", "export"),
        ("x" * 300, "x" * 60),
    ],
)
def test_files_are_named_after_what_is_in_them(name: str, stem: str) -> None:
    assert formatting.file_stem(name) == stem

"""Settings that are well formed but name something that does not exist, as sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from textual.keys import Keys, key_to_character

from app.commands import COMMANDS, PLACES, command_by_id
from app.settings.config import AUTO_THEME, Config

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "hyper", "meta"))
_KEYS = frozenset(key.value for key in Keys)


def setting_problems(config: Config, themes: Iterable[str]) -> list[str]:
    """A sentence for each name that means nothing, and for each key that means two things."""
    named = [
        (config.theme, {AUTO_THEME, *themes}, "theme"),
        (config.start_screen, {place.name for place in PLACES}, "screen"),
    ]
    named += [(each, {command.id for command in COMMANDS}, "command") for each in config.keys]
    sentences = [
        f"There is no {kind} “{name}”; the setting is ignored."
        for name, known, kind in named
        if name and name not in known
    ]
    return [*sentences, *_unknown_keys(config.keys), *_double_keys(config.keys)]


def _unknown_keys(keys: Mapping[str, str]) -> Iterator[str]:
    for command_id, text in keys.items():
        for key in filter(None, text.split(",")):
            if not _is_key(key.strip()):
                yield f"There is no key “{key.strip()}” for {command_id}."


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+") if len(key) > 1 else (key,)
    is_known = len(last) == 1 or last in _KEYS or key in _KEYS
    return set(modifiers) <= _MODIFIERS and (is_known or key_to_character(last) is not None)


def _double_keys(keys: Mapping[str, str]) -> Iterator[str]:
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for command in COMMANDS:
        for key in filter(None, keys.get(command.id, command.keys).split(",")):
            users[command.scope, key.strip()].append(command.id)
    for (_, key), ids in users.items():
        if len(ids) > 1 and any(command_by_id(each) and each in keys for each in ids):
            yield f"The key “{key}” stands for {' and '.join(ids)}; the first one gets it."

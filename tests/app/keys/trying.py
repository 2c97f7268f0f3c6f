"""Pressing the key of a command and looking for what it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from app.commands import Command, command_by_id
from tests.app.dashboard import PATIENCE_S, Driven

Keys = tuple[str, ...]
Sees = str | Callable[[Driven], object]


@dataclass(frozen=True)
class Try:
    """A command, how to get to where it does something, and what a person sees of it."""

    command: str
    """Id of the command whose first key is pressed."""
    before: Keys = ()
    """Keys pressed first."""
    sees: Sees = ""
    """Text of the screen, or of a word about it, or a condition; nothing stands for any change."""
    after: str | Keys = ()
    """Keys that lead back to the scene; dialogs are left anyway."""


def picture(driving: Driven) -> tuple[object, ...]:
    """All that a person sees, in comparable form: characters, colours, clipboard, words."""
    application: Any = driving.application
    strips = application.screen._compositor.render_strips()
    cells = tuple(
        tuple((segment.text, str(segment.style)) for segment in strip) for strip in strips
    )
    said = tuple(each.message for each in application._notifications)
    return (cells, said, application.clipboard, application.is_running, application.theme)


def words(driving: Driven) -> str:
    """The text of the screen, and what was said in corners."""
    said = [str(each.message) for each in driving.application._notifications]
    return "\n".join([driving.text(), *said])


async def still(driving: Driven) -> None:
    """Nothing said, nothing blinking, nothing on its way."""
    driving.application.clear_notifications()
    for field in (*driving.screen.query(Input), *driving.screen.query(TextArea)):
        field.cursor_blink = False
    await driving.settle()


def key_of(command: Command) -> str:
    """The key that menus show."""
    return command.first_key


async def attempt(driving: Driven, each: Try) -> list[str]:
    """Press the key of a command; sentences about what is wrong with it."""
    command = command_by_id(each.command)
    assert command is not None, each.command
    scene = driving.application.screen
    if each.before:
        await driving.press(*each.before)
    await still(driving)
    key = key_of(command)
    active = driving.application.screen.active_bindings.get(key)
    problems = []
    if active is None or active.binding.id != command.id:
        other = active.binding.id if active is not None else "nothing"
        problems.append(f"{command.id}: {key} is bound to {other} here")
    before, text_before = picture(driving), words(driving)
    await driving.press(key)
    if not await comes(driving, condition(each, before)):
        what = f"“{each.sees}”" if isinstance(each.sees, str) and each.sees else "anything"
        problems.append(f"{command.id}: {key} does not show {what}")
    elif isinstance(each.sees, str) and each.sees and each.sees in text_before:
        problems.append(f"{command.id}: “{each.sees}” was there before")
    await leave(driving, scene, each.after)
    return problems


def condition(each: Try, before: tuple[object, ...]) -> Callable[[Driven], object]:
    """What has to become true."""
    sees = each.sees
    if callable(sees):
        return sees
    if sees:
        return lambda driving: sees in words(driving)
    return lambda driving: not driving.application.is_running or picture(driving) != before


async def comes(driving: Driven, wanted: Callable[[Driven], object]) -> bool:
    """Whether something becomes true before patience ends."""
    deadline = time.monotonic() + PATIENCE_S
    while not wanted(driving):
        if time.monotonic() > deadline:
            return False
        await driving.pilot.pause(0.02)
    return True


async def leave(driving: Driven, scene: object, after: str | Keys) -> None:
    """Close dialogs, go back, and be on the scene again."""
    await driving.settle()
    for _ in range(6):
        if not isinstance(driving.application.screen, ModalScreen) or (
            driving.application.screen is scene
        ):
            break
        await driving.press("escape")
    for key in (after,) if isinstance(after, str) else after:
        await driving.press(key)
    assert driving.application.screen is scene, (
        f"{after} leads to {driving.application.screen}, not back to {scene}"
    )


async def attempt_all(driving: Driven, tries: Iterable[Try]) -> None:
    """Press the keys of many commands, one after the other, in one session."""
    problems = []
    for each in tries:
        problems += await attempt(driving, each)
    assert not problems, "\n".join(problems)

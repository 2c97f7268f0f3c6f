"""Tokens, the audit trail, and figures about the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from store import Store
from store.errors import InvalidDataError, NotFoundError
from store.models.access import KeptAnswer, Role
from tests.factories import START, StillClock, log_run


def test_a_token_opens_until_it_is_revoked(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf") as store:
        token, secret = store.tokens.create(" ci ", Role.WRITE, "acme")
        assert (token.name, token.role, token.tenant) == ("ci", Role.WRITE, "acme")
        assert store.tokens.verify(secret) == token
        assert store.tokens.find("acme") == [token]
        assert store.tokens.find("default") == []
    with Store.open(tmp_path / "lab.rf") as store:
        assert store.tokens.verify(secret) == token
        revoked = store.tokens.revoke(token.id)
        assert store.tokens.revoke(token.id) == revoked
        assert store.tokens.verify(secret) is None
    with Store.open(tmp_path / "lab.rf") as store:
        assert store.tokens.verify(secret) is None
        assert store.tokens.find() == [revoked]


def test_secrets_are_not_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lab.rf") as store:
        _, secret = store.tokens.create("ci")
    for path in (tmp_path / "lab.rf").rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


def test_a_token_ends(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        _, secret = store.tokens.create("ci", expires_at=START + 10)
        assert store.tokens.verify(secret) is not None
        clock.time_s += 10
        assert store.tokens.verify(secret) is None


@pytest.mark.parametrize("secret", ["", "rf_", "x" * 10_000, "\ud800", "rf_é"])
def test_a_guess_opens_nothing(store: Store, secret: str) -> None:
    store.tokens.create("ci")
    assert store.tokens.verify(secret) is None


def test_bad_tokens_are_refused(store: Store) -> None:
    with pytest.raises(InvalidDataError):
        store.tokens.create("  ")
    with pytest.raises(NotFoundError):
        store.tokens.revoke("nobody")


def test_the_audit_trail_is_newest_first(tmp_path: Path) -> None:
    clock = StillClock()
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        for number in range(5):
            clock.time_s += 1
            store.audit.record("ci", "DELETE", f"run {number}", request_id=str(number))
        store.audit.record("me", "PUT", "tag", tenant="acme").result()
        found = store.audit.find("default")
        assert [entry.subject for entry in found] == [f"run {n}" for n in (4, 3, 2, 1, 0)]
        assert (found[0].actor, found[0].time, found[0].request_id) == ("ci", START + 5, "4")
        assert [entry.actor for entry in store.audit.find(search="TAG")] == ["me"]
        assert len(store.audit.find(limit=2)) == 2


def test_statistics(store: Store) -> None:
    log_run(store.default, 1, metrics={"loss": [1, 2, 3]})
    log_run(store.workspace("acme"), 1)
    found = store.statistics()
    assert (found.runs, found.points, found.unsealed_points) == (2, 3, 3)
    assert (found.ingested_frames, found.ingested_points) == (2, 3)
    assert found.size_bytes > 0
    store.seal()
    assert store.statistics().segments == 1
    assert store.statistics().unsealed_points == 0


def test_kept_answers_are_given_for_a_day(tmp_path: Path) -> None:
    clock = StillClock(START)
    with Store.open(tmp_path / "lab.rf", clock=clock) as store:
        answer = KeptAnswer("digest", 201, (("content-type", "text/plain"),), b"\x00\xff")
        store.answers.keep("k", answer)
        assert store.answers.find("k") == answer
        assert store.answers.find("other") is None
        store.answers.keep("k", replace(answer, status=200))
        assert store.answers.find("k") == replace(answer, status=200)
        clock.time_s = START + 86_401
        assert store.answers.find("k") is None

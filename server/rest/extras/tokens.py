"""Access tokens of the whole store; for administrators only (see `server.access.rules`)."""

import time

from fastapi import APIRouter

from server.deps import StoreDep
from server.schemas.common import error_responses
from server.schemas.tokens import NewTokenOut, TokenIn, TokenOut

router = APIRouter(prefix="/tokens", tags=["extras"])

_DAY_S = 86_400.0


@router.get("")
def tokens_find(store: StoreDep) -> list[TokenOut]:
    """All tokens, revoked ones too, without their secrets."""
    return [TokenOut.model_validate(token) for token in store.tokens.find()]


@router.post("", status_code=201, responses=error_responses(400))
def token_create(body: TokenIn, store: StoreDep) -> NewTokenOut:
    """Make a token; its secret is shown this once."""
    expires_at = None if body.days is None else time.time() + body.days * _DAY_S
    token, secret = store.tokens.create(body.name, body.role, body.tenant, expires_at)
    return NewTokenOut(**TokenOut.model_validate(token).model_dump(), secret=secret)


@router.delete("/{token_id}", responses=error_responses(404))
def token_revoke(token_id: str, store: StoreDep) -> TokenOut:
    """Make a token worthless at once."""
    return TokenOut.model_validate(store.tokens.revoke(token_id))

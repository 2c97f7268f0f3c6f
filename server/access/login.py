"""The page where a person shows a token, so that the web UI has it as a cookie.

The cookie cannot be read by scripts and is not sent along by pages of other sites.
"""

from __future__ import annotations

import html
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, quote, urlsplit

from server.access.credentials import COOKIE
from server.asgi import Receive, Scope, Send, read_body

LOGIN_PATH = "/login"
LOGOUT_PATH = "/logout"
_MAX_FORM_BYTES = 16 * 1024
_COOKIE_AGE_S = 30 * 86_400

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>runfolio</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center;
       min-height: 100vh; margin: 0; background: #10131a; color: #e6e9ef }}
form {{ width: min(22rem, 90vw); display: grid; gap: .75rem }}
input, button {{ font: inherit; padding: .5rem .75rem; border-radius: .375rem;
                border: 1px solid #3a4152; background: #181c26; color: inherit }}
button {{ background: #2f6feb; border-color: #2f6feb; cursor: pointer }}
p {{ margin: 0; color: #ff8f8f }}
</style></head><body>
<form method="post"><h1>runfolio</h1>
<label for="token">Access token</label>
<input id="token" name="token" type="password" autocomplete="current-password" autofocus required>
<p role="alert">{problem}</p><button>Sign in</button></form>
</body></html>"""

_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
)
_PAGE_HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _POLICY),
]


async def send_page(send: Send, status: int = 200, problem: str = "") -> None:
    """Answer with the page."""
    body = _PAGE.format(problem=html.escape(problem)).encode()
    headers = [*_PAGE_HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def read_form_token(scope: Scope, receive: Receive) -> str:
    """The token that was typed; empty if none was.

    Raises:
        BodyTooLargeError: If the form is absurdly long.
        ClientGoneError: If the browser left.
    """
    form = parse_qs(
        (await read_body(scope, receive, _MAX_FORM_BYTES)).decode("utf-8", "replace")
    )
    return form.get("token", [""])[0].strip()


async def send_signed_in(scope: Scope, send: Send, token: str, base_path: str) -> None:
    """Set the cookie and go where the person wanted to."""
    cookie = _cookie(scope, token, _COOKIE_AGE_S)
    await _go(send, _wanted(scope) or f"{base_path}/", [(b"set-cookie", cookie)])


async def send_signed_out(scope: Scope, send: Send, base_path: str) -> None:
    """Take the cookie back."""
    await _go(send, f"{base_path}{LOGIN_PATH}", [(b"set-cookie", _cookie(scope, "", 0))])


async def send_to_login(scope: Scope, send: Send, base_path: str) -> None:
    """Send a browser to the page; it comes back to where it was."""
    target = quote(f"{base_path}{scope['path']}", safe="/")
    await _go(send, f"{base_path}{LOGIN_PATH}?next={target}", [])


def _wanted(scope: Scope) -> str | None:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    target = query.get("next", [""])[0]
    parts = urlsplit(target)
    # Only a path of ours: "//evil.example" and "https:..." lead elsewhere.
    is_local = target.startswith("/") and not target.startswith(("//", "/\\"))
    if not is_local or parts.scheme or parts.netloc or not target.isprintable():
        return None
    return quote(target, safe="/?=&%")


def _cookie(scope: Scope, value: str, age_s: int) -> bytes:
    cookie: SimpleCookie = SimpleCookie({COOKIE: value})
    morsel = cookie[COOKIE]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Strict"
    morsel["max-age"] = age_s
    if scope.get("scheme") == "https":
        morsel["secure"] = True
    return morsel.OutputString().encode("latin-1")


async def _go(send: Send, target: str, headers: list[tuple[bytes, bytes]]) -> None:
    lines = [(b"location", target.encode("latin-1", "replace")), (b"content-length", b"0")]
    lines += [*headers, (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 303, "headers": lines})
    await send({"type": "http.response.body", "body": b""})

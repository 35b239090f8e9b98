"""What keeps the review app safe: known hosts, a token in every form, a key beyond loopback, strict headers.

The app changes the catalogue, so a page of another site must not be able to (cross-site request forgery, DNS rebinding),
and what papers say must stay text (the policy allows no inline script, nothing from elsewhere).
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION, KEY = "vlmingest-session", "vlmingest-key"
MAX_FORM_BYTES = 64 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Does the address reach this machine only?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Middleware around the app. `host` is what it listens on; `key` must be shown once per browser where it is set."""

    def __init__(self, app: ASGIApp, host: str, key: str = "") -> None:
        self.app = app
        self.host = host
        self.key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer refused requests here; let the others through with the headers and a session on top."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        refusal = self._refusal(request)
        session = request.cookies.get(SESSION, "")
        fresh = len(session) != 64
        if fresh:
            session = secrets.token_hex(32)
        scope["state"] = {**scope.get("state", {}), "session": session}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if fresh:
                    headers.append("Set-Cookie", f"{SESSION}={session}; Path=/; HttpOnly; SameSite=Strict")
            await send(message)

        await (refusal or self.app)(scope, receive, sending)

    def _refusal(self, request: Request) -> Response | None:
        name = _host_name(request.headers.get("host", ""))
        # a name that a stranger points at 127.0.0.1 (DNS rebinding) is no name of ours
        if not (is_loopback(name) or name == self.host or (self.key and _is_address(name))):
            return PlainTextResponse("this address is not one of the review app's\n", 421)
        if not self.key or _equal(request.cookies.get(KEY, ""), self.key):
            return None
        if _equal(request.query_params.get("key", ""), self.key):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(KEY, self.key, httponly=True, samesite="strict")
            return answer
        return PlainTextResponse("open the address with the key that `vlmingest serve` printed\n", 403)


def _host_name(place: str) -> str:
    """The name of a Host header, without its port; empty for what is none."""
    try:
        return urlsplit(f"//{place}").hostname or ""
    except ValueError:
        return ""


def _equal(one: str, two: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), two.encode("utf-8", "replace"))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Tokens:
    """A token per session, made with a secret of this process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def of(self, session: str) -> str:
        """The token that a form of this session must carry."""
        return hmac.new(self._secret, session.encode(), sha256).hexdigest()

    def allows(self, request: Request, form: dict[str, str]) -> bool:
        """Was the form made by a page of ours, for this browser?"""
        origin = request.headers.get("origin")
        same = origin is None or origin.partition("://")[2] == request.headers.get("host")
        site = request.headers.get("sec-fetch-site", "same-origin")
        return (
            same and site in ("same-origin", "none") and _equal(form.get("token", ""), self.of(request.state.session))
        )


async def form_of(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, the last of each name; None where it is too long or no form."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return None
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    return {name: values[-1] for name, values in fields.items()}

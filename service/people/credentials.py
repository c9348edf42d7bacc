"""What a request shows of who sends it: a login's cookie, a panel's cookie, or a token in its header."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from service.settings import Settings

BYTES = 32
TOKEN, PANEL = "avctl_t_", "avctl_p_"  # what they begin with, so that a leaked one is recognised
SESSION_COOKIE, PANEL_COOKIE = "avctl-session", "avctl-panel"
YEARS = 5 * 365 * 86400  # seconds that a browser keeps a panel's key


@dataclass(frozen=True, slots=True)
class Credentials:
    """The hashes of what was shown; empty where nothing was."""

    session: str = ""
    panel: str = ""
    token: str = ""


def drawn(prefix: str = "") -> str:
    """A secret nobody can guess."""
    return prefix + secrets.token_urlsafe(BYTES)


def hashed(secret: str) -> str:
    """Secrets that were drawn need no salt: nobody has a table of them."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def shown(connection: HTTPConnection, settings: Settings) -> Credentials:
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    if given:
        token = given.strip() if scheme.lower() == "bearer" else ""
        return Credentials(token=hashed(token))
    cookies: Mapping[str, str] = connection.cookies
    session = cookies.get(cookie(SESSION_COOKIE, settings), "")
    panel = cookies.get(cookie(PANEL_COOKIE, settings), "")
    return Credentials(hashed(session) if session else "", hashed(panel) if panel else "")


def cookie(name: str, settings: Settings) -> str:
    """Browsers take ``__Host-`` over TLS only."""
    return f"__Host-{name}" if settings.https else name


def set_cookie(
    response: Response, name: str, value: str, settings: Settings, seconds: int | None = None
) -> None:
    """Without ``seconds`` it goes when the browser is closed."""
    response.set_cookie(
        cookie(name, settings), value, max_age=seconds, path="/", httponly=True,
        secure=settings.https, samesite="strict",
    )  # fmt: skip


def drop_cookie(response: Response, name: str, settings: Settings) -> None:
    response.delete_cookie(
        cookie(name, settings), path="/", httponly=True, secure=settings.https, samesite="strict"
    )


def address_of(scope: Scope, settings: Settings) -> str:
    """Where a request comes from; as a proxy says, if it is one of ours."""
    peer = scope["client"][0] if scope.get("client") else "unknown"
    if peer in settings.proxies:
        told = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if told:
            # The last one is what our proxy saw; those before it are what it was told.
            return told[-1].decode("latin-1").rpartition(",")[2].strip()[:64] or peer
    return str(peer)

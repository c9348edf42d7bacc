"""The panel's files: served as they are, from nowhere else, running nothing that is not theirs."""

import base64
import hashlib
import os
import re
from pathlib import Path, PurePath

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parents[1] / "panel"
INLINE = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)

# A machine's own table may say anything, and browsers refuse modules of another type.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


class Files(StaticFiles):
    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._folder = folder

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"  # asked again each time, sent when changed
        response.headers["content-security-policy"] = policy(self._folder)
        return response

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if kind := TYPES.get(PurePath(full_path).suffix):
            response.headers["content-type"] = kind
        return response


def policy(folder: Path) -> str:
    """A Content-Security-Policy that lets the page's own files work, and its import map by its hash."""
    try:
        page = (folder / "index.html").read_bytes()
    except OSError:
        page = b""
    hashes = "".join(f" 'sha256-{_sha256(script)}'" for script in INLINE.findall(page))
    return (
        f"default-src 'none'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def _sha256(script: bytes) -> str:
    # What the browser hashes has had its line ends made one.
    return base64.b64encode(hashlib.sha256(script.replace(b"\r\n", b"\n")).digest()).decode()


def mount(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    @app.get("/panel", include_in_schema=False)
    async def to_panel() -> RedirectResponse:
        return RedirectResponse("/panel/", 307)

    app.mount("/panel", Files(FOLDER), name="panel")

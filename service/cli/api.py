"""The service of a site that is running, asked by the command line."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import httpx
import typer

from avctl.config import read_document
from avctl.errors import AvctlError

SECONDS = 15.0

Url = Annotated[
    str, typer.Option("--url", envvar="AVCTL_URL", help="Where the site's service listens")
]
By = Annotated[str, typer.Option("--by", help="Who says it, where nobody has to log in")]
HERE, NOBODY = "http://127.0.0.1:8080", "command line"
TOKEN = "AVCTL_TOKEN"


class NotDoneError(AvctlError):
    """The service is not there, or does not do it; the text says why."""


class Api:
    """Use it as a context manager. Raises NotDoneError, also where another site is served."""

    def __init__(self, url: str, site: Path, by: str, token: str | None = None) -> None:
        headers = {"X-Panel": quote(by)} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._url, self._site = url.rstrip("/"), site
        self._client = httpx.Client(headers=headers, timeout=SECONDS, trust_env=False)

    def __enter__(self) -> "Api":
        wanted, served = _name(self._site), self.get("/site")["site"]
        if wanted != served:
            raise NotDoneError(f"{self._url} serves {served}, not {wanted}")
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._ask("GET", path, params={k: v for k, v in params.items() if v is not None})

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._ask("POST", path, json=dict(body or {}))

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._client.request(method, f"{self._url}/api/v1{path}", **more)
            said = answer.json() if answer.content else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NotDoneError(f"no service at {self._url}: {error}") from error
        if answer.is_error:
            detail = said.get("detail") if isinstance(said, dict) else None
            raise NotDoneError(detail or f"HTTP status {answer.status_code}")
        return said


def refused(error: NotDoneError) -> typer.Exit:
    print(error, file=sys.stderr)
    return typer.Exit(1)


def _name(site: Path) -> str:
    document = read_document(site / "site.yaml" if site.is_dir() else site)
    return str(document.data.get("site") or document.data.get("room"))

"""What may be sent other than JSON: which addresses take it, and how much of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHOTOS = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Upload:
    path: re.Pattern[str]
    kinds: tuple[
        str, ...
    ]  # media types; a browser asks before it sends one of these to another site
    most: int  # bytes
    seconds: float  # within which all of it must be here


UPLOADS: Sequence[Upload] = (
    Upload(re.compile(r"/api/v1/ledger/imports"), (XLSX,), 4 * 1024 * 1024, 30.0),
    Upload(
        re.compile(r"/api/v1/inspections/[^/]+/looks/[^/]+/photo"), PHOTOS, 12 * 1024 * 1024, 60.0
    ),
)


def upload_at(path: str) -> Upload | None:
    return next((upload for upload in UPLOADS if upload.path.fullmatch(path)), None)


def binary(*kinds: str) -> dict[str, Any]:
    """The body of such a request, for the description of the API."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {"requestBody": {"required": True, "content": content}}

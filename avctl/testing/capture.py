"""What went over a device's line, kept as a transcript; and the grade that a driver has earned by such transcripts."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from avctl.device import Device

HIDDEN = b"[secret]"
SIMULATED, PROVEN = "simulated", "proven"


@dataclass(slots=True)
class Piece:
    run: str
    at: float  # seconds since the capture began
    direction: str  # to_device, from_device
    data: bytearray


@dataclass(eq=False)
class Capture:
    """The wire of one device. ``heard`` is for `Link.tap`; secrets of its settings never reach the file."""

    device: Device
    now: Callable[[], float]
    run: str = "greeting"  # what is under way
    verdicts: dict[str, str] = field(default_factory=dict)  # run → passed, failed, not allowed
    changed: bool = False  # whether a run that changes something has passed
    pieces: list[Piece] = field(default_factory=list)
    _began: float | None = None

    def heard(self, sign: str, data: bytes) -> None:
        now = self.now()
        self._began = now if self._began is None else self._began
        direction = "to_device" if sign == ">" else "from_device"
        last = self.pieces[-1] if self.pieces else None
        # What was cut by the line is put together again, so that no secret hides in two halves.
        if last and last.direction == direction and last.run == self.run:
            last.data += data
        else:
            self.pieces.append(Piece(self.run, now - self._began, direction, bytearray(data)))

    @property
    def model(self) -> str:
        return self.device.identity.get("model") or str(getattr(self.device.settings, "model", ""))

    def write(self, folder: Path, today: date) -> Path:
        """As ``DRIVER-MODEL-DATE.json``, beside those that are there already."""
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.device.driver}-{_slug(self.model) or 'unknown'}-{today:%Y-%m-%d}"
        path = folder / f"{name}.json"
        for number in range(2, 1000):
            if not path.exists():
                break
            path = folder / f"{name}-{number}.json"
        path.write_text(
            json.dumps(self.told(today), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        return path

    def told(self, today: date) -> Mapping[str, Any]:
        secrets = _secrets(self.device)
        source = f"{self.device.driver} {self.model}, {today:%Y-%m-%d}"
        return {
            "about": f"The wire of a {self.model or self.device.driver}, kept by pytest --hil.",
            "origin": "capture",
            "driver": self.device.driver,
            "identity": dict(self.device.identity),
            "date": f"{today:%Y-%m-%d}",
            "verdicts": self.verdicts,
            "changed": self.changed,
            "lines": [
                {
                    "name": f"{number:05}",
                    "run": piece.run,
                    "at": round(piece.at, 4),
                    "direction": piece.direction,
                    **_spelled(_without(bytes(piece.data), secrets)),
                    "basis": "capture",
                    "source": source,
                }
                for number, piece in enumerate(self.pieces, 1)
            ],
        }


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def _secrets(device: Device) -> list[bytes]:
    values = (getattr(device.settings, name) for name in type(device.settings).model_fields)
    return [
        secret.get_secret_value().encode() for secret in values if isinstance(secret, SecretStr)
    ]


def _without(data: bytes, secrets: Iterable[bytes]) -> bytes:
    for secret in secrets:
        if secret:
            data = data.replace(secret, HIDDEN)
    return data


def _spelled(data: bytes) -> dict[str, str]:
    text = data.decode("latin-1")
    if all(char.isprintable() or char in "\r\n\t\x1b" for char in text) and data.isascii():
        return {"text": text}
    return {"hex": data.hex(" ")}


# Grades.


@dataclass(frozen=True, slots=True)
class Grade:
    """What is known of a driver: *simulated*, or *proven* on these models."""

    word: str
    models: Collection[str] = ()

    def __str__(self) -> str:
        return f"{self.word} on {', '.join(self.models)}" if self.models else self.word


def grade(driver: str, folder: Path) -> Grade:
    """By the captures in ``folder``: proven where all runs of one passed, and some of them changed something."""
    models = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        told = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict) or told.get("origin") != "capture":
            continue
        verdicts = told.get("verdicts") or {}
        if (
            told.get("driver") == driver
            and told.get("changed")
            and set(verdicts.values()) == {"passed"}
        ):
            models.append(told.get("identity", {}).get("model") or "a model it does not name")
    return Grade(PROVEN, tuple(dict.fromkeys(models))) if models else Grade(SIMULATED)

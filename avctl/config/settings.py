"""Settings of devices: each driver has its own, secrets come from outside the file, and paths start beside it."""

import os
from pathlib import Path
from typing import Any

from avctl.config.document import Document, Place, validate
from avctl.config.files import DeviceFile
from avctl.device import DriverSettings
from avctl.registry import driver, names


def is_secret(annotation: Any) -> bool:
    return "SecretStr" in str(annotation)


def settings_of(document: Document, name: str, device: DeviceFile) -> DriverSettings:
    """The driver's settings for a device, its secrets fetched. Raises ConfigError."""
    place = ("devices", name)
    if device.driver not in names():
        text = f"no driver {device.driver!r}; one of {', '.join(names())}"
        raise document.error((*place, "driver"), text)
    model = driver(device.driver).Settings
    given = dict(device.settings or {})
    for key, field in model.model_fields.items():
        if key in given and is_secret(field.annotation):
            given[key] = secret_of(document, (*place, "settings", key), given[key])
        elif isinstance(given.get(key), str) and field.annotation is Path:
            given[key] = document.path.parent / given[key]
    return validate(document, model, given, (*place, "settings"))


def secret_of(document: Document, place: Place, reference: Any) -> str:
    """What ``reference`` leads to: {env: NAME} or {file: PATH}. Raises ConfigError."""
    match reference:
        case {"env": str(variable)} if len(reference) == 1:
            if (secret := os.environ.get(variable)) is None:
                raise document.error(place, f"the environment has no {variable}")
            return secret
        case {"file": str(path)} if len(reference) == 1:
            try:
                return (document.path.parent / path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise document.error(place, f"{path}: {error.strerror}") from error
    raise document.error(place, "a secret is not written here: give {env: NAME} or {file: PATH}")

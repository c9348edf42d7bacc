"""The JSON Schema of a room file, from which editors complete and check."""

from typing import Any

from avctl.config.files import DeviceFile, RoomFile
from avctl.config.settings import is_secret
from avctl.registry import driver, names

SECRET = {
    "description": "Where the secret is: an environment variable, or a file beside this one",
    "oneOf": [
        {
            "type": "object",
            "additionalProperties": False,
            "required": [key],
            "properties": {key: {"type": "string"}},
        }
        for key in ("env", "file")
    ],
}


def room_schema() -> dict[str, Any]:
    """With the settings of every driver there is."""
    schema = RoomFile.model_json_schema()
    definitions = schema["$defs"]
    kinds = []
    for name in names():
        settings = _settings_schema(name)
        definitions |= settings.pop("$defs", {})
        definitions[f"{name} settings"] = settings
        definitions[f"{name} device"] = _device_schema(name)
        kinds.append({"$ref": f"#/$defs/{name} device"})
    definitions["DeviceFile"] = {"oneOf": kinds}
    return (
        {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        | schema
        | {"title": "avctl room"}
    )


def _settings_schema(name: str) -> dict[str, Any]:
    model = driver(name).Settings
    schema = model.model_json_schema()
    for key, field in model.model_fields.items():
        if is_secret(field.annotation):
            schema["properties"][key] = SECRET | {"title": key}
    return schema


def _device_schema(name: str) -> dict[str, Any]:
    schema = DeviceFile.model_json_schema()
    schema.pop("$defs", None)
    schema["properties"]["driver"] = {"const": name}
    schema["properties"]["settings"] = {"$ref": f"#/$defs/{name} settings"}
    return schema

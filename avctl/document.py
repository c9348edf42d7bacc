"""YAML files whose errors say where."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from avctl.errors import ConfigError

Place = Sequence[str | int]  # the way to a value: ("devices", "matrix", "url")

LARGEST_FILE = 1024 * 1024  # bytes

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as read, which can tell where in it a value stands."""

    path: Path
    data: Any

    def error(self, place: Place, text: str) -> ConfigError:
        line, column = self._position(place)
        key = ".".join(str(part) for part in place)
        return ConfigError(
            f"{self.path}:{line}:{column}: {key}: {text}"
            if key
            else f"{self.path}:{line}:{column}: {text}"
        )

    def _position(self, place: Place) -> tuple[int, int]:
        at, node = (0, 0), self.data
        for part in place:
            if isinstance(node, CommentedMap) and part in node:
                at = node.lc.key(part)
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                at = node.lc.item(part)
            else:
                break
            node = node[part]
        return at[0] + 1, at[1] + 1


def read_document(path: Path) -> Document:
    """Raises ConfigError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(f"{path}:1:1: larger than {LARGEST_FILE} bytes")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}:1:1: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}:1:1: not UTF-8 text: {error}") from error
    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise ConfigError(f"{path}:{at}: {error.problem or error.context}") from error
    except (ValueError, RecursionError, YAMLError) as error:
        raise ConfigError(f"{path}:1:1: {error}") from error
    if not isinstance(data, CommentedMap):
        raise ConfigError(f'{path}:1:1: give keys and values, like room: "19"')
    return Document(path, data)


def validate(document: Document, model: type[M], data: Any, place: Place = ()) -> M:
    """Raises ConfigError for the first thing that is wrong."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A mistyped key is often the reason for a missing one.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        raise document.error([*place, *_keys(first)], _in_words(first, model)) from error


def _keys(error: Any) -> list[str | int]:
    """The way to the value, without what pydantic adds of unions and of keys that are wrong themselves."""
    keys = [part for part in error["loc"] if part != "[key]"]
    added = keys[-1:] in (["str"], ["float"], ["int"])
    if added and error["type"] not in ("missing", "extra_forbidden"):
        keys.pop()
    return keys


def _in_words(error: Any, model: type[BaseModel]) -> str:
    match error["type"]:
        case "extra_forbidden":
            fitting = _keys_beside(model, error["loc"])
            return "unknown key" + (f"; one of {', '.join(fitting)}" if fitting else "")
        case "missing":
            return "is missing"
        case "value_error":
            return str(error["ctx"]["error"])
        case "string_pattern_mismatch":
            return "a name has no blanks, dots or slashes"
        case _:
            return f"{error['msg'][0].lower()}{error['msg'][1:]}, not {error['input']!r:.80}"


def _keys_beside(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys that would fit where an unknown one stands."""
    schema = model.model_json_schema()
    node: Any = schema
    for part in place[:-1]:
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        node = node.get("properties", {}).get(part) or _of_any_key(node)
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return sorted(node.get("properties", {}))


def _of_any_key(node: Any) -> Any:
    patterns = list(node.get("patternProperties", {}).values())
    return patterns[0] if patterns else {}

"""The description of the API: problems as problem+json, and nothing that no answer looks like."""

from typing import Any

from fastapi import FastAPI

from service.problems import KINDS, MEDIA
from service.views import Problem

Responses = dict[int | str, dict[str, Any]]


def problems(*codes: str) -> Responses:
    """What an operation may answer beside its own, by the codes of the problems."""
    answers: dict[int, list[str]] = {}
    for code in ("bad-request", "no-login", "forbidden", "foreign-host", "unfit", *codes):
        answers.setdefault(KINDS[code].status, []).append(KINDS[code].title)
    return {
        status: {"model": Problem, "description": "; ".join(titles)}
        for status, titles in sorted(answers.items())
    }


COMMAND = ("foreign-origin", "not-found", "too-slow", "held-back", "too-large", "not-json")
DEVICE = ("refused", "protocol", "link-down", "busy", "no-answer")


def install(app: FastAPI) -> None:
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _tidied(made())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way


def _tidied(schema: dict[str, Any]) -> dict[str, Any]:
    for operations in schema["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                content = answer.get("content", {})
                for kind, described in list(content.items()):
                    if described.get("schema", {}).get("$ref", "").endswith("/Problem"):
                        content[MEDIA] = content.pop(kind)
    for unused in ("HTTPValidationError", "ValidationError"):
        schema.get("components", {}).get("schemas", {}).pop(unused, None)
    return schema

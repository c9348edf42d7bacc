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
    # Named, not given as a model: FastAPI would compile one for every answer of every operation at every start.
    content = {MEDIA: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    return {
        status: {"content": content, "description": "; ".join(titles)}
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
    schemas = schema["components"]["schemas"]
    schemas[Problem.__name__] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return schema

"""The description of the API."""

from typing import Any

from fastapi import APIRouter, Request

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def get_description(request: Request) -> dict[str, Any]:
    described: dict[str, Any] = request.app.openapi()
    return described

"""Figures for Prometheus."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from service.openapi import problems
from service.parts import Here

router = APIRouter(tags=["health"], responses=problems())


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def get_metrics(here: Here) -> Response:
    return Response(here.figures.text(), media_type=CONTENT_TYPE_LATEST)

"""Where the API's addresses lead, one file for each kind of thing."""

from fastapi import FastAPI

from service.routes import (
    alarms,
    cameras,
    commission,
    description,
    devices,
    events,
    health,
    incidents,
    inspections,
    journal,
    ledger,
    meetings,
    metrics,
    pairs,
    panel,
    people,
    pictures,
    reports,
    rooms,
    runs,
    scenes,
    schedule,
    session,
    site,
    warmups,
)
from service.views.values import BASE

PARTS = (
    site, rooms, devices, scenes, commission, pairs, runs, cameras, pictures, journal, events,
    schedule, warmups, description,
    meetings, incidents, session, people,
    ledger, alarms, inspections, reports,
)  # fmt: skip


def add_routes(app: FastAPI) -> None:
    for part in PARTS:
        app.include_router(part.router, prefix=BASE)
    app.include_router(health.router)
    app.include_router(metrics.router)
    panel.mount(app)

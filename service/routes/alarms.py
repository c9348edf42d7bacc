"""Alarms: which stand, which there were, seeing them, and the channels they are told over."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from service.alerts import Alarm
from service.openapi import COMMAND, problems
from service.parts import By, Here, Parts, Who
from service.people.roles import Right
from service.problems import ApiError, unknown
from service.views import AlarmView
from service.views.alarms import (
    AcknowledgeBody,
    AlarmPage,
    ChannelsView,
    alarm_view,
    channel_view,
)

router = APIRouter(prefix="/alarms", tags=["alarms"])

Number = Annotated[int, Path(ge=1, le=2**62)]


@router.get("", responses=problems("not-found"))
async def list_alarms(
    here: Here,
    who: Who,
    active: bool = False,
    room: str | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AlarmPage:
    """All that stand, the gravest first; or those there were, newest first, the next page with the last one's
    number as ``before``.
    """
    if room is not None and room not in here.site.rooms:
        raise unknown("room", "房间", room, here.site.rooms)
    if active:
        found = iter([each for each in here.alarms.active() if room in (None, each.room)])
        limit = len(here.alarms.active())
    else:
        found = here.alarms.newest(room, before)
    seen = (each for each in found if who.sees(each.room))
    page = [_view(here, each) for each, _ in zip(seen, range(limit), strict=False)]
    return AlarmPage(alarms=page, more=next(seen, None) is not None)


@router.get("/channels", responses=problems())
async def list_channels(here: Here) -> ChannelsView:
    return ChannelsView(channels=[channel_view(each) for each in here.outbox.channels.values()])


@router.post("/channels/{channel}/test", status_code=202, responses=problems(*COMMAND))
async def try_channel(here: Here, channel: str, by: By) -> Response:
    """Send it a message that says it is a test. What became of it, the journal and the channel tell."""
    if channel not in here.outbox.channels:
        raise unknown("channel", "告警通道", channel, here.outbox.channels)
    here.outbox.test(channel, by)
    return Response(status_code=202)


@router.get("/{alarm}", responses=problems("not-found"))
async def get_alarm(here: Here, alarm: Number, who: Who) -> AlarmView:
    found = _find(here, alarm)
    who.demand(Right.VIEW, found.room)
    return _view(here, found)


@router.post("/{alarm}/acknowledge", responses=problems(*COMMAND, "conflict", "not-recorded"))
async def acknowledge_alarm(
    here: Here, alarm: Number, by: By, who: Who, body: AcknowledgeBody | None = None
) -> AlarmView:
    """Say that somebody has seen it. What happened once is over then; what lasts stays until it is gone."""
    found = _find(here, alarm)
    who.demand(Right.RECORD, found.room)
    await here.alarms.acknowledge(found, by, body.remark if body else "")
    return _view(here, found)


def _view(here: Parts, alarm: Alarm) -> AlarmView:
    return alarm_view(alarm, here.incidents.about(alarm.identity))


def _find(here: Parts, number: int) -> Alarm:
    if found := here.alarms.by_identity.get(number):
        return found
    raise ApiError("not-found", f"there is no alarm {number}", f"没有编号为 {number} 的告警")

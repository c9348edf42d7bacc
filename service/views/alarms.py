"""Alarms and the channels they are told over, as the API tells them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.alerts.alarms import Alarm
from service.alerts.channel import Channel
from service.views.bodies import Said
from service.views.models import AlarmView, Title, View
from service.views.values import iso

Severity = Literal["info", "warning", "critical"]


class AlarmPage(View):
    alarms: list[AlarmView] = Field(description="Active: the gravest first; else newest first")
    more: bool


class AlarmChanged(View):
    type: Literal["alarm"] = "alarm"
    room: str | None
    alarm: AlarmView


class ChannelView(View):
    channel: str
    kind: Literal["webhook", "wecom", "dingtalk", "email"]
    at_least: Severity
    waiting: int
    sent: int = Field(description="Messages since the service started")
    dropped: int
    last: str | None = Field(description="When something was taken")
    trouble: str = Field(description="Why the last one was not taken")


class ChannelsView(View):
    channels: list[ChannelView]


class AcknowledgeBody(Said):
    remark: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


def alarm_view(alarm: Alarm, incident: int | None) -> AlarmView:
    return AlarmView(
        alarm=alarm.identity,
        key=alarm.key,
        room=alarm.room,
        device=alarm.device,
        severity=alarm.severity,
        text=Title(**alarm.text),
        active=alarm.is_active,
        lasts=alarm.lasts,
        since=alarm.since,
        raised=alarm.raised,
        times=alarm.times,
        acknowledged=alarm.acknowledged or None,
        acknowledged_by=alarm.acknowledged_by,
        remark=alarm.remark,
        cleared=alarm.cleared or None,
        incident=incident,
        seqs=alarm.seqs,
    )


def channel_view(channel: Channel) -> ChannelView:
    return ChannelView(
        channel=channel.name,
        kind=channel.file.kind,
        at_least=channel.file.at_least,
        waiting=channel.waiting,
        sent=channel.sent,
        dropped=channel.dropped,
        last=iso(channel.last) if channel.last else None,
        trouble=channel.trouble,
    )

"""What the parts of the service tell each other: panels hear of meetings, incidents and alarms, troubles become alarms."""

from avctl.room import Room
from avctl.site import Site
from service.alerts import Alarm, Alarms
from service.alerts.alarms import Event, Text
from service.hub import Hub
from service.operations.incidents import Incident, Incidents
from service.operations.meetings import Meetings
from service.operations.reports.report import Report
from service.views.alarms import AlarmChanged, alarm_view
from service.views.incidents import IncidentChanged, incident_view
from service.views.meetings import MeetingChanged, meeting_brief
from service.views.reports import changed_view

# Panels.


def meeting_changed(site: Site, meetings: Meetings, hub: Hub, room: str) -> None:
    if room in site.rooms:
        hub.tell_room(site.rooms[room])
        hub.tell(MeetingChanged(room=room, meeting=meeting_brief(meetings.live(room))))


def incident_changed(alarms: Alarms, hub: Hub, incident: Incident) -> None:
    hub.tell(IncidentChanged(room=incident.room, incident=incident_view(incident)))
    if alarm := alarms.of(incident.alarm):
        view = alarm_view(alarm, incident.identity)
        hub.tell(AlarmChanged(room=alarm.room, alarm=view))


def alarm_changed(incidents: Incidents, hub: Hub, alarm: Alarm, event: Event, seq: int) -> None:
    view = alarm_view(alarm, incidents.about(alarm.identity))
    hub.tell(AlarmChanged(room=alarm.room, alarm=view))


def report_changed(hub: Hub, report: Report, progress: float | None) -> None:
    hub.tell(changed_view(report, progress))


# Troubles.


def happened(alarms: Alarms, key: str, room: str | None, zh: str, en: str) -> None:
    """An alarm of what happened once: a person who has seen it ends it."""
    alarms.raise_one(key, room, {"zh": zh, "en": en}, lasts=False)


def calendar_unread(alarms: Alarms, name: str, reason: str) -> None:
    """``reason`` empty: it is read again."""
    key = f"calendar/{name}"
    if reason:
        text = {"zh": f"会议日历无法读取：{reason}", "en": f"the calendar cannot be read: {reason}"}
        alarms.raise_one(key, None, text)
    else:
        alarms.clear(key)


def in_use(meetings: Meetings, room: Room) -> list[Text]:
    """Signs that a room must not be warmed up now, beyond those of its devices."""
    if live := meetings.live(room.name):
        return [{"zh": f"会议进行中：{live.title}", "en": f"a meeting is on: {live.title}"}]
    return []

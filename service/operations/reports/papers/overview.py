"""The first page of a monthly or half-yearly report."""

from service.operations.reports.facts.devices import Devices
from service.operations.reports.facts.events import EventFacts
from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.incidents import IncidentFacts
from service.operations.reports.facts.meetings import Held
from service.operations.reports.facts.takes import Takes
from service.operations.reports.facts.upkeep import InspectionFacts, WarmUpFacts
from service.operations.reports.papers import devices as of_devices
from service.operations.reports.papers import incidents as of_incidents
from service.operations.reports.papers import meetings as of_meetings
from service.operations.reports.papers import rooms as of_rooms
from service.operations.reports.papers import takes as of_takes
from service.operations.reports.papers import upkeep
from service.operations.reports.papers.parts import text
from service.views.document import DocumentFigure, DocumentSection
from service.views.models import Title

SHOWN = (
    "meetings", "meeting-hours", "takes", "takes-rate", "takes-median", "takes-p95",
    "availability", "faults", "incidents", "incidents-repaired", "incidents-open", "mean-repair",
    "warm-ups", "warmed-up-rooms", "inspections", "changeovers", "drills", "alarms",
)  # fmt: skip


def section(
    frame: Frame,
    takes: Takes,
    held: list[Held],
    incidents: IncidentFacts,
    devices: Devices,
    warm_ups: WarmUpFacts,
    inspections: InspectionFacts,
    events: EventFacts,
) -> DocumentSection:
    every = [
        *of_meetings.figures(held),
        *of_takes.figures(takes.all),
        *of_devices.figures(devices),
        *of_incidents.figures(incidents),
        *upkeep.warm_up_figures(warm_ups.ended, frame),
        *upkeep.inspection_figures(list(inspections.by_identity.values())),
        *of_rooms.event_figures(events),
    ]
    by_name = {each.figure: each for each in every}
    return DocumentSection(
        section="overview",
        title=text("总体情况", "Overview"),
        lead=_lead(frame, by_name),
        figures=[by_name[name] for name in SHOWN],
    )


def _lead(frame: Frame, figures: dict[str, DocumentFigure]) -> Title:
    period = frame.period.title

    def number(name: str) -> str:
        return str(figures[name].value)

    def percent(name: str) -> str:
        value = figures[name].value
        return "—" if value is None or isinstance(value, str | Title) else f"{100 * value:.2f}%"

    hours = figures["meeting-hours"].value
    told = f"{hours:.1f}" if isinstance(hours, int | float) else "0"
    return text(
        f"{period.zh}共保障会议{number('meetings')}场、{told}小时；执行场景{number('takes')}次，"
        f"确认率{percent('takes-rate')}；设备可用率{percent('availability')}；"
        f"受理故障{number('incidents')}件，修复{number('incidents-repaired')}件，"
        f"期末未修复{number('incidents-open')}件；预热{number('warm-ups')}次，"
        f"巡检{number('inspections')}次，主备切换{number('changeovers')}次。",
        f"In {'the ' if ' half ' in period.en else ''}{period.en} there were {number('meetings')} meetings of {told} hours, and "
        f"{number('takes')} takes of scenes, of which {percent('takes-rate')} were confirmed. "
        f"Devices were there {percent('availability')} of the time. {number('incidents')} incidents "
        f"were reported, {number('incidents-repaired')} repaired and {number('incidents-open')} left "
        f"open. {number('warm-ups')} warm-ups, {number('inspections')} inspections and "
        f"{number('changeovers')} changeovers are on record.",
    )

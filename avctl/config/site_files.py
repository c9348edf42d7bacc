"""What the file of a site may say, and the files beside it that are not rooms."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from avctl.config.files import Cron, Name, Part, Span, Titled, Zone
from avctl.config.inspection import InspectionFile

Severity = Literal["info", "warning", "critical"]
Reference = dict[Literal["env", "file"], str]  # where a secret is


class JobFile(Part):
    """What happens by the clock."""

    do: Name = Field(description="warm-up, inspection, report, backup")
    title: Titled | None = None
    cron: Cron = Field(description="Minute, hour, day, month, weekday: 0 7 * * MON#1")
    rooms: Literal["all"] | tuple[Name, ...] = "all"
    working_day: Literal["any", "next", "previous", "skip"] = Field(
        default="any", description="What becomes of a due time that falls on a day off"
    )
    catch_up: Literal["run", "skip", "ask"] = Field(
        default="run",
        description="What becomes of one that passed while nobody was there to run it",
    )
    window: Span = Field(default=3600.0, description="How late it may still begin")
    arguments: dict[str, Any] = Field(default={})


class ChannelFile(Part):
    """Where alarms are told, whatever the way."""

    at_least: Severity = Field(default="warning", description="What is less grave is not told here")
    rooms: Literal["all"] | tuple[Name, ...] = "all"
    cleared: bool = Field(default=True, description="Whether it is told that an alarm is over")
    language: Literal["zh", "en"] = "zh"
    template: str | None = Field(
        default=None, description="Jinja2: the text; of a webhook, its whole body, which is JSON"
    )
    per_minute: int = Field(default=20, ge=1, le=600, description="Messages at most; others wait")


class WebhookFile(ChannelFile):
    """An address that is sent JSON: our own, or that of a group robot of WeCom or DingTalk."""

    kind: Literal["webhook", "wecom", "dingtalk"]
    url: Reference = Field(description="The address: who knows it can write there")
    secret: Reference | None = Field(
        default=None, description="What DingTalk messages are signed by"
    )
    format: Literal["markdown", "text"] = "markdown"


class EmailFile(ChannelFile):
    kind: Literal["email"]
    host: str
    port: int = Field(default=587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: Reference | None = None
    sender: str
    to: tuple[str, ...] = Field(min_length=1)


ChannelOf = Annotated[WebhookFile | EmailFile, Field(discriminator="kind")]


class AlertsFile(Part):
    """What is an alarm, how grave, after how long, and who is told."""

    severity: dict[str, Severity] = Field(
        default={}, description="By alarm or what it begins with: device, device/19/matrix"
    )
    after: dict[str, Span] = Field(
        default={}, description="How long it must last to be an alarm, named likewise"
    )
    settle: Span = Field(default=60.0, description="How long it must be gone to be over")
    disk: int = Field(default=1024, ge=1, description="Free MiB below which the disk is an alarm")
    incidents: Literal["critical", "warning", "never"] = Field(
        default="critical", description="From which severity on an alarm opens an incident"
    )
    channels: dict[Name, ChannelOf] = Field(default={})


class ReportsFile(Part):
    """What reports say beside their figures, and how they look."""

    organisation: Titled | None = Field(default=None, description="Who looks after the rooms")
    client: Titled | None = Field(default=None, description="Whom the reports go to")
    templates: str | None = Field(
        default=None,
        description="Folder beside this file: report.docx, report.typ, or KIND.docx, KIND.typ",
    )


class SiteFile(Part):
    """A site: its rooms, each in a file of its own beside this one."""

    site: Name
    title: Titled
    rooms: tuple[str, ...] = Field(min_length=1)
    timezone: Zone = Field(default="Asia/Shanghai", description="Of the schedule and the papers")
    holidays: str | None = Field(
        default=None, description="A file beside this one: days off, and weekends that are worked"
    )
    schedule: dict[Name, JobFile] = Field(default={})
    calendar: str | dict[Name, str] | None = Field(
        default=None,
        description="iCalendar of the meetings, which name their room as location; or one by room",
    )
    alerts: AlertsFile = AlertsFile()
    inspection: InspectionFile = InspectionFile()
    reports: ReportsFile = ReportsFile()


class HolidaysFile(Part):
    """Days off beyond the weekends, and weekends that are worked, as published for each year."""

    off: tuple[date, ...] = ()
    working: tuple[date, ...] = ()

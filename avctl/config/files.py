"""What the file of a room may say."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from avctl.config.pictures import Picture
from avctl.transport import parse_address

NAME = r"^[^\s/.$][^\s/]*$"

Name = Annotated[str, Field(pattern=NAME, max_length=64)]


def _seconds(text: Any) -> Any:
    if isinstance(text, str):
        number = text.strip().removesuffix("s").strip()
        try:
            return float(number)
        except ValueError:
            raise ValueError("give seconds, like 4 s") from None
    return text


def _title(text: Any) -> Any:
    return {"zh": text, "en": text} if isinstance(text, str) else text


def _url(text: str) -> str:
    parse_address(text)
    return text


Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    Field(gt=0, le=3600),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[\d.]+ ?s$"}]}),
]
Url = Annotated[str, BeforeValidator(_url)]


def _span(text: Any) -> Any:
    if isinstance(text, str):
        for unit, seconds in (("min", 60), ("h", 3600), ("d", 86400), ("s", 1)):
            number = text.strip().removesuffix(unit).strip()
            if number != text.strip() and number.replace(".", "", 1).isdigit():
                return float(number) * seconds
        raise ValueError("give a time, like 30 min, 6 h or 2 d")
    return text


def _zone(text: Any) -> Any:
    try:
        ZoneInfo(str(text))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("give a time zone, like Asia/Shanghai") from None
    return text


def _cron(text: Any) -> Any:
    try:
        CronSim(str(text), datetime(2000, 1, 1))
    except CronSimError as error:
        raise ValueError(f"no cron expression: {error}") from None
    return text


Span = Annotated[
    float,
    BeforeValidator(_span),
    Field(gt=0, le=31 * 86400),
    WithJsonSchema(
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[\d.]+ ?(s|min|h|d)$"}]}
    ),
]
Zone = Annotated[str, BeforeValidator(_zone)]
Cron = Annotated[str, BeforeValidator(_cron)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Part):
    """What people read, in both languages. A plain text stands for both."""

    zh: str
    en: str


Titled = Annotated[
    Title,
    BeforeValidator(_title),
    WithJsonSchema(
        {
            "description": "What people read; a plain text stands for both languages",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["zh", "en"],
                    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                },
            ],
        }
    ),
]


class DeviceFile(Part):
    """A device, and the words people use for what it has stored."""

    driver: str
    url: Url = Field(description="serial:///dev/…?baud=9600, tcp://host:port, udp://…, rfc2217://…")
    title: Titled | None = None
    settings: Any = Field(default=None, description="What its driver needs to know")
    presets: dict[Name, int] = Field(default={}, description="Camera presets by the users' words")
    layouts: dict[Name, int] = Field(default={}, description="Wall layouts by the users' words")
    picture: Picture | None = Field(
        default=None, description="HTTP address of a JPEG of what it shows"
    )


class SourceFile(Part):
    """What can be shown: an input of a router."""

    device: Name
    input: int = Field(ge=1)
    title: Titled | None = None


class DestinationFile(Part):
    """Where it can be shown: an output of a router."""

    device: Name
    output: int = Field(ge=1)
    layers: tuple[Literal["video", "audio"], ...] = ("video",)
    title: Titled | None = None
    picture: Picture | None = None


class WirelessFile(Part):
    """Where a wireless microphone is received."""

    device: Name
    channel: str


class MicrophoneFile(Part):
    """A channel of a mixer."""

    device: Name
    channel: str = Field(description="As the driver names it: Level1/2")
    level: str | float = Field(default="0 dB", description="Its nominal level")
    title: Titled | None = None
    wireless: WirelessFile | None = None


class OutletFile(Part):
    """A mains outlet: what switches it, and what hangs on it."""

    device: Name = Field(description="A sequencer, a relay board or an outlet strip")
    number: int = Field(ge=1, description="Which of its outlets")
    title: Titled | None = None
    feeds: tuple[Name, ...] = Field(default=(), description="Devices that have their mains from it")
    stage: Literal["source", "processor", "display", "amplifier"] = Field(
        default="processor",
        description="When it is switched on: sources first, amplifiers last; off the other way round",
    )
    delay: Seconds = Field(default=2.0, description="Rest after the outlet before, for the inrush")


class LimitsFile(Part):
    """What a warm-up finds fault with. Without a number nothing is."""

    lamp_hours: int | None = Field(default=None, ge=1, description="Hours of a lamp")
    filter_hours: int | None = Field(default=None, ge=1, description="Hours of a filter")
    temperature: float | None = Field(default=None, gt=0, description="Degrees Celsius")
    recorder: float = Field(
        default=1800.0, ge=0, description="Seconds that must still fit onto a recorder"
    )
    unanswered: float = Field(
        default=0.02, ge=0, le=1, description="Part of all questions that may have no answer"
    )


class ReadyFile(Part):
    """How the room is made ready, warmed up and shut down."""

    devices: tuple[Name, ...] | None = Field(
        default=None, description="Those switched on and off; all that can be, if not given"
    )
    boot: Seconds = Field(
        default=180.0, description="What a device may take from its mains to its first answer"
    )
    warm: Seconds = Field(default=120.0, description="What it may take then until it is on")
    cool: Seconds = Field(default=300.0, description="What it may take to cool down to standby")
    hold: Seconds = Field(
        default=600.0, description="How long a warm-up keeps everything on, from the last one ready"
    )
    limits: LimitsFile = LimitsFile()


Target = Annotated[str, Field(pattern=r"^\$?[^\s/.$][^\s/]*$", max_length=64)]  # $ for a parameter
Words = dict[Target, dict[str, Any]]  # target → word → value


class PairFile(Part):
    """Main and backup behind one name: two microphones, two sources, or two devices with what lies around them."""

    title: Titled | None = None
    main: Name
    backup: Name
    arm: Literal["off", "advise", "automatic"] = Field(
        default="advise",
        description="Whether a dead main is changed over by itself, by one tap, or not at all",
    )
    window: Seconds = Field(default=1.0, description="How long main must be bad to be thought dead")
    floor: str | float = Field(
        default="-80 dB",
        description="Meter below which a microphone is dead: under the noise of an empty room",
    )
    deadline: Seconds = Field(default=6.0, description="How long a changeover may take")
    mirror: bool = Field(
        default=False,
        description="Whether what is set at the main one of two devices is set at its backup too",
    )
    to_backup: Words = Field(default={}, description="What the changeover of a device sets")
    to_main: Words = Field(default={}, description="What the return sets")


class ChoiceFile(Part):
    """One choice of a parameter: what ``$NAME`` and ``$NAME.KEY`` stand for when it is chosen."""

    title: Titled | None = None
    values: dict[str, Any] = {}


class ParameterFile(Part):
    """What is chosen when the scene is taken: a seat, a microphone."""

    title: Titled
    choices: dict[Name, ChoiceFile] = Field(min_length=1)


class SceneFile(Part):
    """A state wanted of the room: names of the room, and what shall be so."""

    title: Titled
    deadline: Seconds = 4.0
    want: Words = Field(
        default={},
        description="What shall be so; ``after`` names targets that must be right before",
    )
    check: Words = Field(
        default={}, description="What must be so already: read and judged, never changed"
    )
    scenes: tuple[Name, ...] = Field(default=(), description="Scenes that are part of this one")
    budget: Seconds | None = Field(
        default=None, description="What it may take from the tap to the verdict, without ``hold``"
    )
    hold: Seconds | None = Field(default=None, description="How long all of it must stay so")
    on_failure: str = Field(
        default="go-on",
        pattern=r"^(go-on|stop|return|take \S+)$",
        description="go-on, stop, return to what was before, or take another scene: take NAME",
    )
    mode: Literal["supersede", "wait", "refuse"] = "supersede"
    unless: Words = Field(default={}, description="States in which it may not be taken")
    confirm: bool = Field(default=False, description="Whether the button must be held")
    emergency: bool = Field(default=False, description="Whether it goes before everything")
    parameters: dict[Name, ParameterFile] = {}
    needs: tuple[str, ...] = Field(default=(), description="Roles a room must have (library only)")
    colour: str = ""
    order: int = 100


class RoomFile(Part):
    """One room: what stands in it, what people call it, and its scenes."""

    room: Name
    title: Titled
    devices: dict[Name, DeviceFile]
    sources: dict[Name, SourceFile] = {}
    destinations: dict[Name, DestinationFile] = {}
    microphones: dict[Name, MicrophoneFile] = {}
    pairs: dict[Name, PairFile] = {}
    outlets: dict[Name, OutletFile] = {}
    ready: ReadyFile | None = Field(
        default=None, description="Offers to get the room ready, to warm it up and to shut it down"
    )
    safe: str | None = Field(default=None, description="The scene that leaves the room safe")
    roles: dict[Name, Name] = Field(
        default={}, description="Who plays which part in the library's scenes"
    )
    library: bool = Field(default=True, description="Whether the scenes of the trade are offered")
    scenes: dict[Name, SceneFile] = {}

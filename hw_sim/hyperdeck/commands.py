"""What each request does and what is replied to it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hw_sim.hyperdeck import questions
from hw_sim.hyperdeck.knobs import AUDIO, CODECS
from hw_sim.hyperdeck.media import MOUNTED
from hw_sim.hyperdeck.timecode import RATES
from hw_sim.hyperdeck.transport import SHUTTLE
from hw_sim.hyperdeck.values import Parameters, flag, number, one_of, slot_of
from hw_sim.hyperdeck.wire import Complaint, Request, long, short

if TYPE_CHECKING:
    from hw_sim.hyperdeck.device import HyperDeck
    from hw_sim.hyperdeck.session import Session

FASTEST = 1600  # percent
FILE_SYSTEMS = ("exFAT", "HFS+")
DEFAULT_NAME = "HyperDeck"
OK = short(200)
TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789"

Handler = Callable[["HyperDeck", "Session", Parameters], str]


def answer(session: "Session", request: Request) -> str:
    """The reply, after the deck has done what was wanted."""
    try:
        return _answered(session, request)
    except Complaint as complaint:
        return short(complaint.code)


def _answered(session: "Session", request: Request) -> str:
    deck = session.deck
    if request.name not in COMMANDS:
        raise Complaint(100)
    handler, known, sets = COMMANDS[request.name]
    for odd in set(request.parameters) - set(known):
        raise Complaint(101 if ":" in odd or request.parameters[odd] else 100)
    if deck.faults.strikes("busy"):
        raise Complaint(108)
    if sets and (request.parameters or request.name not in ASKS_WHEN_BARE):
        if not deck.remote and not session.override:
            raise Complaint(111)
        if deck.faults.strikes("refuses"):
            raise Complaint(150)
        if deck.faults.strikes("ignores"):
            return OK
    return handler(deck, session, request.parameters)


def _help(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    return long(201, COMMANDS)


def _commands(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    body = [f'  <command name="{name}"/>' for name in COMMANDS]
    return long(212, ["<commands>", *body, "</commands>"])


# This connection.


def _notify(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if not given:
        return long(209, session.wants)
    session.wants.update({key: flag(value) for key, value in given.items()})
    return OK


def _remote(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if not given:
        return long(210, deck.remote_fields(session))
    wanted = {key: flag(value) for key, value in given.items()}
    session.override = wanted.get("override", session.override)
    if "enable" in wanted:
        deck.turn_remote(wanted["enable"])
    return OK


def _watchdog(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if "period" not in given:
        raise Complaint(102)
    session.watch(number(given["period"]))
    return OK


def _quit(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    session.hang_up()
    return ""


def _identify(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    deck.blinks = flag(given.get("enable", "true"))
    return OK


# Changes.


def _record(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    deck.transport.record(given.get("name") or DEFAULT_NAME)
    return OK


def _spill(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    deck.transport.spill(number(given["slot id"]) if "slot id" in given else None)
    return OK


def _stop(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    deck.transport.stop()
    return OK


def _play(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    speed = number(given.get("speed", "100"))
    if not 0 < abs(speed) <= FASTEST:
        raise Complaint(109)
    deck.transport.play(
        speed,
        loop=flag(given.get("loop", "false")),
        single_clip=flag(given.get("single clip", "false")),
    )
    return OK


def _shuttle(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    speed = number(given.get("speed", "0"))
    if not speed:
        raise Complaint(100)  # real decks take it so
    if abs(speed) > FASTEST:
        raise Complaint(109)
    deck.transport.play(speed, loop=False, single_clip=False, status=SHUTTLE)
    return OK


def _goto(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if "clip id" not in given:
        raise Complaint(102)
    deck.transport.goto(number(given["clip id"]))
    return OK


def _preview(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if "enable" not in given:
        raise Complaint(102)
    deck.transport.preview(flag(given["enable"]))
    return OK


def _slot_select(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    video = one_of(given.get("video format", deck.video), tuple(RATES))
    number = slot_of(deck, given).number
    deck.transport.select(number)
    deck.set_video(video)
    return OK


def _configuration(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if not given:
        return long(211, deck.configuration)
    codec = one_of(given.get("file format", deck.codec), CODECS, 151)
    video = one_of(given.get("video input", deck.input), deck.knobs.inputs)
    audio = one_of(given.get("audio input", deck.audio), AUDIO)
    if deck.transport.recording is not None:
        raise Complaint(150)
    if not deck.configure(codec=codec, video=video, audio=audio):
        return OK
    session.hang_up(short(213))
    deck.reboot()
    return ""


def _format(deck: "HyperDeck", session: "Session", given: Parameters) -> str:
    if deck.transport.is_moving:
        raise Complaint(150)
    if "prepare" in given:
        return _prepared(deck, one_of(given["prepare"], FILE_SYSTEMS, 160))
    if "confirm" not in given:
        raise Complaint(102)
    if deck.token is None:
        raise Complaint(162)
    if given["confirm"] != deck.token:
        raise Complaint(161)
    deck.format(slot_of(deck, {}))
    return OK


def _prepared(deck: "HyperDeck", _: str) -> str:
    if slot_of(deck, {}).status != MOUNTED:
        raise Complaint(105)
    deck.token = "".join(deck.rng.choices(TOKEN, k=6))
    ready = long(216, [deck.token])
    if deck.knobs.old_format_ready:
        ready = ready.replace(":\r\n", "\r\n", 1).removesuffix("\r\n")
    return ready


# Handler, parameters, and whether it changes the deck: then a REM key that is off forbids it.
COMMANDS: Mapping[str, tuple[Handler, tuple[str, ...], bool]] = {
    "help": (_help, (), False),
    "?": (_help, (), False),
    "commands": (_commands, (), False),
    "ping": (questions.ping, (), False),
    "device info": (questions.device_info, (), False),
    "uptime": (questions.uptime, (), False),
    "disk list": (questions.disk_list, ("slot id",), False),
    "slot info": (questions.slot_info, ("slot id",), False),
    "clips count": (questions.clips_count, (), False),
    "clips get": (questions.clips_get, (), False),
    "transport info": (questions.transport_info, (), False),
    "notify": (_notify, ("transport", "slot", "remote", "configuration"), False),
    "remote": (_remote, ("enable", "override"), False),
    "watchdog": (_watchdog, ("period",), False),
    "identify": (_identify, ("enable",), False),
    "quit": (_quit, (), False),
    "record": (_record, ("name",), True),
    "record spill": (_spill, ("slot id",), True),
    "stop": (_stop, (), True),
    "play": (_play, ("speed", "loop", "single clip"), True),
    "shuttle": (_shuttle, ("speed",), True),
    "goto": (_goto, ("clip id",), True),
    "preview": (_preview, ("enable",), True),
    "slot select": (_slot_select, ("slot id", "video format"), True),
    "configuration": (_configuration, ("audio input", "video input", "file format"), True),
    "format": (_format, ("prepare", "confirm"), True),
}
ASKS_WHEN_BARE = frozenset({"configuration"})

"""What scenes may want of a room, what a hand may set, and what may be pressed at a device itself."""

from collections.abc import Mapping
from random import Random
from typing import Any

from avctl.config import RoomFile
from avctl.config.files import SceneFile
from avctl.device import DriverSettings

LEVELS = ("nominal", "-20 dB", "-3.5 dB", "0 dB", -40)
SOCKETS = ("Slot1.In1", "Slot1.In2", "Slot2.In1", "Slot2.In2")
POLICIES = ("go-on", "go-on", "stop", "return", "return", "take scene-1")

Words = dict[str, Any]
Settings = Mapping[str, DriverSettings]


def scenes(rng: Random, file: RoomFile, settings: Settings, *, plain: bool) -> dict[str, Words]:
    """Some scenes. ``plain``: whose steps have nothing to do with each other."""
    made: dict[str, Words] = {}
    for number in range(1, rng.choice((2, 3, 4)) + 1):
        made[f"scene-{number}"] = _scene(rng, file, settings, plain)
    if not plain:
        for number, scene in enumerate(made.values(), 1):
            policy = rng.choice(POLICIES)
            # Scene 1 is what others fall back on: it must not fall back on itself for ever.
            scene["on_failure"] = "go-on" if number == 1 and policy.startswith("take") else policy
            scene["mode"] = rng.choice(("supersede",) * 4 + ("wait", "refuse"))
            scene["emergency"] = rng.random() < 0.1
    return made


def files(made: Mapping[str, Words]) -> dict[str, SceneFile]:
    return {name: SceneFile.model_validate({"title": name, **said}) for name, said in made.items()}


def _scene(rng: Random, file: RoomFile, settings: Settings, plain: bool) -> Words:
    targets = [*file.devices, *file.destinations, *file.microphones, *file.pairs]
    targets = [name for name in targets if _kinds(file, name)]
    rng.shuffle(targets)
    want: dict[str, Words] = {}
    for target in targets[: rng.choice((1, 2, 3, 4, 6))]:
        if _same(file, target) & {each for wanted in want for each in _same(file, wanted)}:
            continue
        kinds = _kinds(file, target)
        chosen = kinds if len(kinds) > 1 and rng.random() < 0.4 else (rng.choice(kinds),)
        words: Words = {}
        for kind in chosen:
            if not (kind in ALONE and words.keys() & ALONE):
                words[kind] = _value(rng, file, settings, target, kind)
        if want and not plain and rng.random() < 0.35:
            words["after"] = rng.choice(list(want))
        want[target] = words
    slow = any(
        file.devices[name].driver in ("visca", "coriomaster")
        for name in want
        if name in file.devices
    )
    scene: Words = {"want": want, "deadline": round(rng.uniform(1.0, 9.0 if slow else 4.0), 1)}
    if not plain and rng.random() < 0.1:
        scene["hold"] = round(rng.uniform(0.5, 5), 1)
    if not plain and rng.random() < 0.08:
        scene["check"] = scene.pop("want")
        for words in scene["check"].values():
            words.pop("after", None)
    return scene


def _same(file: RoomFile, target: str) -> set[str]:
    """What a name may stand for."""
    pair = file.pairs.get(target)
    return {pair.main, pair.backup} if pair else {target}


ALONE = {"preset", "aim", "layout", "windows"}  # of one device, only one of them can be right


def one_want(rng: Random, file: RoomFile, settings: Settings) -> tuple[str, str, Any]:
    """Target, word and value that a hand sets."""
    targets = [*file.devices, *file.destinations, *file.microphones, *file.pairs]
    target = rng.choice([name for name in targets if _kinds(file, name)])
    word = rng.choice(_kinds(file, target))
    return target, word, _value(rng, file, settings, target, word)


def _kinds(file: RoomFile, target: str) -> tuple[str, ...]:
    if target in file.microphones:
        return "fader", "muted"
    if target in file.pairs:
        return ("fader", "muted") if file.pairs[target].main in file.microphones else ()
    if target in file.destinations:
        return "source", "blank"
    return {"visca": ("preset", "aim", "focus"), "coriomaster": ("layout", "windows")}.get(
        file.devices[target].driver, ()
    )


def _value(rng: Random, file: RoomFile, settings: Settings, target: str, word: str) -> Any:
    match word:
        case "fader":
            return rng.choice(LEVELS)
        case "muted" | "blank":
            return rng.random() < 0.5
        case "source":
            device = file.destinations[target].device
            there = [name for name, source in file.sources.items() if source.device == device]
            return rng.choice((*there, "none"))
        case "preset":
            return rng.choice(list(file.devices[target].presets))
        case "focus":
            return rng.choice(("auto", "manual"))
        case "layout":
            return rng.choice(list(file.devices[target].layouts))
        case "windows":
            return {rng.choice((1, 2)): rng.choice(SOCKETS)}
    known = rng.choice(list(settings[target].known_framings().values()))  # type: ignore[attr-defined]  # a camera
    return {
        "pan": round(known.pan + rng.uniform(-15, 15), 1),
        "tilt": round(known.tilt + rng.uniform(-3, 8), 1),
        "zoom": round(rng.random(), 2),
    }


def press(rng: Random, device: str, file: RoomFile) -> tuple[str, Words] | None:
    """Something that a person can do at the device."""
    match file.devices[device].driver:
        case "visca":
            return rng.choice(
                (
                    ("preset", {"number": rng.choice((0, 1, 2))}),
                    ("drive", {"pan": round(rng.uniform(-60, 60)), "tilt": 0.0}),
                    ("zoom", {"zoom": round(rng.random(), 2)}),
                )
            )
        case "extron_sis":
            output = rng.choice((1, 2, 3))
            return rng.choice(
                (
                    ("tie", {"input": rng.choice((0, 1, 2, 3)), "output": output}),
                    ("mute", {"output": output, "on": rng.random() < 0.5}),
                )
            )
        case "biamp_ttp":
            place = {"tag": "Level1", "channel": rng.choice((1, 2))}
            return rng.choice(
                (
                    ("mute", {**place, "on": rng.random() < 0.5}),
                    ("level", {**place, "db": rng.choice((-30.0, -6.0, 3.0))}),
                )
            )
        case "shure":
            channel = rng.choice((1, 2))
            return rng.choice(
                (
                    ("gain", {"channel": channel, "db": rng.choice((-12.0, 0.0, 6.0))}),
                    ("mute", {"channel": channel, "on": rng.random() < 0.5}),
                    ("transmitter", {"channel": channel, "on": rng.random() < 0.5}),
                    ("mute_switch", {"channel": channel, "on": rng.random() < 0.5}),
                    ("battery", {"channel": channel, "minutes": rng.choice((0.05, 1.0, 300.0))}),
                    ("rf", {"channel": channel, "quality": rng.choice((0.0, 0.05, 0.3, 1.0))}),
                )
            )
        case "coriomaster":
            return rng.choice(
                (
                    ("preset", {"number": rng.choice((1, 2, 3))}),
                    ("source", {"window": 1, "input": rng.choice(SOCKETS)}),
                )
            )
    return None

"""The command line of one simulated device."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hw_sim import address, catalogue
from hw_sim.faults import DEVICE, FAULTS, LINE, Faults

N = TypeVar("N", int, float)

ROOM = """whole rooms:
  python -m hw_sim room FILE   the devices of a room file, and what is plugged into what
"""


@dataclass(frozen=True)
class FaultOrder:
    """A fault to switch on at the start."""

    name: str
    value: float | None = None
    times: int | None = None
    seconds: float | None = None

    def give(self, faults: Faults) -> None:
        faults.set(self.name, self.value, times=self.times, seconds=self.seconds)


class Help(argparse.RawDescriptionHelpFormatter):
    """Describes the drivers only when asked: that imports them all."""

    def add_text(self, text: str | None) -> None:
        super().add_text(_catalogue() if text == "catalogue" else text)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """What was wanted; exits with 2 and a text on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m hw_sim",
        description="A simulated device. Prints `ready URL` for each end, runs until SIGINT or SIGTERM.",
        epilog="catalogue",
        formatter_class=Help,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("driver", metavar="DRIVER", type=_checked(catalogue.simulator), help="see below")
    add("--model", help="see below; the first is the default")
    add("--tcp", metavar="HOST:PORT", type=_address, action="append", help="port 0: any")
    add("--tls", metavar="HOST:PORT", type=_address, action="append", help="TCP under TLS")
    add("--ssh", metavar="HOST:PORT", type=_address, action="append")
    add("--udp", metavar="HOST:PORT", type=_address, action="append")
    add("--pty", metavar="LINK", nargs="?", const=True, default=False, help="a pseudo-terminal")
    add("--baud", metavar="N", type=_positive(int), help="of the pseudo-terminal")
    add(
        "--fault",
        metavar="NAME[=VALUE][,times=N][,seconds=S]",
        type=_checked(fault),
        action="append",
        default=[],
    )
    add("--option", metavar="KEY=VALUE", type=_checked(option), action="append", default=[])
    add(
        "--speed",
        metavar="N",
        type=_positive(float),
        default=1.0,
        help="simulated seconds a second",
    )
    add("--seed", metavar="N", type=int, default=0, help="of all that is random")
    add("--control", metavar="HOST:PORT", type=_address, help="a web page for faults and presses")
    add(
        "--chain", metavar="N", type=_positive(int), help="so many of them in a daisy chain (visca)"
    )
    wanted = parser.parse_args(argv)
    wanted.error = parser.error
    return wanted


def fault(text: str) -> FaultOrder:
    """``late=2,times=3`` taken apart. Raises ValueError."""
    first, *rest = text.split(",")
    name, given, value = first.partition("=")
    if name not in FAULTS:
        raise ValueError(f"no fault {name!r}, only {', '.join(FAULTS)}")
    times, seconds = None, None
    for part in rest:
        key, _, number = part.partition("=")
        if key == "times":
            times = _positive(int)(number)
        elif key == "seconds":
            seconds = _positive(float)(number)
        else:
            raise ValueError(f"{part!r} in fault {name}: only times=N and seconds=S")
    return FaultOrder(name, _number(value) if given else None, times, seconds)


def option(text: str) -> tuple[str, object]:
    """``key=value``, where the value is JSON, or else a plain text. Raises ValueError."""
    key, given, value = text.partition("=")
    if not given or not key:
        raise ValueError(f"{text!r} is not KEY=VALUE")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value


def _catalogue() -> str:
    faults = [f"  {name:<14} {text}" for name, text in FAULTS.items()]
    of_line, of_device = faults[: len(LINE)], faults[-len(DEVICE) :]
    return "\n".join(
        [
            f"drivers (or MODULE:CLASS):\n\n{catalogue.describe()}\n",
            "faults of the line:",
            *of_line,
            "\nfaults of the device:",
            *of_device,
            f"\n{ROOM}",
        ]
    )


def _checked(read: Callable[[str], object]) -> Callable[[str], object]:
    """``read``, whose ValueError argparse shows instead of its own text."""

    def checked(text: str) -> object:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return checked


def _address(text: str) -> str:
    _checked(address.parse)(text)
    return text


def _number(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError(f"{text} is negative or not a number")
    return number


def _positive(kind: Callable[[str], N]) -> Callable[[str], N]:
    def positive(text: str) -> N:
        number = kind(text)
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not positive")
        return number

    return positive

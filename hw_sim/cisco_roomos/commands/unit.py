"""Standby, peripherals, the unit itself."""

from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.rules import (
    Answer,
    Choice,
    FailedError,
    Given,
    Text,
    Whole,
    command,
    maybe,
)

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec


@command("Standby Activate")
def activate_standby(codec: "Codec", given: Given) -> None:
    if len(codec.calls):
        raise FailedError("In a call")
    codec.standby.activate()


@command("Standby Deactivate")
def deactivate_standby(codec: "Codec", given: Given) -> None:
    codec.standby.deactivate()


@command("Standby Halfwake")
def halfwake(codec: "Codec", given: Given) -> None:
    codec.standby.halfwake()


@command("Standby ResetTimer", Delay=Whole(1, 480))
def reset_timer(codec: "Codec", given: Given) -> None:
    codec.standby.begin(given.whole("Delay"))


@command(
    "Peripherals Connect",
    ID=Text(),
    Name=maybe(Text()),
    Type=Choice(("ControlSystem", "TouchPanel", "Other"), "Other"),
    HardwareInfo=maybe(Text()),
    NetworkAddress=maybe(Text()),
    SerialNumber=maybe(Text()),
    SoftwareInfo=maybe(Text()),
)
def connect_peripheral(codec: "Codec", given: Given) -> None:
    codec.peripherals.connect(given.text("ID"), given.text("Name"), given.text("Type"))


@command("Peripherals HeartBeat", ID=Text(), Timeout=Whole(1, 65535, 60))
def heartbeat(codec: "Codec", given: Given) -> None:
    try:
        codec.peripherals.hear(given.text("ID"), given.whole("Timeout"))
    except KeyError:
        raise FailedError("Unknown peripheral") from None


@command("SystemUnit SignInBanner Set", body=True)
def set_banner(codec: "Codec", given: Given) -> None:
    codec.banner = given.body


@command("SystemUnit SignInBanner Clear")
def clear_banner(codec: "Codec", given: Given) -> None:
    codec.banner = ""


@command("SystemUnit Boot", Action=Choice(("Restart",), "Restart"))
def boot(codec: "Codec", given: Given) -> None:
    """A shutdown, after which only somebody at the device can start it, is not simulated."""
    codec.clock.later(0.0, codec.reboot)


@command("Diagnostics Run", ResultSet=Choice(("Alerts", "All", "None"), "Alerts"))
def run_diagnostics(codec: "Codec", given: Given) -> Answer:
    return {"Message": [dict(each) for each in codec.messages()]}

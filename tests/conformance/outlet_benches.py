"""Benches of what switches mains, and of matrices that a table drives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from avctl.capabilities.outlets import Outlet
from avctl.capabilities.router import Layer, Output
from hw_sim.catalogue import simulator
from hw_sim.simulator import Simulator
from tests.conformance.benches import Bench, Change

COMMUNITIES = {"community": "private", "read_community": "public"}
SIXTEEN = {"input": 16, "output": 16}


@dataclass(frozen=True)
class TableBench(Bench):
    """A device that a table drives, on a simulator with a name of its own."""

    simulated: str = ""

    def simulator(self) -> Simulator:
        return simulator(self.simulated)(self.model, rng=Random(7), **self.options)


def _outlet(number: int, field: str) -> Change:
    return Change(
        Outlet(number),
        True,
        is_true=lambda real: real.truth()["outlets"][str(number)],
        press=(field, {field: number, "on": True}),
    )


def _outlets(driver: str, model: str, url: str, field: str, **settings: Any) -> Bench:
    return Bench(driver, model, url, (_outlet(2, field), _outlet(1, field)), settings)


def _matrix(model: str, url: str = "serial:///matrix?baud=9600", **settings: Any) -> Bench:
    changes = (
        Change(
            Output(2),
            3,
            is_true=lambda matrix: matrix.truth()["video"]["2"] == 3,
            press=("tie", {"input": 3, "output": 2, "layer": "B"}),
        ),
        Change(Output(1, Layer.AUDIO), 2, is_true=lambda matrix: matrix.truth()["audio"]["1"] == 2),
    )
    bench = TableBench("byte_table", model, url, changes, {"table": "creator"} | settings)
    return replace(bench, simulated="creator_matrix")


WIRE, LAN = "serial:///outlets?baud=9600", "udp://outlets:161"

OUTLET_BENCHES: Mapping[str, Bench] = {
    "hs_sequencer HS-08R on a wire": _outlets("hs_sequencer", "HS-08R", WIRE, "channel"),
    "hs_sequencer HS-16R on a wire": _outlets(
        "hs_sequencer", "HS-16R", WIRE, "channel", channels=12
    ),
    "modbus_relay 8 relays on a wire": _outlets("modbus_relay", "8-relay", WIRE, "relay"),
    "modbus_relay 16 relays over TCP": _outlets(
        "modbus_relay", "16-relay", "tcp://relays:502", "relay", relays=16
    ),
    "apc_pdu rpdu, v1": _outlets("apc_pdu", "rpdu", LAN, "outlet", **COMMUNITIES),
    "apc_pdu rpdu2, v2c": _outlets("apc_pdu", "rpdu2", LAN, "outlet", version="2c", **COMMUNITIES),
    "apc_pdu cpdu, v1": _outlets("apc_pdu", "cpdu", LAN, "outlet", **COMMUNITIES),
    "apc_pdu epdu, v2c": _outlets("apc_pdu", "epdu", LAN, "outlet", version="2c", **COMMUNITIES),
    "byte_table creator, CROSS on a wire": _matrix("cross"),
    "byte_table creator, FMX on a wire": _matrix("fmx", counts=SIXTEEN),
    "byte_table creator, Intelix on a wire": _matrix("intelix", dialect="two_digits"),
    "byte_table creator, MMX88A on a wire": _matrix("mmx88a"),
    "byte_table creator, Aurora on a wire": _matrix("aurora", counts=SIXTEEN),
    "byte_table creator, Blackbird on a wire": _matrix("blackbird", dialect="blackbird"),
    "byte_table creator, MMX1616 on a wire": _matrix("mmx1616", counts=SIXTEEN),
    "byte_table creator, Blackbird 27841": _matrix("27841", dialect="blackbird"),
    "byte_table creator, Kensence over TCP": _matrix("kensence", "tcp://matrix:4001"),
}

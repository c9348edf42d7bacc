"""The attributes of DEVICE: what a Tesira says of itself and of its health."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hw_sim.biamp_ttp.text import Name

if TYPE_CHECKING:
    from hw_sim.biamp_ttp.device import Tesira


def properties(device: "Tesira") -> Mapping[str, object]:
    network = {
        "schemaVersion": 2,
        "hostname": f"Tesira{device.model.upper()}",
        "defaultGatewayStatus": "0.0.0.0",
        "networkPortMode": Name("PORT_MODE_SEPARATE"),
        "telnetDisabled": False,
    }
    return {
        "serialNumber": device.serial_number,
        "activeFaultList": _fault_list(device),
        "networkStatus": network,
    }


def _fault_list(device: "Tesira") -> list[object]:
    listed = [{"id": Name(each), "name": text} for each, text in device.device_faults.items()]
    heads = {
        "INDICATOR_MAJOR_IN_DEVICE": ("Major Fault in Device", listed),
        "INDICATOR_MAJOR_IN_SYSTEM": ("Major Fault in System", []),
    }
    if not listed:
        heads = {"INDICATOR_NONE_IN_DEVICE": ("No fault in device", [])}
    return [
        {"id": Name(each), "name": name, "faults": inner, "serialNumber": device.serial_number}
        for each, (name, inner) in heads.items()
    ]

"""The list of active faults as lines for people."""

from collections.abc import Iterator

from avctl.drivers.biamp_ttp.value import Value


def fault_lines(indicators: Value | None) -> list[str]:
    """``Major Fault in Device: one or more Dante flows inactive (11122233)``, for each fault.

    An indicator without faults of its own only says that there are none, or repeats those of another device.
    """
    return [line for indicator in _objects(indicators) for line in _of_indicator(indicator)]


def _of_indicator(indicator: dict[str, Value]) -> Iterator[str]:
    for fault in _objects(indicator.get("faults")):
        text = fault.get("name") or fault.get("id")
        yield f"{indicator.get('name')}: {text} ({indicator.get('serialNumber')})"


def _objects(value: Value | None) -> list[dict[str, Value]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, tuple) else []

"""Which simulators there are, by the name of their driver."""

import importlib
import inspect

from hw_sim.simulator import Simulator

SIMULATORS = {
    "visca": "hw_sim.visca:ViscaCamera",
    "visca_chain": "hw_sim.visca:Chain",
    "extron_sis": "hw_sim.extron_sis:ExtronMatrix",
    "biamp_ttp": "hw_sim.biamp_ttp:Tesira",
    "coriomaster": "hw_sim.coriomaster:CorioMaster",
    "shure": "hw_sim.shure:ShureReceiver",
    "pjlink": "hw_sim.pjlink:Projector",
    "samsung_mdc": "hw_sim.samsung_mdc:Displays",
    "hyperdeck": "hw_sim.hyperdeck:HyperDeck",
    "hs_sequencer": "hw_sim.hs_sequencer:Sequencer",
    "modbus_relay": "hw_sim.modbus_relay:RelayBoard",
    "apc_pdu": "hw_sim.apc_pdu:ApcPdu",
    "sleeping_host": "hw_sim.sleeping_host:SleepingHost",
    "creator_matrix": "hw_sim.creator_matrix:CreatorMatrix",
    "lcd_splicer": "hw_sim.lcd_splicer:LcdSplicer",
    "huawei_te": "hw_sim.huawei_te:Terminal",
    "cisco_roomos": "hw_sim.cisco_roomos:Codec",
}


def simulator(driver: str) -> type[Simulator]:
    """The class of a driver's simulator; ``driver`` is a name of `SIMULATORS`, or MODULE:CLASS.

    Raises ValueError when there is none.
    """
    module, colon, name = SIMULATORS.get(driver, driver).partition(":")
    if not colon:
        raise ValueError(f"no driver {driver!r}, only {', '.join(SIMULATORS)} or MODULE:CLASS")
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # it is there, and what it needs is not
        raise ValueError(f"no driver {driver!r}: there is no module {error.name}") from error
    if not (inspect.isclass(found) and issubclass(found, Simulator)):
        raise ValueError(f"no driver {driver!r}: {module} has no simulator {name}")
    return found


def chain_of(kind: type[Simulator]) -> type[Simulator]:
    """The daisy chain of such devices. Raises ValueError for those that cannot be chained."""
    name = f"{kind.driver}_chain"
    if name not in SIMULATORS:
        raise ValueError(f"{kind.driver} has no daisy chain")
    return simulator(name)


def describe() -> str:
    """Every driver with its models, options and presses, for ``--help``."""
    return "\n\n".join(_describe(driver) for driver in SIMULATORS)


def _describe(driver: str) -> str:
    kind = simulator(driver)
    lines = [f"{driver}: {_first_line(driver)}", f"  models   {', '.join(kind.models)}"]
    lines += _table("options", [f"{name}: {text}" for name, text in kind.options.items()])
    lines += _table("presses", [_press(kind, action) for action in kind.actions()])
    return "\n".join(lines)


def _press(kind: type[Simulator], action: str) -> str:
    return f"{action}({', '.join(kind.arguments(action))})"


def _table(title: str, rows: list[str]) -> list[str]:
    return [f"  {title if row is rows[0] else '':<8} {row}" for row in rows]


def _first_line(driver: str) -> str:
    """What the package of a driver's simulator says it is."""
    package = importlib.import_module(SIMULATORS[driver].partition(":")[0])
    return (inspect.getdoc(package) or "").partition("\n")[0]

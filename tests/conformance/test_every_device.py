"""What every driver must do on its simulator, whatever the device is, with every fault of the line and the device."""

import pytest

from avctl import registry
from avctl.testing.conformance import DEVICE_FAULTS, LINE_FAULTS, Run, suite
from hw_sim.faults import DEVICE, LINE
from tests.conformance.benches import BENCHES, Bench, standing
from tests.conformance.outlet_benches import OUTLET_BENCHES
from tests.conformance.terminal_benches import TERMINAL_BENCHES

RUNS = [
    pytest.param(bench, run, id=f"{run.name} [{name}]")
    for name, bench in (*BENCHES.items(), *OUTLET_BENCHES.items(), *TERMINAL_BENCHES.items())
    for run in suite(registry.driver(bench.driver), bench.changes, bench.can)
]


@pytest.mark.parametrize(("bench", "run"), RUNS)
async def test_on_its_simulator(bench: Bench, run: Run) -> None:
    async with standing(bench) as stand:
        await run.on(stand)


def test_no_fault_that_a_simulator_has_is_left_out() -> None:
    # The two others are cases of their own: a refusal that is told, and a change that is only accepted.
    assert set(LINE_FAULTS) | set(DEVICE_FAULTS) | {"refuses", "ignores"} == set(LINE | DEVICE)

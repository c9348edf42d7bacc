"""Which tests run in virtual time, and how long an example may take."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from hypothesis import settings

from avctl.testing import VirtualLoop
from tests import virtual_database

virtual_database.install()

# Folders; elsewhere, tests marked ``virtual``.
VIRTUAL = {"changeover", "conformance", "latency", "pains", "scenes", "wire"}

# A busy machine is slow by itself; what must be quick is timed elsewhere.
settings.register_profile("avctl", deadline=None)
settings.load_profile("avctl")

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, LoopFactory]:
    if item.path.parent.name in VIRTUAL or item.get_closest_marker("virtual"):
        return {"virtual": VirtualLoop}
    return {"real": asyncio.new_event_loop}

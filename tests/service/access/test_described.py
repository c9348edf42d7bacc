"""R46: a few requests to each operation, as the API's own description has them and as it has not, by everybody."""

import asyncio

import pytest

from avctl.testing import VirtualLoop
from tests.service.access.described import ENDLESS, asked
from tests.service.access.test_nothing_without_login import ALL
from tests.service.house import PASSWORD

SEED = 46
AT_A_TIME = 6
UNTOLD = {"to_panel", "get_description"}  # the way to the panel, and the description itself


@pytest.mark.timeout(300)
def test_the_api_answers_as_it_describes_itself_whatever_it_is_asked(monkeypatch):
    for name, value in PASSWORD.items():
        monkeypatch.setenv(name, value)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        asker = runner.run(asked(1, SEED, AT_A_TIME))
    assert not asker.wrong, "\n\n".join(f"{what}: {how}" for what, how in asker.wrong.items())
    assert asker.asked == {name for name, *_ in ALL} - ENDLESS - UNTOLD
    # Not all at the door: some things were done, and some were not there.
    assert {200, 201, 204, 401, 403, 404, 409, 422} <= set(asker.statuses)

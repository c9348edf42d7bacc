"""R41: guessing passwords. ``python -m tests.service.access.attacks`` does it over sockets, thousands of times."""

import asyncio
import threading

import pytest

from avctl.clock import Clock
from service.people import passwords as module
from service.people.attempts import PER_ACCOUNT, PER_ADDRESS, WITHIN, Attempts
from service.people.passwords import WAITING, Passwords
from service.problems import ApiError
from tests.processes import AT_ALL
from tests.service.access.people import API, PASSWORD, PIN, code_of, town

pytestmark = pytest.mark.virtual


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


@pytest.fixture
def looked(monkeypatch):
    """The secrets that were looked at, in place of the time that takes."""
    seen = []

    async def fits(self, hashed, secret, *, stranger=False):
        seen.append(secret)
        return secret == PASSWORD and hashed is not None

    monkeypatch.setattr(Passwords, "fits", fits)
    return seen


async def guess(browser, name="operator", password="wrong"):
    return await browser.post(f"{API}/session", json={"name": name, "password": password})


async def test_an_account_is_guessed_at_ten_times_in_a_quarter_of_an_hour_wherever_from(looked):
    async with town() as here:
        told = [await guess(here.browser(f"127.0.1.{n}")) for n in range(100)]
        assert [answer.status_code for answer in told] == [401] * 10 + [429] * 90
        assert len(looked) == PER_ACCOUNT == 10
        assert 0 < int(told[-1].headers["Retry-After"]) <= WITHIN
        # Not even who knows it, from elsewhere; but whoever stands before a bound panel.
        assert (await guess(here.browser(), password=PASSWORD)).status_code == 429
        assert (await guess(await here.panel(), password=PASSWORD)).status_code == 200
        assert (await guess(here.browser(), "engineer", PASSWORD)).status_code == 200


async def test_after_a_quarter_of_an_hour_an_account_is_looked_at_again():
    attempts = Attempts(Clock())
    for _ in range(PER_ACCOUNT):
        attempts.count("operator", "somewhere")
    with pytest.raises(ApiError):
        attempts.count("operator", "elsewhere")
    await asyncio.sleep(WITHIN - 1)
    with pytest.raises(ApiError):
        attempts.count("operator", "elsewhere")
    await asyncio.sleep(1)
    attempts.count("operator", "elsewhere")


async def test_an_address_guesses_thirty_times_whoever_it_names(looked):
    async with town() as here:
        told = [await guess(here.browser("127.0.2.1"), f"nobody-{n}") for n in range(100)]
        assert [answer.status_code for answer in told].count(401) == PER_ADDRESS == 30
        assert len(looked) == 30
        assert (await guess(here.browser("127.0.2.2"), "viewer", PASSWORD)).status_code == 200


async def test_one_who_knows_a_password_cannot_reset_the_count_of_others(looked):
    async with town() as here:
        for _ in range(10):
            await guess(here.browser("127.0.3.1"))
            await guess(here.browser("127.0.3.1"), "viewer", PASSWORD)
        assert (await guess(here.browser("127.0.3.2"))).status_code == 429


async def test_pins_and_the_set_up_code_are_guessed_at_as_rarely(looked):
    async with town() as here:
        panel = await here.panel()
        body = {"name": "operator", "pin": "111222"}
        told = [(await panel.post(f"{API}/session/pin", json=body)).status_code for _ in range(12)]
        assert told == [401] * 10 + [429] * 2
        assert code_of(await here.browser().post(f"{API}/session/pin", json=body)) == "forbidden"
        # A password is another secret: it still opens.
        assert (await guess(panel, password=PASSWORD)).status_code == 200


async def test_an_unknown_name_is_looked_at_as_long_as_a_known_one():
    """By what is computed: one Argon2 of the same cost. Times of a shared machine say nothing."""
    verified = []
    kept = module._verify

    def verify(hashed, secret):
        verified.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return kept(hashed, secret)

    module._verify = verify
    try:
        async with town() as here:
            answers = [await guess(here.browser(), name) for name in ("operator", "nobody")]
            told = [answer.json() for answer in answers]
            assert told[0] == told[1]
            assert len(verified) == 2
            assert verified[0] == verified[1]
    finally:
        module._verify = kept


async def test_strangers_are_hashed_one_at_a_time_and_keep_nobody_waiting_who_is_known(monkeypatch):
    begun, go_on = [], threading.Event()

    def verify(hashed, secret):
        begun.append(secret)
        assert secret != "guess" or go_on.wait(AT_ALL)
        return True

    monkeypatch.setattr(module, "_verify", verify)
    passwords, loop = Passwords(), asyncio.get_running_loop()
    guesses = [loop.create_task(passwords.fits("hash", "guess", stranger=True)) for _ in range(40)]
    await asyncio.sleep(0)
    refused = [each.exception() for each in guesses if each.done()]
    assert [getattr(error, "code", None) for error in refused] == ["busy"] * (40 - WAITING)
    assert await passwords.fits("hash", "from a panel")
    assert begun.count("guess") <= 1
    go_on.set()
    await asyncio.gather(*guesses, return_exceptions=True)


async def test_whoever_does_not_stand_at_a_bound_panel_waits_with_the_strangers(monkeypatch):
    waited = []

    async def fits(self, hashed, secret, *, stranger=False):
        waited.append(stranger)
        return True

    monkeypatch.setattr(Passwords, "fits", fits)
    async with town() as here:
        await guess(here.browser())
        await guess(await here.panel())
    assert waited == [True, False]


async def test_one_attempt_is_given_back_at_a_time():
    attempts = Attempts(Clock())
    for _ in range(PER_ACCOUNT):
        attempts.count("operator", "somewhere")
    attempts.give_back("operator", "somewhere")
    attempts.count("operator", "somewhere")
    with pytest.raises(ApiError):
        attempts.count("operator", "somewhere")


async def test_an_attempt_that_nobody_looked_at_does_not_count(monkeypatch):
    async def busy(self, hashed, secret, *, stranger):
        raise ApiError("busy", "too many")

    async with town() as here:
        with monkeypatch.context() as patch:
            patch.setattr(Passwords, "fits", busy)
            told = [(await guess(here.browser())).status_code for _ in range(40)]
            assert set(told) == {503}
        assert (await guess(here.browser(), password=PASSWORD)).status_code == 200


async def test_what_is_remembered_of_guessers_is_bounded():
    attempts = Attempts(Clock())
    for number in range(30_000):
        attempts.count(f"nobody-{number}", f"address-{number}")
    assert len(attempts._tried) == 20_000


async def test_a_good_password_is_asked_for_in_both_languages():
    async with town() as here:
        administrator = await here.logged_in("administrator")
        for password in ("Short-1", "alllowercase", "Aa1!Aa1!Aa1!Aa", "Newcomer-1234", "x" * 129):
            body = {"name": "newcomer", "password": password, "grants": []}
            answer = await administrator.post(f"{API}/people", json=body)
            assert code_of(answer) == "weak-password", password
            assert password not in answer.text
        body["password"] = "vier wörter mit umlauten"
        assert (await administrator.post(f"{API}/people", json=body)).status_code == 201
        operator = await here.logged_in("operator")
        for pin in ("1234567", "111111", "12345", "４９３０２８", "49302x"):
            answer = await operator.put(
                f"{API}/session/pin", json={"password": PASSWORD, "pin": pin}
            )
            assert answer.status_code == 422, pin
        answer = await operator.put(f"{API}/session/pin", json={"password": PASSWORD, "pin": PIN})
        assert answer.status_code == 204

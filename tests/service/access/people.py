"""The service with people who log in: the house, somebody for each role, and their browsers."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache

import httpx
from argon2 import PasswordHasher

from service.people.roles import GIVEN, Grant, Role
from tests.served import API, BASE
from tests.service.house import House, house

PASSWORD = "Correct-Horse-9"
PIN = "493028"
ORIGIN = {"Origin": BASE}


@cache
def hashed_once() -> str:
    """It takes its time, and everybody has the same one."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)


@dataclass(eq=False)
class Town:
    """A house whose people are called like their roles."""

    house: House

    def browser(self, address: str = "127.0.0.1", token: str = "") -> httpx.AsyncClient:
        headers = {**ORIGIN, "Authorization": f"Bearer {token}"} if token else ORIGIN
        transport = httpx.ASGITransport(
            self.house.app, raise_app_exceptions=False, client=(address, 4000)
        )
        return httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)

    async def logged_in(self, name: str, address: str = "127.0.0.1") -> httpx.AsyncClient:
        browser = self.browser(address)
        answer = await browser.post(f"{API}/session", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser

    async def panel(
        self, name: str = "wall", rooms: tuple[str, ...] = ("19",)
    ) -> httpx.AsyncClient:
        """A browser bound as a panel, with nobody logged in."""
        key, _ = await self.register.bind_panel(name, list(rooms), by="test")
        browser = self.browser("10.0.0.9")
        browser.cookies.set("avctl-panel", key)
        return browser

    async def token(self, *grants: Grant, name: str = "machine") -> httpx.AsyncClient:
        token, _ = await self.register.add_token(name, grants, None, by="test")
        return self.browser("10.0.0.8", token)

    async def add(self, name: str, *grants: Grant) -> None:
        await self.people.roll.add_person(
            name=name, title=name, grants=grants, active=True, password=hashed_once(),
            must_change=False, pin=None, factor=None, factor_used=0,
            created=self.house.parts.clock.wall(),
        )  # fmt: skip

    @property
    def people(self):
        return self.house.parts.people

    @property
    def register(self):
        return self.people.register

    def accesses(self):
        return [entry for entry in self.house.entries if entry.kind == "access"]


@contextlib.asynccontextmanager
async def town(**settings) -> AsyncIterator[Town]:
    """``settings`` as `house` takes them."""
    settings = {"up": False, **settings}
    async with house(access="people", **settings) as here:
        made = Town(here)
        for role in GIVEN:
            await made.add(role.value, Grant(role))
        yield made


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


__all__ = ["API", "PASSWORD", "PIN", "Grant", "Role", "Town", "code_of", "town"]

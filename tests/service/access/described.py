"""R46: the API asked as its own OpenAPI document describes it, and as it does not.

``python -m tests.service.access.described [TURNS [SEED]]`` asks each operation ten times a turn; later turns use the
names that answers told before.
"""

import asyncio
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction
from sqlalchemy.util import await_only, greenlet_spawn

from avctl.testing import VirtualLoop
from service.people.credentials import PANEL_COOKIE, SESSION_COOKIE, hashed
from service.people.rights import OPERATIONS
from service.people.roles import GIVEN, MATRIX, Right, Role
from service.uploads import PHOTOS, XLSX
from tests.rooms import DEMO
from tests.served import BASE
from tests.service.access.people import Town, town
from tests.service.access.test_nothing_without_login import NAMES
from tests.service.house import PASSWORD

NOBODY, PANEL = "nobody", "panel"
ENDLESS = {"stream_events"}  # tests/service/access/test_sockets.py reads it
OF_DEVICES = {
    "link-down",
    "no-answer",
    "protocol",
    "busy",
    "picture",
}  # what a device may do to a request
AT_A_TIME = 10
REMEMBERED = 20  # names of a kind that answers told
CAMERAS = httpx.MockTransport(
    lambda _: httpx.Response(200, content=b"\xff\xd8\xff\xe0" + bytes(1000) + b"\xff\xd9")
)
CHECKS: list[CheckFunction] = [
    getattr(schemathesis.checks, name)
    for name in (
        "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance",
    )
]  # fmt: skip
REFUSES: CheckFunction = schemathesis.checks.negative_data_rejection


def callers(operation: str) -> list[str]:
    """Who asks for it: everybody, and those more often who may."""
    roles = [*GIVEN, Role.PANEL]
    may = [
        role for role in roles if OPERATIONS[operation] in MATRIX[role] | {Right.OWN, Right.PUBLIC}
    ]
    return [*(role.value for role in may * 3 + roles), NOBODY]


@schemathesis.serializer(XLSX, *PHOTOS)
def _file(context: object, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def _is_padded(body: Any) -> bool:
    """Whether a text is too long only before it is stripped."""
    texts = body.values() if isinstance(body, dict) else ()
    return any(isinstance(text, str) and len(text) > 500 and text != text.strip() for text in texts)


@dataclass(eq=False)
class Asker:
    """Asks one town, as everybody in turn, with names that it has and names that it has not."""

    here: Town
    schema: Any = None
    people: dict[str, Any] = field(default_factory=dict)  # as they were in the beginning
    secrets: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)  # by their kind
    panels: int = 0
    asked: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.schema = schemathesis.openapi.from_dict(self.here.house.app.openapi())
        self.people = {each.name: each for each in self.here.people.roll.people.values()}
        self.names = {kind: [name] for kind, name in NAMES.items()}

    def operations(self) -> Iterator[Any]:
        for found in self.schema.get_all_operations():
            operation = found.ok()
            if operation.definition.raw["operationId"] not in ENDLESS:
                yield operation

    async def ask(self, operation: Any, often: int, number: int) -> None:
        await greenlet_spawn(self._ask, operation, often, number)

    def _ask(self, operation: Any, often: int, number: int) -> None:
        fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        other = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        name = operation.definition.raw["operationId"]
        # What answers told comes in by number: Hypothesis wants the same choices every time.
        picked = st.integers(0, 2**16)

        @seed(number)
        @settings(
            max_examples=often, phases=[Phase.generate], database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(
            case=st.one_of(fitting, fitting, other), who=st.sampled_from(callers(name)), pick=picked
        )
        def once(case: Any, who: str, pick: int) -> None:
            if pick % 4 != 1:
                self._name(case.path_parameters, pick)
            if pick % 2 and case.meta.generation.mode is GenerationMode.POSITIVE:
                self._name(case.query, pick)
                self._name(case.body, pick)
            self._once(name, case, who)

        once()

    def _name(self, given: Any, pick: int) -> None:
        """Put in names that there are."""
        for kind in given if isinstance(given, dict) else ():
            known = self.names.get(kind)
            if known and isinstance(given[kind], str | int):
                name = known[pick % len(known)]
                given[kind] = (
                    name if isinstance(given[kind], str) else int(name) if name.isdecimal() else 1
                )

    def _once(self, name: str, case: Any, who: str) -> None:
        given_ = case.as_transport_kwargs(base_url=BASE, headers={"Origin": BASE})
        asked = requests.Request(
            **{
                key: given_[key]
                for key in ("method", "url", "headers", "params", "data", "json")
                if key in given_
            }
        ).prepare()
        if urlsplit(str(asked.url)).path.count("/") != case.path.count("/"):
            return  # a name like ".." makes it another address
        answer = await_only(self._send(who, asked))
        self.asked.add(name)
        self.statuses[answer.status_code] += 1
        try:
            self._learn(answer)
            case.validate_response(answer, checks=CHECKS)
            if answer.is_success and not _is_padded(case.body):
                case.validate_response(answer, checks=[REFUSES])
            if answer.status_code >= 500:
                assert answer.json()["code"] in OF_DEVICES, answer.text
            if who == NOBODY and OPERATIONS[name] is not Right.PUBLIC:
                assert 400 <= answer.status_code < 500, answer.text
        except (AssertionError, ValueError, BaseExceptionGroup) as error:
            what = str(getattr(error, "exceptions", [error])[0]).splitlines()[0]
            how = f"{who}: {asked.method} {asked.url} {asked.body!r}: {answer.status_code}"
            self.wrong.setdefault((name, what), f"{how} {answer.text[:300]}\n{error}")

    async def _send(self, who: str, asked: requests.PreparedRequest) -> httpx.Response:
        browser = await self._browser(who)
        request = browser.build_request(
            str(asked.method),
            str(asked.url),
            headers=cast(Mapping[str, str], asked.headers),
            content=cast("bytes | None", asked.body),
        )
        return await browser.send(request)

    async def _browser(self, who: str) -> httpx.AsyncClient:
        """With a login that is good, whatever was done to it before."""
        people, browser = self.here.people, self.here.browser()
        if who == PANEL:
            if people.roll.key(hashed(self.secrets.get(PANEL, ""))) not in people.register.held(
                "panel"
            ):
                self.panels += 1
                key, _ = await people.register.bind_panel(f"wall-{self.panels}", [], by="test")
                self.secrets[PANEL] = key
            browser.cookies.set(PANEL_COOKIE, self.secrets[PANEL])
        elif who != NOBODY:
            kept = self.people[who]
            if people.roll.people[kept.id] != kept:
                changed = asdict(kept)
                await people.roll.change_person(
                    changed.pop("id"), **{**changed, "grants": kept.grants}
                )
            if hashed(self.secrets.get(who, "")) not in people.roll.logins:
                self.secrets[who], _ = await people.logins._begin(kept, "", "", timedelta(hours=12))
            browser.cookies.set(SESSION_COOKIE, self.secrets[who])
        return browser

    def _learn(self, answer: httpx.Response) -> None:
        if answer.content and answer.headers.get("content-type") == "application/json":
            self._look(answer.json())

    def _look(self, told: Any) -> None:
        if isinstance(told, dict):
            for kind, value in told.items():
                known = self.names.get(kind)
                if known is not None and isinstance(value, str | int) and str(value) not in known:
                    known.append(str(value))
                    del known[1:-REMEMBERED]
                self._look(value)
        elif isinstance(told, list):
            for each in told:
                self._look(each)


async def asked(turns: int, number: int, often: int = AT_A_TIME) -> Asker:
    with TemporaryDirectory() as folder:
        files = Path(shutil.copytree(DEMO, Path(folder) / "demo"))
        async with town(only=None, up=True, demo=files, cameras=CAMERAS) as here:
            asker = Asker(here)
            for turn in range(turns):
                for operation in asker.operations():
                    await asker.ask(operation, often, number + turn)
            return asker


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    number = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32)
    os.environ.update(PASSWORD)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        asker = runner.run(asked(turns, number))
    for (name, kind), how in asker.wrong.items():
        print(f"{name}: {kind}\n    {how}\n")
    print(
        f"seed {number}: {asker.statuses.total()} requests, {len(asker.wrong)} wrong; {dict(sorted(asker.statuses.items()))}"
    )


if __name__ == "__main__":
    main()

"""Pictures of what devices and destinations show: JPEG over HTTP, asked for once for everybody who waits."""

import asyncio
from dataclasses import dataclass
from functools import cached_property

import httpx

from avctl.clock import Clock
from avctl.room import Room
from service.problems import ApiError, unknown

APART = 0.5  # seconds between two fetches of one picture, at least
JPEG = b"\xff\xd8\xff"
CONNECT = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    at: float  # monotonic seconds


@dataclass(eq=False, slots=True)
class _Shelf:
    """One address: its last picture or failure, and the fetch under way."""

    began: float = -APART
    picture: Picture | None = None
    failure: ApiError | None = None
    fetching: asyncio.Task[Picture] | None = None


class Pictures:
    """Use it as an async context manager."""

    def __init__(
        self,
        clock: Clock,
        *,
        most_bytes: int,
        seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock, self._most, self._seconds = clock, most_bytes, seconds
        self._transport = transport
        self._shelves: dict[str, _Shelf] = {}

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made for the first picture: reading whom it trusts takes longer than the rest of a start."""
        return httpx.AsyncClient(
            transport=self._transport,
            timeout=httpx.Timeout(self._seconds, connect=min(CONNECT, self._seconds)),
            trust_env=False,  # cameras are on this network, never behind its proxy
        )

    async def __aenter__(self) -> "Pictures":
        return self

    async def __aexit__(self, *exc: object) -> None:
        fetching = [shelf.fetching for shelf in self._shelves.values() if shelf.fetching]
        for task in fetching:
            task.cancel()
        await asyncio.gather(*fetching, return_exceptions=True)
        if "_client" in vars(self):
            await self._client.aclose()

    async def of(self, room: Room, name: str) -> Picture:
        """The picture of a device or destination, at most a moment old.

        Raises ApiError: not-found where none is configured, picture when none came.
        """
        url = room.pictures.get(name)
        if url is None:
            raise unknown("picture", "画面", name, room.pictures)
        shelf = self._shelves.setdefault(url, _Shelf())
        if shelf.fetching is None:
            if self._clock.now() - shelf.began < APART:
                if shelf.failure:
                    raise shelf.failure
                if shelf.picture:
                    return shelf.picture
            shelf.began = self._clock.now()
            shelf.fetching = asyncio.create_task(self._fetch(url, shelf))
        # One who goes away must not take the picture from the others who wait.
        return await asyncio.shield(shelf.fetching)

    async def _fetch(self, url: str, shelf: _Shelf) -> Picture:
        shelf.failure = None
        try:
            async with asyncio.timeout(self._seconds):
                jpeg = await self._read(url)
            shelf.picture = Picture(jpeg, self._clock.now())
            return shelf.picture
        except (TimeoutError, httpx.TimeoutException):
            shelf.failure = _failure(
                f"timeout: nothing within {self._seconds:g} s",
                f"超时：{self._seconds:g} 秒内没有画面",
            )
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            text = str(error) or type(error).__name__
            shelf.failure = _failure(f"not reachable: {text}", f"无法连接：{text}")
        except ApiError as error:
            shelf.failure = error
        finally:
            shelf.fetching = None
        raise shelf.failure

    async def _read(self, url: str) -> bytes:
        async with self._client.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise _failure(f"status {answer.status_code}", f"设备应答 {answer.status_code}")
            jpeg = bytearray()
            async for part in answer.aiter_bytes():
                jpeg += part
                if len(jpeg) > self._most:
                    raise _failure(f"over {self._most} bytes", f"超过 {self._most} 字节")
        if not jpeg.startswith(JPEG):
            raise _failure("not JPEG", "不是 JPEG 图像")
        return bytes(jpeg)


def _failure(detail: str, detail_zh: str) -> ApiError:
    return ApiError("picture", detail, detail_zh)

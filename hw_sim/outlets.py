"""Switched outlets, and what hangs on them."""

from collections.abc import Iterator
from typing import Protocol, runtime_checkable


@runtime_checkable
class Plugged(Protocol):
    """A device with a mains plug."""

    def mains(self, on: bool) -> None: ...


class Outlets:
    """Contacts from 1. What is plugged in has mains while its contact is closed and mains is behind it."""

    def __init__(self, count: int, closed: bool = False) -> None:
        self.is_supplied = True
        self._closed = dict.fromkeys(range(1, count + 1), closed)
        self._plugged: list[tuple[int, Plugged]] = []

    def __iter__(self) -> Iterator[int]:
        return iter(self._closed)

    def __len__(self) -> int:
        return len(self._closed)

    def __contains__(self, number: object) -> bool:
        return number in self._closed

    def is_closed(self, number: int) -> bool:
        """Whether a contact is, with or without mains behind it."""
        return self._closed[number]

    def is_live(self, number: int) -> bool:
        """Whether there is mains at an outlet."""
        return self.is_supplied and self._closed[number]

    def switch(self, number: int, on: bool) -> None:
        """Close or open a contact. Raises KeyError when there is none of this number."""
        if self._closed[number] != on:
            self._closed[number] = on
            if self.is_supplied:
                self._tell(number)

    def switch_all(self, on: bool) -> None:
        for number in self._closed:
            self.switch(number, on)

    def supply(self, on: bool) -> None:
        """The mains behind all outlets comes or goes; contacts stay."""
        self.is_supplied = on
        for number, closed in self._closed.items():
            if closed:
                self._tell(number)

    def plug(self, number: int, device: Plugged) -> None:
        """Hang a device on an outlet. Raises ValueError when there is none of this number."""
        if number not in self._closed:
            raise ValueError(f"no outlet {number}, only 1 to {len(self)}")
        self._plugged.append((number, device))
        device.mains(self.is_live(number))

    def _tell(self, number: int) -> None:
        for at, device in self._plugged:
            if at == number:
                device.mains(self.is_live(number))

    def truth(self) -> dict[str, bool]:
        """Whether there is mains at each outlet."""
        return {str(number): self.is_live(number) for number in self._closed}

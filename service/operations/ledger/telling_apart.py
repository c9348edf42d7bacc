"""Telling devices apart, and saying which one is meant. Pure."""

from collections.abc import Iterable

from service.operations.ledger.card import Card, Text, plain_serial, text


def is_another(here: Card, heard: Card) -> bool:
    """Whether who answers is not who stands there, as far as they can be told apart."""
    if here.told("serial") and heard.serial:
        return plain_serial(here.told("serial")) != heard.serial
    if not here.first_seen:
        return False
    models = here.told("model"), heard.told("model")
    return all(models) and models[0] != models[1]


def only_at(cards: Iterable[Card], address: tuple[str, str]) -> Card | None:
    found = [card for card in cards if (card.driver, card.address) == address]
    return found[0] if len(found) == 1 else None


def place_of(card: Card) -> Text:
    if card.room is None:
        return text("库房", "no room")
    return text(f"{card.room}/{card.name}", f"{card.room}/{card.name}")


def name_of(card: Card) -> str:
    """What a device is told by."""
    return card.says("serial") or card.says("model") or "?"

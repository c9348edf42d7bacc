"""What people say of one item: what it changes on its card, and how its history tells it."""

from collections.abc import Callable, Mapping
from typing import Any

from service.operations.ledger.card import Card, Loan, Text, text
from service.operations.ledger.telling_apart import place_of


def _lend(card: Card, data: Mapping[str, Any]) -> Text:
    card.loan = Loan(str(data.get("to", "")), str(data.get("until") or ""))
    until = card.loan.until
    return text(
        f"借给 {card.loan.to}" + (f",至 {until}" if until else ""),
        f"lent to {card.loan.to}" + (f" until {until}" if until else ""),
    )


def _return(card: Card, data: Mapping[str, Any]) -> Text:
    card.loan, card.in_repair = None, False
    return text("已归还", "returned")


def _send(card: Card, data: Mapping[str, Any]) -> Text:
    card.in_repair = True
    return _with("送修", "sent for repair", data, "to")


def _repair(card: Card, data: Mapping[str, Any]) -> Text:
    card.in_repair = False
    return _with("修复", "repaired", data, "remark")


def _shift(card: Card, data: Mapping[str, Any]) -> Text:
    card.room = str(data["room"]) if data.get("room") else None
    where = place_of(card)
    return text(f"移至{where['zh']}", f"moved to {where['en']}")


def _retire(card: Card, data: Mapping[str, Any]) -> Text:
    card.retired, card.doubt = True, None
    return _with("报废", "retired", data, "remark")


def _confirm(card: Card, data: Mapping[str, Any]) -> Text:
    card.doubt = None
    return _with("现状已确认", "confirmed as it stands", data, "remark")


def _remark(card: Card, data: Mapping[str, Any]) -> Text:
    return _with("备注", "note", data, "remark")


SAID: Mapping[str, Callable[[Card, Mapping[str, Any]], Text]] = {
    "lent": _lend, "returned": _return, "sent-for-repair": _send, "repaired": _repair,
    "moved": _shift, "retired": _retire, "confirmed": _confirm, "note": _remark,
}  # fmt: skip


def _with(zh: str, en: str, data: Mapping[str, Any], key: str) -> Text:
    more = str(data.get(key) or "")
    return text(f"{zh}:{more}" if more else zh, f"{en}: {more}" if more else en)

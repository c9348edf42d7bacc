"""The ledger: every device of the site and what else belongs to it, with its history and its figures."""

from service.operations.ledger.book import Book
from service.operations.ledger.card import Card
from service.operations.ledger.ledger import Ledger, LedgerError, read_book
from service.operations.ledger.usage import Figures, Window

__all__ = ["Book", "Card", "Figures", "Ledger", "LedgerError", "Window", "read_book"]

"""The tables."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Only INTEGER keys are the row's own number in SQLite.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    # Named constraints, so that every migration can name what it alters.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class JournalRow(Base):
    """An entry. Rows are added at the end, and neither changed nor taken away."""

    __tablename__ = "journal"
    __table_args__ = (
        Index(None, "room", "seq"),
        Index(None, "kind", "seq"),
        Index("ix_journal_at", "at"),
    )

    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(Text)
    room: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


class JournalTail(Base):
    """One row: the last entry. Without it nobody would miss entries taken off the end."""

    __tablename__ = "journal_tail"

    only: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Number)
    hash: Mapped[str] = mapped_column(String(64))

"""Entries by their time: reports read one month of many."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_journal_at", "journal", ["at"])

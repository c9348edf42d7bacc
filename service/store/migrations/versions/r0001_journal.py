"""The journal."""

import sqlalchemy as sa
from alembic import op

from service.store.chain import GENESIS
from service.store.dialect import append_only

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("room", sa.Text()),
        sa.Column("by", sa.Text()),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
    )
    op.create_index("ix_journal_room_seq", "journal", ["room", "seq"])
    op.create_index("ix_journal_kind_seq", "journal", ["kind", "seq"])
    tail = op.create_table(
        "journal_tail",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_journal_tail"),
    )
    op.bulk_insert(tail, [{"only": 1, "seq": 0, "hash": GENESIS}])
    for statement in append_only(op.get_bind().dialect.name, "journal", "seq"):
        op.execute(statement)

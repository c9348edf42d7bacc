"""The runs of scheduled jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("claimed", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("beat", NUMBER, nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("ended", sa.Text()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
        sa.UniqueConstraint("job", "due", name="uq_job_run_job_due"),
    )
    op.create_table(
        "job_seen",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_job_seen"),
    )

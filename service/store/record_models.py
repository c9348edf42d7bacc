"""The tables of the records: what is not the journal's, because it is secret, changes, or must be unique."""

from sqlalchemy import MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.store.models import Number


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        }
    )


class JobRun(Base):
    """One due time of one job. The unique key is what makes it run once, whoever claims it first."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "due"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    job: Mapped[str] = mapped_column(Text)
    due: Mapped[str] = mapped_column(Text)  # ISO 8601, UTC
    claimed: Mapped[str] = mapped_column(Text)  # ISO 8601, UTC
    by: Mapped[str] = mapped_column(Text)  # the process that claimed it
    beat: Mapped[int] = mapped_column(Number)  # grows while that process lives and has it open
    outcome: Mapped[str | None] = mapped_column(Text)  # None while it is open
    ended: Mapped[str | None] = mapped_column(Text)  # ISO 8601, UTC
    why: Mapped[str] = mapped_column(Text)


class JobSeen(Base):
    """Up to which moment the due times of a job were looked at."""

    __tablename__ = "job_seen"

    job: Mapped[str] = mapped_column(Text, primary_key=True)
    until: Mapped[str] = mapped_column(Text)  # ISO 8601, UTC

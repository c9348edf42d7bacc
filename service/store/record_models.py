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


class Person(Base):
    """Somebody who may log in. Nobody is ever deleted: the journal speaks of them."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    name: Mapped[str] = mapped_column(Text)  # to log in with
    title: Mapped[str] = mapped_column(Text)  # what colleagues call them
    grants: Mapped[str] = mapped_column(Text)  # JSON: [[role, room], …]
    active: Mapped[bool]
    password: Mapped[str] = mapped_column(Text)  # Argon2id
    must_change: Mapped[bool]
    pin: Mapped[str | None] = mapped_column(Text)  # Argon2id
    factor: Mapped[str | None] = mapped_column(Text)  # secret of one-time codes
    factor_used: Mapped[int] = mapped_column(
        Number
    )  # the step of the last code, which is not taken again
    created: Mapped[str] = mapped_column(Text)  # ISO 8601, UTC


class Session(Base):
    """A login. Its id is known to the browser only; here is its hash."""

    __tablename__ = "session"

    key: Mapped[str] = mapped_column(Text, primary_key=True)  # SHA-256
    person: Mapped[int] = mapped_column(Number)
    panel: Mapped[str] = mapped_column(Text)  # where it was begun, if that is a bound one
    address: Mapped[str] = mapped_column(Text)
    by_pin: Mapped[bool]
    begun: Mapped[str] = mapped_column(Text)  # ISO 8601, UTC; as the two below
    seen: Mapped[str] = mapped_column(Text)
    until: Mapped[str] = mapped_column(Text)


class Key(Base):
    """A bound panel's key, or a machine's token: known to its holder only, here is its hash."""

    __tablename__ = "key"
    __table_args__ = (UniqueConstraint("hash"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)  # panel, token
    name: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)  # SHA-256
    grants: Mapped[str] = mapped_column(Text)  # JSON: [[role, room], …]
    made: Mapped[str] = mapped_column(Text)  # ISO 8601, UTC
    by: Mapped[str] = mapped_column(Text)
    until: Mapped[str | None] = mapped_column(Text)  # ISO 8601, UTC
    revoked: Mapped[str | None] = mapped_column(Text)  # ISO 8601, UTC


class PeopleChanged(Base):
    """One row, counted up with every change to the three above, so that other processes see it."""

    __tablename__ = "people_changed"

    only: Mapped[int] = mapped_column(Number, primary_key=True)
    count: Mapped[int] = mapped_column(Number)

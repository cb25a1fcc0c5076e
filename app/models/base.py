"""What mapped classes share: keys by mall, enums with a CHECK, edits, what is recorded and what never is."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    SmallInteger,
    Text,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from uuid_utils.compat import uuid7

from app.domain.lifecycle import IllegalTransition
from app.domain.names import LocalizedText

Value = TypeVar("Value")
PRIVATE = "private"
Personal = Annotated[Value, mapped_column(info={PRIVATE: "personal"})]
"""A column that says something of a person. It never gets into an entry, and `personal_columns` lists it."""
Secret = Annotated[Value, mapped_column(info={PRIVATE: "secret"})]
"""A column that lets somebody in, though hashed or sealed. It never gets into an entry either."""


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ids are made by the program and sort by the time they were made."""
    return uuid7()


def written_out(words: Iterable[str]) -> list[ColumnElement[str]]:
    """These words in the text of a statement, not as parameters: a partial index fits only what stands there."""
    return [literal_column(f"'{each}'") for each in words]


def _values(words: type[enum.StrEnum]) -> list[str]:
    return [word.value for word in words]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """Base of all tables. Every constraint and index is named by hand or by this convention."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        enum.StrEnum: Enum(
            enum.StrEnum, native_enum=False, create_constraint=False, length=32, values_callable=_values
        ),
        LocalizedText: JSONB,
        datetime: DateTime(timezone=True),
        date: Date(),
        list[str]: JSONB,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        str: Text(),
    }


class MallOwned(MappedAsDataclass, kw_only=True):
    """A row of a mall. `mall_id` is the first column of every key, so another mall's row cannot be named."""

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


def private_columns(kind: type[object]) -> list[Column[Any]]:
    """The columns of a mapped class that never get into an entry; none where it has no table."""
    table = getattr(kind, "__table__", None)
    return [each for each in table.columns if PRIVATE in each.info] if table is not None else []


class Recorded:
    """A row that entries are about. It says itself what of it is recorded: the members of `records`, and no other."""

    records: ClassVar[type[Any]]
    """Its type in `domain/event_data.py`."""
    recorded_id: ClassVar[str] = "id"
    """The column that says which thing its entries are about."""

    def __init_subclass__(cls, **how: Any) -> None:  # noqa: ANN401  # what SQLAlchemy takes
        """Refuse a class that would record what is private."""
        super().__init_subclass__(**how)
        private = {each.key for each in private_columns(cls)}
        if private and not private.isdisjoint(cls.records.__annotations__):
            message = f"{cls.__name__} would record what is private"
            raise TypeError(message)

    def event_data(self) -> dict[str, Any]:
        """What is recorded of it in every entry about it."""
        return {name: getattr(self, name) for name in self.records.__annotations__}

    def event_subject_id(self) -> UUID | int | str:
        """Which thing its entries are about."""
        found: UUID | int | str = getattr(self, self.recorded_id)
        return found

    def event_agency_id(self) -> UUID | None:
        """The agency that its entries belong to; None: the mall's own, or the platform's."""
        found: UUID | None = getattr(self, "agency_id", None)
        return found


@dataclass(frozen=True)
class Edit:
    """What an edit has changed."""

    changed: list[str]
    """The members that differ now."""
    before: dict[str, Any]
    """What they held, but for those that are private."""


class Versioned(Recorded, MappedAsDataclass, kw_only=True):
    """A row that people edit: its version is what If-Match compares."""

    version: Mapped[int] = mapped_column(default=1, init=False)

    def change(self, changes: Mapping[str, Any], beside: Mapping[str, Any] | None = None) -> Edit | None:
        """Apply the changes that change something; None, and the same version, where none does.

        `beside` is what members of it that other rows hold were before they changed.
        """
        beside = beside or {}
        held = {name: getattr(self, name) for name, value in changes.items() if getattr(self, name) != value}
        for name in held:
            setattr(self, name, changes[name])
        if not held and not beside:
            return None
        self.version += 1
        private = {each.key for each in private_columns(type(self))}
        before = {name: value for name, value in held.items() if name not in private} | dict(beside)
        return Edit(sorted([*held, *beside]), before)


class Retirable(Versioned, kw_only=True):
    """A row of the catalogue that ends, and stays: what has history is retired, and its code stays taken."""

    retired_on: Mapped[date | None] = mapped_column(default=None, init=False)

    def retire(self, on: date) -> None:
        """End it from this day on."""
        if self.retired_on:
            raise IllegalTransition(thing=type(self).__name__.lower(), state="retired", verb="retire")
        self.retired_on = on
        self.version += 1


def enum_check(column: str, words: type[enum.StrEnum], *, optional: bool = False) -> CheckConstraint:
    """The CHECK that holds a text column to an enum's values."""
    values = ", ".join(f"'{word}'" for word in words)
    condition = f"{column} IN ({values})"
    return CheckConstraint(f"{column} IS NULL OR {condition}" if optional else condition, name=f"{column}_known")


def belongs_to(table: str, *columns: str, key: tuple[str, ...] = ("id",)) -> ForeignKeyConstraint:
    """A foreign key within the mall."""
    return ForeignKeyConstraint(["mall_id", *columns], [f"{table}.mall_id", *(f"{table}.{name}" for name in key)])


def of_mall() -> ForeignKeyConstraint:
    """The foreign key of a row that belongs to nothing smaller than the mall."""
    return ForeignKeyConstraint(["mall_id"], ["malls.id"])


def personal_columns() -> Iterator[Column[Any]]:
    """Every column that says something of a person: the register for export and erasure."""
    for table in Base.metadata.sorted_tables:
        yield from (each for each in table.columns if each.info.get(PRIVATE) == "personal")

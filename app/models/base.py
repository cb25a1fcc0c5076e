"""What every mapped class shares: keys by mall, text enums with a CHECK, names in two languages."""

import enum
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from uuid_utils.compat import uuid7

from app.domain.lifecycle import IllegalTransition
from app.domain.names import LocalizedText


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ids are made by the program and sort by the time they were made."""
    return uuid7()


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


class Versioned(MappedAsDataclass, kw_only=True):
    """A row that people edit: its version is what If-Match compares."""

    version: Mapped[int] = mapped_column(default=1, init=False)

    def change(self, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Apply the changes that change something. Returns what those fields held before and hold after."""
        after = {name: value for name, value in changes.items() if getattr(self, name) != value}
        before = {name: getattr(self, name) for name in after}
        for name, value in after.items():
            setattr(self, name, value)
        self.version += bool(after)
        return before, after


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

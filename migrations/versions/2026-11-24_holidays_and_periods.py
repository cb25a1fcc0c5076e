"""Holidays and periods.

Written like 0002: one subcommand a statement, constraints NOT VALID and validated after. The two unique constraints
and the exclusion are made in place: `holidays` and `schedules` have some dozens of rows a mall.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOBODY = "'00000000-0000-0000-0000-000000000000'"


def holidays_kind(*words: str) -> None:
    values = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(
        op.f("ck_holidays_kind_known"), "holidays", f"kind IN ({values})", postgresql_not_valid=True
    )


def filled(column: str, type_: sa.types.TypeEngine[object], value: str) -> None:
    """A column that rows before it have a value in, and that keeps no default."""
    op.add_column("holidays", sa.Column(column, type_, nullable=False, server_default=sa.text(value)))
    op.alter_column("holidays", column, server_default=None)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_holidays_kind_known"), "holidays", type_="check")
    op.execute("UPDATE holidays SET kind = 'national_holiday' WHERE kind = 'national'")
    holidays_kind("national_holiday", "collective_leave")
    filled("version", sa.Integer(), "1")
    filled("closes", sa.Boolean(), "true")
    filled("estimated", sa.Boolean(), "false")
    filled("by_hand", sa.Boolean(), "true")
    op.add_column("holidays", sa.Column("proposal", sa.Text(), nullable=True))
    op.drop_constraint("uq_holidays_day", "holidays", type_="unique")
    op.create_unique_constraint(
        "uq_holidays_day", "holidays", ["mall_id", "on"], deferrable=True, initially="DEFERRED"
    )
    op.create_unique_constraint(
        "uq_holidays_proposal", "holidays", ["mall_id", "proposal"], deferrable=True, initially="DEFERRED"
    )
    op.add_column("schedules", sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_check_constraint(
        op.f("ck_schedules_periods_named"),
        "schedules",
        "(name IS NULL) = (starts_on IS NULL)",
        postgresql_not_valid=True,
    )
    op.create_exclude_constraint(
        "ex_schedules_no_overlap",
        "schedules",
        (sa.literal_column("mall_id"), "="),
        (sa.literal_column(f"coalesce(agency_id, {NOBODY})"), "="),
        (sa.literal_column("daterange(starts_on, ends_on, '[]')"), "&&"),
        where=sa.text("starts_on IS NOT NULL"),
        using="gist",
    )
    # each in a transaction of its own: the locks of the statements above are gone
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE holidays VALIDATE CONSTRAINT ck_holidays_kind_known")
        op.execute("ALTER TABLE schedules VALIDATE CONSTRAINT ck_schedules_periods_named")


def downgrade() -> None:
    op.execute("ALTER TABLE schedules DROP CONSTRAINT ex_schedules_no_overlap")
    op.drop_constraint(op.f("ck_schedules_periods_named"), "schedules", type_="check")
    op.drop_column("schedules", "name")
    op.drop_constraint("uq_holidays_proposal", "holidays", type_="unique")
    op.drop_constraint("uq_holidays_day", "holidays", type_="unique")
    op.drop_constraint(op.f("ck_holidays_kind_known"), "holidays", type_="check")
    op.execute("UPDATE holidays SET kind = 'national' WHERE kind = 'national_holiday'")
    holidays_kind("national", "collective_leave")
    op.create_unique_constraint("uq_holidays_day", "holidays", ["mall_id", "on"])
    for column in ("proposal", "by_hand", "estimated", "closes", "version"):
        op.drop_column("holidays", column)

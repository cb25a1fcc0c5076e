"""People and retirement.

One ALTER TABLE subcommand a statement; constraints added NOT VALID and validated after; indexes on tables that
already have rows CONCURRENTLY; every name given. `tests/rules/test_schema.py` refuses what breaks this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KNOWN = {
    ("tickets", "closed_by"): ("officer", "visitor", "membership", "day_end"),
    ("counter_sessions", "ended_by"): ("officer", "forced", "membership", "day_end"),
}
CAUSES = ("officer", "visitor", "forced", "membership", "retirement", "day_end")


def among(column: str, words: tuple[str, ...]) -> str:
    values = ", ".join(f"'{word}'" for word in words)
    return f"{column} IS NULL OR {column} IN ({values})"


def check(table: str, column: str, words: tuple[str, ...]) -> None:
    op.create_check_constraint(
        op.f(f"ck_{table}_{column}_known"), table, among(column, words), postgresql_not_valid=True
    )


def validate(table: str, column: str) -> None:
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{column}_known")


def upgrade() -> None:
    op.add_column("services", sa.Column("retired_on", sa.Date(), nullable=True))
    op.add_column("counters", sa.Column("retired_on", sa.Date(), nullable=True))
    op.add_column("counter_sessions", sa.Column("closing_for", sa.String(length=32), nullable=True))
    check("counter_sessions", "closing_for", CAUSES)
    for (table, column), words in KNOWN.items():
        op.drop_constraint(op.f(f"ck_{table}_{column}_known"), table, type_="check")
        check(table, column, CAUSES)
    op.create_table(
        "service_stops",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waiting_tickets", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cause IN ('officer', 'visitor', 'forced', 'membership', 'retirement', 'day_end')",
            name=op.f("ck_service_stops_cause_known"),
        ),
        sa.CheckConstraint(
            "waiting_tickets IN ('serve', 'cancel')", name=op.f("ck_service_stops_waiting_tickets_known")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"], ["services.mall_id", "services.id"], name=op.f("fk_service_stops_mall_id_service_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "service_id", "service_day", name=op.f("pk_service_stops")),
    )
    # each in a transaction of its own: the locks of the statements above are gone
    with op.get_context().autocommit_block():
        validate("counter_sessions", "closing_for")
        for table, column in KNOWN:
            validate(table, column)
        op.create_index(
            "ix_accounts_platform",
            "accounts",
            ["username"],
            unique=False,
            postgresql_where=sa.text("platform_role IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            "uq_grants_current",
            "grants",
            ["mall_id", "account_id", "role", "agency_id"],
            unique=True,
            postgresql_where=sa.text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_grants_current", table_name="grants", postgresql_concurrently=True)
        op.drop_index("ix_accounts_platform", table_name="accounts", postgresql_concurrently=True)
    op.drop_table("service_stops")
    for (table, column), words in KNOWN.items():
        op.drop_constraint(op.f(f"ck_{table}_{column}_known"), table, type_="check")
        check(table, column, words)  # rows that say `retirement` stay as they are
    op.drop_column("counter_sessions", "closing_for")
    op.drop_column("counters", "retired_on")
    op.drop_column("services", "retired_on")

"""Partner clients, and signing keys that follow each other.

One ALTER TABLE subcommand a statement; constraints added NOT VALID and validated after; indexes on tables that
already have rows CONCURRENTLY; every name given. `tests/rules/test_schema.py` refuses what breaks this.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clients",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret_prefix", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("old_secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(old_secret_hash IS NULL) = (old_secret_until IS NULL)", name=op.f("ck_clients_old_secret_ends")
        ),
        sa.ForeignKeyConstraint(
            ["mall_id", "agency_id"], ["agencies.mall_id", "agencies.id"], name=op.f("fk_clients_mall_id_agency_id")
        ),
        sa.PrimaryKeyConstraint("mall_id", "id", name=op.f("pk_clients")),
    )
    op.create_index("ix_clients_agency", "clients", ["mall_id", "agency_id", "id"], unique=False)
    op.add_column("signing_keys", sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_tickets_client",
            "tickets",
            ["mall_id", "issued_by", "service_day", "id"],
            unique=False,
            postgresql_where=sa.text("channel = 'partner'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_tickets_client", table_name="tickets", postgresql_concurrently=True)
    op.drop_column("signing_keys", "signs_from")
    op.drop_table("clients")

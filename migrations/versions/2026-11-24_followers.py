"""Followers of the journals, leases of jobs, and counts per service and day.

Each is a table of its own, so nothing that runs is held up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNTS = ("issued", "called", "completed", "no_show", "cancelled", "expired")


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("next_sequence > 0", name=op.f("ck_followers_next_sequence_positive")),
        sa.ForeignKeyConstraint(["mall_id"], ["journals.mall_id"], name=op.f("fk_followers_mall_id")),
        sa.PrimaryKeyConstraint("mall_id", "name", name=op.f("pk_followers")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "service_day_counts",
        sa.Column("mall_id", sa.SmallInteger(), nullable=False),
        sa.Column("service_day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.ForeignKeyConstraint(
            ["mall_id", "service_id"],
            ["services.mall_id", "services.id"],
            name=op.f("fk_service_day_counts_mall_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("mall_id", "service_day", "service_id", name=op.f("pk_service_day_counts")),
    )


def downgrade() -> None:
    op.drop_table("service_day_counts")
    op.drop_table("leases")
    op.drop_table("followers")

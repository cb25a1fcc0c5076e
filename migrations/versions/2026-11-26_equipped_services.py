"""The day on which a service was first given a counter."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("services", sa.Column("equipped_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE services SET equipped_on = current_date WHERE EXISTS (SELECT FROM counter_services AS given"
        " WHERE given.mall_id = services.mall_id AND given.service_id = services.id)"
    )


def downgrade() -> None:
    op.drop_column("services", "equipped_on")

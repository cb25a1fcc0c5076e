"""Versions for what can be edited since.

A version that is added is 1 in every row; the program gives it from then on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

VERSIONS = (("devices", "version"), ("clients", "edition"), ("accounts", "edition"))


def upgrade() -> None:
    for table, column in VERSIONS:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default="1"))
        op.alter_column(table, column, server_default=None)


def downgrade() -> None:
    for table, column in VERSIONS:
        op.drop_column(table, column)

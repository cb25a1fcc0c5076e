"""Versions for what can be edited since, and bounds for what can be set since.

A version that is added is 1 in every row; the program gives it from then on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

VERSIONS = (("devices", "version"), ("clients", "version"), ("accounts", "version"))
POSITIVE = ("no_show_calls", "return_places")


def upgrade() -> None:
    for table, column in VERSIONS:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default="1"))
        op.alter_column(table, column, server_default=None)
    for column in POSITIVE:
        name = op.f(f"ck_services_{column}_positive")
        op.create_check_constraint(name, "services", f"{column} > 0", postgresql_not_valid=True)
    with op.get_context().autocommit_block():
        for column in POSITIVE:
            op.execute(f"ALTER TABLE services VALIDATE CONSTRAINT ck_services_{column}_positive")


def downgrade() -> None:
    for column in POSITIVE:
        op.drop_constraint(op.f(f"ck_services_{column}_positive"), "services", type_="check")
    for table, column in VERSIONS:
        op.drop_column(table, column)

"""${message}

One ALTER TABLE subcommand a statement; constraints added NOT VALID and validated after; indexes on tables that
already have rows CONCURRENTLY; every name given; in one transaction either a mall's tables or the platform's. `tests/rules/test_schema.py` refuses what breaks this.
"""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}

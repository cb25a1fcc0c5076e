"""Indexes by which what has run its time is found."""

from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_refresh_tokens_expiry", "refresh_tokens", ["expires_at"], postgresql_concurrently=True)
        op.create_index("ix_attempts_due", "attempts", ["next_allowed_at"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_attempts_due", table_name="attempts", postgresql_concurrently=True)
        op.drop_index("ix_refresh_tokens_expiry", table_name="refresh_tokens", postgresql_concurrently=True)

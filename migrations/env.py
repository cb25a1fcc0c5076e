"""Runs migrations on the connection that the program hands over, one transaction each."""

from alembic import context
from sqlalchemy import text

from app.models import Base

connection = context.config.attributes.get("connection")
if connection is None:  # `alembic upgrade --sql`, which the rules' test reads
    context.configure(dialect_name="postgresql", literal_binds=True, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
else:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

"""Alembic's entry: runs the migrations on the connection that `trim.store.migrate` hands in."""

from alembic import context

from trim.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
connection.commit()

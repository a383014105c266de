"""Database triggers that make the event table, or another one, append-only, on SQLite and on PostgreSQL."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE_INSTALL = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events_event "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events_event "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
)
SQLITE_REMOVE = ("DROP TRIGGER IF EXISTS events_no_update", "DROP TRIGGER IF EXISTS events_no_delete")
POSTGRES_INSTALL = (
    "CREATE OR REPLACE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
    "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events_event "
    "FOR EACH ROW EXECUTE FUNCTION events_append_only()",
    "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION events_append_only()",
)
POSTGRES_REMOVE = (
    "DROP TRIGGER IF EXISTS events_no_change ON events_event",
    "DROP TRIGGER IF EXISTS events_no_truncate ON events_event",
)


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards on; the table must exist."""
    run = POSTGRES_INSTALL if schema_editor.connection.vendor == "postgresql" else SQLITE_INSTALL
    for statement in run:
        schema_editor.execute(statement)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the guards off, for reversing the migration."""
    run = POSTGRES_REMOVE if schema_editor.connection.vendor == "postgresql" else SQLITE_REMOVE
    for statement in run:
        schema_editor.execute(statement)


def make_append_only(schema_editor: BaseDatabaseSchemaEditor, *, table: str) -> None:
    """The same guards for another table whose lines must stand as they were written."""
    told = f"{table} is append-only"
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{told}'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
        return
    for verb in ("update", "delete"):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )


def make_changeable(schema_editor: BaseDatabaseSchemaEditor, *, table: str) -> None:
    """Take these guards off, for reversing a migration."""
    if schema_editor.connection.vendor == "postgresql":
        for name in (f"{table}_no_change", f"{table}_no_truncate"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        return
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")

"""The two full-text indexes over `search_entry`, and how each is asked."""

from __future__ import annotations

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(tokens, content='search_entry', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER search_fts_insert AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER search_fts_delete AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER search_fts_update AFTER UPDATE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
    "INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
)
SQLITE_REMOVE = (
    "DROP TRIGGER IF EXISTS search_fts_insert",
    "DROP TRIGGER IF EXISTS search_fts_delete",
    "DROP TRIGGER IF EXISTS search_fts_update",
    "DROP TABLE IF EXISTS search_fts",
)
POSTGRES = (
    "ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS "
    "(to_tsvector('simple'::regconfig, tokens)) STORED",
    "CREATE INDEX search_entry_vector ON search_entry USING gin (vector)",
)
POSTGRES_REMOVE = (
    "DROP INDEX IF EXISTS search_entry_vector",
    "ALTER TABLE search_entry DROP COLUMN IF EXISTS vector",
)


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index of the database at hand."""
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    for statement in POSTGRES_REMOVE if schema_editor.connection.vendor == "postgresql" else SQLITE_REMOVE:
        schema_editor.execute(statement)


def match(*, phrases: list[list[str]], limit: int) -> list[tuple[str, int]]:
    """(subject type, subject id) of the entries that hold every phrase, newest entry first."""
    if connection.vendor == "postgresql":
        asked = " & ".join(
            "(" + " <-> ".join(_postgres_token(token) for token in phrase) + ")" for phrase in phrases
        )
        statement = (
            "SELECT subject_type, subject_id FROM search_entry WHERE vector @@ to_tsquery('simple', %s) "
            "ORDER BY id DESC LIMIT %s"
        )
    else:
        asked = " AND ".join(_sqlite_phrase(phrase) for phrase in phrases)
        statement = (
            "SELECT e.subject_type, e.subject_id FROM search_fts f JOIN search_entry e ON e.id = f.rowid "
            "WHERE search_fts MATCH %s ORDER BY f.rowid DESC LIMIT %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked, limit])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _postgres_token(token: str) -> str:
    return f"{token[:-1]}:*" if token.endswith("*") else token


def _sqlite_phrase(phrase: list[str]) -> str:
    if len(phrase) == 1 and phrase[0].endswith("*"):
        return f'"{phrase[0][:-1]}"*'
    return '"' + " ".join(phrase) + '"'

"""The SQLite backend of Django with an orderly queue of writers (ADR 7)."""

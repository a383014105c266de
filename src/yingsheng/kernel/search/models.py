"""Entry: the searchable words of one record. The full-text index over it is made by the migration."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """Tokens of one record; SQLite keeps an FTS5 table beside it by triggers, PostgreSQL a tsvector column."""

    site = models.ForeignKey("org.Site", on_delete=models.CASCADE, related_name="+", db_index=False)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    tokens = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="search_entry_once")
        ]

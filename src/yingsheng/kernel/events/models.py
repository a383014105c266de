"""Event: one line of a bound book. Database triggers refuse to change or remove it (see `guards`)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class ChainHead(models.Model):
    """The last line written in a site's book; locking it puts writers of one site in a row."""

    site = models.OneToOneField("org.Site", on_delete=models.PROTECT, primary_key=True, related_name="+")
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Event(models.Model):
    """One thing that happened, written in the transaction that made it happen."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)  # when the device said it happened, if it was offline
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    rule = models.CharField(max_length=10, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "seq"], name="event_one_per_place")]
        indexes: ClassVar = [
            # timeline of a record, newest first
            models.Index(fields=["subject_type", "subject_id", "-seq"], name="event_of_subject"),
            # spot checks and statistics by kind
            models.Index(fields=["site", "kind", "at"], name="event_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

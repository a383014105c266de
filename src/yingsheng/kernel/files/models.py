"""Attachment: a file kept with a record, under a random name, with its hash."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Attachment(models.Model):
    """A photo, scan, document or signature that belongs to one record."""

    class Purpose(models.TextChoices):
        DOCUMENT = "document", "附件"
        SIGNATURE = "signature", "签名"

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=32, unique=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    purpose = models.CharField(max_length=10, choices=Purpose)
    name = models.CharField(max_length=120)  # as the person called it; never used as a path
    kind = models.CharField(max_length=60)  # media type found in the content
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=120, blank=True)  # who signed, in which role; what a photo shows
    # taken back: it stays in the list with who and why, its content is for those who check the books
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    removed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_reason="")),
                name="attachment_removed_with_reason",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown small."""
        return self.kind.startswith("image/")

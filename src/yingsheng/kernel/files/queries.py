"""Reading files."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import QuerySet

from yingsheng.kernel.files.content import small_picture
from yingsheng.kernel.files.models import Attachment

SMALL_ENDING = "small.jpg"
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def list_attachments(*, subject: models.Model) -> QuerySet[Attachment]:
    """Everything kept with a record, oldest first."""
    return (
        Attachment.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("added_by", "removed_by")
        .order_by("added_at", "pk")
    )


def read_attachment(*, attachment: Attachment) -> bytes:
    """The kept bytes."""
    path = f"{attachment.site_id}/{attachment.key[:2]}/{attachment.key}.{ENDINGS[attachment.kind]}"
    with default_storage.open(path) as file:
        return bytes(file.read())


def read_small(*, attachment: Attachment) -> bytes:
    """The picture as a small JPEG; drawn anew for one kept before small ones were."""
    path = f"{attachment.site_id}/{attachment.key[:2]}/{attachment.key}-{SMALL_ENDING}"
    if not default_storage.exists(path):
        return small_picture(body=read_attachment(attachment=attachment))
    with default_storage.open(path) as file:
        return bytes(file.read())

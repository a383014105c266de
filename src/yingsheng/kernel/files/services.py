"""Keeping files. The event is recorded by the service that adds them to its record, or by `remove`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.files.content import Checked, check_file, check_signature, small_picture
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import SMALL_ENDING
from yingsheng.kernel.org.models import Staff


def attach(
    *,
    site_id: int,
    subject: models.Model,
    name: str,
    body: bytes,
    by: Staff,
    at: datetime,
    note: str = "",
) -> Attachment:
    """Keep a file with a record; Refused if its content is not a picture or a PDF."""
    return _keep(
        site_id=site_id, subject=subject, checked=check_file(body=body), name=name, by=by, at=at,
        purpose=Attachment.Purpose.DOCUMENT, note=note.strip()[:120],
    )  # fmt: skip


def mark_removed(*, attachment: Attachment, by: Staff, at: datetime, reason: str) -> Attachment:
    """Take a file back without losing it: row, content and reason stay. The caller records the event.

    Refused without a reason, for a signature, or when it was taken back before.
    """
    held = Attachment.objects.select_for_update(no_key=True).get(pk=attachment.pk)
    if held.purpose == Attachment.Purpose.SIGNATURE:
        raise Refused(gettext_noop("签名是凭据，不能撤下"))
    if held.removed_at is not None:
        raise Refused(gettext_noop("这个附件已经撤下"))
    if not reason.strip():
        raise Refused(gettext_noop("请写明撤下的原因"), field="reason")
    held.removed_at, held.removed_by, held.removed_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    return held


def sign(
    *, site_id: int, subject: models.Model, value: str, signer: str, by: Staff, at: datetime
) -> Attachment | None:
    """Keep a signature drawn on glass with a record; None when a name was typed, which needs no file."""
    checked = check_signature(value=value)
    if checked is None:
        return None
    return _keep(
        site_id=site_id, subject=subject, checked=checked, name="signature.png", by=by, at=at,
        purpose=Attachment.Purpose.SIGNATURE, note=signer[:120],
    )  # fmt: skip


def _keep(
    *,
    site_id: int,
    subject: models.Model,
    checked: Checked,
    name: str,
    by: Staff,
    at: datetime,
    purpose: str,
    note: str,
) -> Attachment:
    key = secrets.token_hex(16)
    default_storage.save(f"{site_id}/{key[:2]}/{key}.{checked.ending}", ContentFile(checked.body))
    if checked.kind.startswith("image/"):
        small = ContentFile(small_picture(body=checked.body))
        default_storage.save(f"{site_id}/{key[:2]}/{key}-{SMALL_ENDING}", small)
    return Attachment.objects.create(
        site_id=site_id,
        key=key,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        purpose=purpose,
        name=name[-120:],
        kind=checked.kind,
        size=len(checked.body),
        sha256=hashlib.sha256(checked.body).hexdigest(),
        added_at=at,
        added_by=by,
        note=note,
    )

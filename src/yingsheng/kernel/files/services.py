"""Keeping files. The event is recorded by the service that adds them to its record."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from yingsheng.kernel.files.content import Checked, check_file, check_signature
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.org.models import Staff


def attach(
    *, site_id: int, subject: models.Model, name: str, body: bytes, by: Staff, at: datetime
) -> Attachment:
    """Keep a file with a record; Refused if its content is not a picture or a PDF."""
    return _keep(
        site_id=site_id, subject=subject, checked=check_file(body=body), name=name, by=by, at=at,
        purpose=Attachment.Purpose.DOCUMENT, note="",
    )  # fmt: skip


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

"""Photos and documents of a case: added several at once, taken back with a reason, each with its event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases
from yingsheng.kernel.events import services as events
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.services import attach, mark_removed
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow

MOST_AT_ONCE = 10
MOST_OF_A_CASE = 100


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file as it came in: what its sender calls it, and its bytes."""

    name: str
    body: bytes


def may_attach(*, actor: Actor, case: Case) -> bool:
    """Whether somebody may add files to a case: the permission its process names for that."""
    permission = processes.get(case.process).attach_permission if case.process in processes else ""
    return bool(permission) and actor.may(permission)


def add_files(
    *, actor: Actor, case: Case, files: Iterable[Sent], at: datetime, note: str = ""
) -> list[Attachment]:
    """Keep files with a case for somebody with the process's permission; Forbidden without it, else as `keep_files`."""
    demand(actor=actor, permission=_permission(case=case))
    return keep_files(by=actor.staff, case=case, files=files, at=at, note=note)


@transaction.atomic
def keep_files(
    *,
    by: Staff,
    case: Case,
    files: Iterable[Sent],
    at: datetime,
    note: str = "",
    device_at: datetime | None = None,
) -> list[Attachment]:
    """Keep files with a case, all of them or none: pictures are redrawn without their place, PDF as it is.

    Whether this person may, the caller has judged. Refused for no file, too many, or one that is neither a picture nor
    a PDF, by its name. One event for the whole stack.
    """
    sent = list(files)
    if not sent:
        raise Refused(gettext_noop("请先选择照片或文件"), field="files")
    if len(sent) > MOST_AT_ONCE:
        raise Refused(gettext_noop("一次最多%(most)s个文件"), field="files", most=MOST_AT_ONCE)
    # the row of the case makes two senders queue, so that the limit holds
    held = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    if _files_of(case=held).filter(removed_at__isnull=True).count() + len(sent) > MOST_OF_A_CASE:
        raise Refused(gettext_noop("一件事最多%(most)s个附件"), field="files", most=MOST_OF_A_CASE)
    kept = [_attach(case=held, one=one, note=note, by=by, at=at) for one in sent]
    events.record(
        site_id=held.site_id,
        kind="files.added",
        subject=held,
        by=by,
        at=at,
        device_at=device_at,
        data={
            "count": len(kept),
            "names": "、".join(one.name for one in kept),
            "keys": [one.key for one in kept],
        },
    )
    return kept


@transaction.atomic
def remove_file(*, actor: Actor, attachment: Attachment, reason: str, at: datetime) -> Attachment:
    """Take a file of a case back: it stays in the list, struck out, with who did it and why.

    Raises Forbidden without the process's permission; Refused without a reason or for a signature.
    """
    case = find_case_of(actor=actor, attachment=attachment)
    if case is None:
        raise Refused(gettext_noop("这个附件不属于您能看到的事项"))
    demand(actor=actor, permission=_permission(case=case))
    removed = mark_removed(attachment=attachment, by=actor.staff, at=at, reason=reason)
    events.record(
        site_id=case.site_id,
        kind="files.removed",
        subject=case,
        by=actor.staff,
        at=at,
        data={"name": removed.name, "reason": removed.removed_reason, "key": removed.key},
    )
    return removed


def find_attachment(*, actor: Actor, key: str) -> Attachment | None:
    """A kept file of a case the actor may know of; one that was taken back only for those who check the books."""
    found = Attachment.objects.filter(key=key, site=actor.site).select_related("added_by").first()
    if found is None or find_case_of(actor=actor, attachment=found) is None:
        return None
    if found.removed_at is not None and not actor.may(Allow.AUDIT):
        return None
    return found


def find_case_of(*, actor: Actor, attachment: Attachment) -> Case | None:
    """The case a file belongs to, if the actor may know of it."""
    if attachment.subject_type != SUBJECT:
        return None
    return visible_cases(actor=actor).filter(pk=attachment.subject_id).first()


def _attach(*, case: Case, one: Sent, note: str, by: Staff, at: datetime) -> Attachment:
    name = one.name.replace("\0", "").strip() or "file"
    try:
        return attach(site_id=case.site_id, subject=case, name=name, body=one.body, by=by, at=at, note=note)
    except Refused as refusal:
        # with several files, say which one
        raise Refused(
            gettext_noop("“%(name)s”没有收下：只收10 MB以内的照片（JPEG、PNG、WebP）和PDF文件"),
            field="files",
            name=name[-60:],
        ) from refusal


def _permission(*, case: Case) -> str:
    permission = processes.get(case.process).attach_permission
    if not permission:
        raise Refused(gettext_noop("这类事项不收附件"))
    return permission


def _files_of(*, case: Case) -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject_type=SUBJECT, subject_id=case.pk)

"""What is put on record beside the handling: the household's confirmation, the other household of a leak."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.facts import stated
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import PROGRESS, tell_household

OWN_STATEMENT = "own_statement"


@transaction.atomic
def confirm_record(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    signed_by: str = "",
    signature: str = "",
    reference: str = "",
    statement: str = "",
    seen: int | None = None,
) -> Case:
    """The household confirms what was written down: on the screen, on a paper with its number, or in its own words.

    Which of them counts is the adopted regulation's choice (C-11). The last confirmation stands on the sheet, every one
    in the story.
    """
    case, complaint = load(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    signed_by = signer_of(value=signature, typed=signed_by)
    if not signed_by:
        raise Refused(gettext_noop("请写明谁签认的"), field="signed_by", rule="C-11")
    if stated(figures, "C-11.confirmation") == OWN_STATEMENT:
        if not statement.strip():
            raise Refused(gettext_noop("现行规程要住户自己写下意见"), field="statement", rule="C-11")
    elif not signature and not reference.strip():
        raise Refused(gettext_noop("请住户签名，或填写纸质表的编号"), field="signature", rule="C-11")
    take(
        case=case,
        complaint=complaint,
        step="confirm_record",
        at=at,
        complaint_changes={
            "record_confirmed_by": signed_by,
            "record_confirmed_at": at,
            "record_reference": reference.strip(),
            "record_statement": statement.strip(),
        },
    )
    if signature:
        sign(site_id=case.site_id, subject=case, value=signature, signer=signed_by, by=by, at=at)
    note(
        case=case, kind="record_confirmed", by=by, at=at, rule="C-11",
        data={"signed_by": signed_by, "reference": reference, "statement": statement, "drawn": bool(signature)},
    )  # fmt: skip
    return case


@transaction.atomic
def supplement_record(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    happened_at: datetime | None = None,
    place: str = "",
    respondent: str = "",
    demand: str = "",
    seen: int | None = None,
) -> Case:
    """Add what was not asked at intake: when and where it happened, whom it is about, what is wanted (C-09).

    What is left empty stays as it was; what is replaced stands in the story.
    """
    case, complaint = load(case=case, seen=seen)
    given = {"happened_at": happened_at, "place": place, "respondent": respondent, "demand": demand}
    changes = {name: value for name, value in given.items() if value}
    if not changes:
        raise Refused(gettext_noop("请至少补记一项"), field="place", rule="C-09")
    before = {name: _plain(getattr(complaint, name)) for name in changes}
    take(case=case, complaint=complaint, step="supplement", at=at, complaint_changes=changes)
    note(
        case=case, kind="supplemented", by=by, at=at, rule="C-09",
        data={**{name: _plain(value) for name, value in changes.items()}, "before": before},
    )  # fmt: skip
    return case


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "")


@transaction.atomic
def contact_other_household(
    *, case: Case, by: Staff, at: datetime, person: str, reached: bool, said: str, seen: int | None = None
) -> Case:
    """Note a contact with the other household of a leak, and tell the complainant how it stands (C-82)."""
    case, complaint = load(case=case, seen=seen)
    if complaint.other_room_id is None:
        raise Refused(gettext_noop("分类定级时还没有写明另一户的房号"), rule="C-82")
    take(
        case=case,
        complaint=complaint,
        step="contact_other",
        at=at,
        complaint_changes={"other_contact": said, "other_contacted_at": at},
    )
    tell_household(case=case, text=PROGRESS, at=at, why=f"other:{case.version}", rule="C-82", note=said)
    room = complaint.other_room.label if complaint.other_room is not None else ""
    note(
        case=case, kind="other_contacted", by=by, at=at, rule="C-82",
        data={"room": room, "person": person, "reached": reached, "said": said},
    )  # fmt: skip
    return case

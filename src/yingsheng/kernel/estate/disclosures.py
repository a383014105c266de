"""Consent given and taken back, and opening what is masked: each with its event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Consent, Person
from yingsheng.kernel.estate.personal import REVEALABLE, date_text, id_number_of
from yingsheng.kernel.estate.writing import field_words, note
from yingsheng.kernel.org.access import Actor, Forbidden, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow


@transaction.atomic
def give_consent(*, person: Person, purpose: str, by: Staff | None, at: datetime) -> Consent:
    """Keep what a person agreed to; refused without a purpose or when it was given and never taken back."""
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    wanted = purpose.strip()
    if not wanted:
        raise Refused(gettext_noop("请写明同意的用途"), field="purpose")
    if Consent.objects.filter(person=held, purpose=wanted, withdrawn_at__isnull=True).exists():
        raise Refused(gettext_noop("此人已经同意“%(purpose)s”"), field="purpose", purpose=wanted)
    consent = Consent.objects.create(person=held, purpose=wanted, given_at=at)
    note(site_id=held.site_id, kind="consent_given", subject=held, by=by, at=at, data={"purpose": wanted})
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: Staff | None, at: datetime) -> Consent:
    """Take a consent back, in one action and for good; refused when it was taken back before."""
    held = (
        Consent.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .get(pk=consent.pk)
    )
    if held.withdrawn_at is not None:
        raise Refused(gettext_noop("这项同意已经撤回"))
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    note(
        site_id=held.person.site_id,
        kind="consent_withdrawn",
        subject=held.person,
        by=by,
        at=at,
        data={"purpose": held.purpose},
    )
    return held


@transaction.atomic
def reveal_personal(
    *, actor: Actor, person: Person, fields: Iterable[str], reason: str, at: datetime
) -> dict[str, object]:
    """Open masked fields for somebody with the permission and a reason, and record that it was done.

    `fields` of `personal.REVEALABLE`: phones gives {id: number}, id_number and birth_date texts. Raises
    Forbidden without the permission or for a person of another site; Refused without reason or field.
    Rules A-09, A-13, A-17, A-19.
    """
    demand(actor=actor, permission=Allow.REVEAL_PERSONAL)
    asked = sorted(set(fields))
    if not reason.strip():
        raise Refused(gettext_noop("查看完整信息要写明理由"), field="reason", rule="A-09")
    if not asked or any(name not in REVEALABLE for name in asked):
        raise Refused(gettext_noop("请选择要查看的内容"), field="fields")
    held = Person.objects.filter(pk=person.pk, site=actor.site).first()
    if held is None:
        raise Forbidden(permission=Allow.REVEAL_PERSONAL)
    opened: dict[str, object] = {
        "phones": {phone.pk: phone.number for phone in held.phones.order_by("id")}
        if "phones" in asked
        else {},
        "id_number": id_number_of(person=held) if "id_number" in asked else "",
        "birth_date": date_text(held.birth_date),
    }
    note(
        site_id=held.site_id,
        kind="revealed",
        subject=held,
        by=actor.staff,
        at=at,
        rule="A-09",
        data={"fields": field_words(asked), "reason": reason.strip()},
    )
    return {name: opened[name] for name in asked}


@transaction.atomic
def open_phones(*, person: Person, by: Staff, reason: str, at: datetime) -> list[str]:
    """The full numbers of somebody a member of staff has to reach for the work in his hands, the first to try first.

    Whether it is in his hands, the caller has judged. Written as every opening of what is masked (A-09).
    """
    numbers = [phone.number for phone in person.phones.order_by("-is_primary", "id")]
    note(
        site_id=person.site_id,
        kind="revealed",
        subject=person,
        by=by,
        at=at,
        rule="A-09",
        data={"fields": field_words(["phones"]), "reason": reason},
    )
    return numbers

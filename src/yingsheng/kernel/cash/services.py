"""Moving cash and counting it. The caller's service records the one event of the step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import Max

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cash.models import Count, Entry, Place
from yingsheng.kernel.cash.rules import BadPieces, counted_fen, kept_pieces, needs_explaining
from yingsheng.kernel.org.models import Site, Staff

IN_HAND = (Place.Kind.BOX, Place.Kind.PERSON, Place.Kind.CASHIER)


def find_place(*, site: Site, kind: str, staff: Staff | None = None, code: str = "") -> Place:
    """The place of this kind, made when it is first needed; ValueError for a kind there is not."""
    if kind not in Place.Kind.values:
        raise ValueError(kind)
    name = staff.name if staff is not None else ""
    return Place.objects.get_or_create(
        site=site, kind=kind, staff=staff, code=code, defaults={"name": name[:60]}
    )[0]


def move(
    *,
    source: Place,
    target: Place,
    fen: int,
    purpose: str,
    subject: models.Model,
    by: Staff,
    at: datetime,
    note: str = "",
) -> Entry:
    """Let a sum go from one place to another, in the running transaction; the caller records the event.

    All places of the site are held in one order, so that two moves neither wait for each other nor share a number.
    Raises Refused, in words for the desk, when the place does not hold so much; ValueError for a sum that is no
    sum, or places of two sites.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("cash moves together with what it moves for")
    if type(fen) is not int or fen <= 0:
        raise ValueError(fen)
    if source.site_id != target.site_id or source.pk == target.pk:
        raise ValueError("cash moves between two places of one site")
    rows = Place.objects.select_for_update(no_key=True).filter(site_id=source.site_id).order_by("pk")
    held = {place.pk: place for place in rows}
    giving, taking = held[source.pk], held[target.pk]
    if giving.kind in IN_HAND and giving.balance_fen < fen:
        raise Refused(
            gettext_noop("账上只有%(there)s元，拿不出%(asked)s元"),
            code="not_enough_cash",
            there=format_fen(fen=giving.balance_fen),
            asked=format_fen(fen=fen),
        )
    for place, change in ((giving, -fen), (taking, fen)):
        place.balance_fen += change
        place.version += 1
        place.save(update_fields=["balance_fen", "version"])
    source.balance_fen, target.balance_fen = giving.balance_fen, taking.balance_fen
    source.version, target.version = giving.version, taking.version
    last = Entry.objects.filter(site_id=source.site_id).aggregate(last=Max("number"))["last"] or 0
    return Entry.objects.create(
        site_id=source.site_id, number=last + 1, source=giving, target=taking, fen=fen, purpose=purpose,
        subject_type=subject._meta.label_lower, subject_id=subject.pk, at=at, by=by, note=note.strip()[:200],
    )  # fmt: skip


def count(
    *,
    place: Place,
    purpose: str,
    pieces: Mapping[str, int],
    by: Staff,
    at: datetime,
    explanation: str = "",
    book_fen: int | None = None,
) -> Count:
    """Write down what was counted at a place, against what the book says of it; the caller records the event.

    `book_fen` is what ought to lie there when only a part of the place is counted (what is handed over). Raises
    Refused for notes there are not, and for a difference that nobody explains.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a count is written together with its event")
    held = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    try:
        counted = counted_fen(pieces=pieces)
    except BadPieces as error:
        raise Refused(gettext_noop("票面张数不对"), code="bad_pieces", field="pieces") from error
    booked = held.balance_fen if book_fen is None else book_fen
    if needs_explaining(counted=counted, booked=booked, explanation=explanation):
        raise Refused(
            gettext_noop("清点%(counted)s元，账面%(booked)s元，请写明差额的原因"),
            code="difference",
            field="explanation",
            counted=format_fen(fen=counted),
            booked=format_fen(fen=booked),
        )
    return Count.objects.create(
        place=held, purpose=purpose, at=at, by=by, pieces=kept_pieces(pieces=pieces), counted_fen=counted,
        book_fen=booked, explanation=explanation.strip()[:300],
    )  # fmt: skip

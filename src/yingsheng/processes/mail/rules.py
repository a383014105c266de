"""What is taken in, who must be told when, who may collect, and where what nobody collects goes. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

RECEIPTED = frozenset({"registered", "parcel", "express", "receipted", "money_order"})
# kinds of the post that are taken in as other receipted mail
LIKE_RECEIPTED = frozenset({"money_order"})
FAMILY = frozenset({"spouse", "parent", "child", "sibling", "relative"})
# who of a household collects as the household itself; the others are family (M-12)
HOLDERS = frozenset({"owner", "co_owner", "tenant"})
ADDRESSEE, HOUSEHOLD, FAMILY_PROXY, STRANGER = "addressee", "household", "family", "stranger"
WAIT, TRY, KEEP, GO_BACK = "wait", "contact", "keep", "return"
# what is promised about an item or a batch
TELL_HOUSEHOLD, TELL_AREA, TELL_BATCH = "mail_tell_household", "mail_tell_area", "mail_tell_batch"
CONTACT, REVIEW, RETURN = "mail_contact", "mail_review", "mail_return"


def words_of(*, listed: str | None) -> frozenset[str]:
    """The words of a figure that lists them: "registered,parcel"."""
    return frozenset(word.strip() for word in (listed or "").split(",") if word.strip())


def is_in_scope(*, kind: str, kinds: str | None, enabled: bool) -> bool:
    """Whether an item of this kind is taken in for a household: switched on here, and in the list (M-09, M-14)."""
    if not enabled or kind not in RECEIPTED:
        return False
    listed = words_of(listed=kinds)
    return kind in listed or (kind in LIKE_RECEIPTED and "receipted" in listed)


def missing_fields(*, asked: str | None, addressee: str, has_place: bool, destination: str) -> str:
    """The first thing the register asks for and that nobody wrote down (M-04); "" for none.

    The moment of signing is that of the entry itself. A building that the archive does not know may stand in the
    destination as it is written on the item.
    """
    fields = words_of(listed=asked)
    if "addressee" in fields and not addressee.strip():
        return "addressee"
    if "building_no" in fields and not has_place and not destination.strip():
        return "room"
    if "destination" in fields and not destination.strip():
        return "destination"
    return ""


def area_window(*, received_at: datetime, opens: time, closes: time) -> tuple[datetime, datetime]:
    """From when until when the area clerk is told of an item: that day's window (M-05, T-M01).

    What came after it closed is told in the next day's. The moments stand in the zone of `received_at`.
    """
    day = received_at.date()
    if received_at.timetz().replace(tzinfo=None) > closes:
        day += timedelta(days=1)
    zone = received_at.tzinfo
    return datetime.combine(day, opens, tzinfo=zone), datetime.combine(day, closes, tzinfo=zone)


def batch_due(*, received_at: datetime, notice_at: time) -> datetime:
    """By when the area clerk must know of letters and papers: that hour of the day, or of the next (M-01)."""
    due = datetime.combine(received_at.date(), notice_at, tzinfo=received_at.tzinfo)
    return due if received_at <= due else due + timedelta(days=1)


def is_told(*, way: str, reached: bool) -> bool:
    """Whether the household knows of its item: it was spoken to, or something in writing lies in its hands (M-11)."""
    return reached or way == "slip"


def who_collects(*, name: str, addressee: str, members: Collection[tuple[str, str]]) -> str:
    """What somebody at the desk is to an item, by his name: `members` are (name, relation) of the household (M-12)."""
    wanted = "".join(name.split())
    if wanted and wanted == "".join(addressee.split()):
        return ADDRESSEE
    found = [relation for one, relation in members if "".join(one.split()) == wanted and wanted]
    if not found:
        return STRANGER
    return HOUSEHOLD if any(relation in HOLDERS for relation in found) else FAMILY_PROXY


def proxy_refusal(*, relation: str, in_household: bool, must_be_family: bool, has_number: bool) -> str:
    """Why somebody may not collect for another: "stranger", "no_id", or "" (M-12).

    Family is who lives in the household by the archive, or says which relative he is; both show an ID.
    """
    if must_be_family and not in_household and relation not in FAMILY:
        return "stranger"
    return "" if has_number else "no_id"


def what_next(*, overdue: bool, contacted: int, lives_here: bool) -> str:
    """What is done about an item nobody collected (M-07, M-08).

    Before it is overdue it waits. Then the household is contacted; if it still does not come or is not reached, the
    item is kept for the time being when it certainly lives here, and goes back otherwise.
    """
    if not overdue:
        return WAIT
    if contacted < 1:
        return TRY
    return KEEP if lives_here else GO_BACK


def may_go_back(*, kind: str, verified_as: str) -> bool:
    """Whether an item goes back to the post: a receipted one whose addressee was verified as not to be found (M-13)."""
    return kind in RECEIPTED and bool(verified_as.strip())


def share(*, count: int, base: int) -> int | None:
    """Whole percent, None of nothing."""
    return round(count * 100 / base) if base else None

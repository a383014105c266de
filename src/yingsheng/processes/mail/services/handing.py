"""Handing out: to the household, to its family, to the area clerk, back to the post; both sides named and signed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody import services as custody
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.services import Party
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.queries.items import UNDELIVERABLE, area_hours, local_day, members_of
from yingsheng.processes.mail.rules import (
    ADDRESSEE,
    HOUSEHOLD,
    RETURN,
    TELL_AREA,
    TELL_HOUSEHOLD,
    may_go_back,
    proxy_refusal,
    who_collects,
)
from yingsheng.processes.mail.services.writing import (
    CLOSED,
    area_clerk,
    demand_keeper,
    end_promises,
    put,
    take_up,
)

IN_HAND = (Item.State.HELD, Item.State.OUT)
BY_CODE, BY_PAPER = "code", "id_card"
OVER = gettext_noop("邮件已经交出")


@transaction.atomic
def collect(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    name: str,
    identity: str,
    signature: str,
    pickup_code: str = "",
    seen: int | None = None,
) -> Item:
    """Give an item to its addressee or to whoever holds the home, whose identity was confirmed and who signs (M-12).

    Refused for anybody else by name, for a wrong pick-up code, without a signature, by a post that does not keep the
    mail (M-15).
    """
    item, row = _open(actor=actor, record=record, permission="mail.hand_out", seen=seen)
    demand_keeper(actor=actor, at=at)
    code = pickup_code.strip()
    if code and code != row.pickup_code:
        raise Refused(gettext_noop("取件码不对，请再核对"), field="pickup_code", rule="M-12")
    if identity == BY_CODE and not code:
        raise Refused(gettext_noop("请填取件码，或改用看证件"), field="pickup_code", rule="M-12")
    who = who_collects(name=name, addressee=row.addressee, members=members_of(household=item.household))
    if who not in (ADDRESSEE, HOUSEHOLD):
        raise Refused(
            gettext_noop("%(name)s不是收件人，也不是户主；家人来取请用“家人代领”"), field="name", rule="M-12",
            name=name.strip(),
        )  # fmt: skip
    _demand_signature(signature)
    done = _give(
        actor=actor, item=item, row=row, at=at, act="collected",
        to=Party(name=name, id_kind=identity if identity == BY_PAPER else "", signature=signature),
    )  # fmt: skip
    put(row=row, stage="collected", closed_at=at, collector=name.strip(), relation=who, identity=identity)
    tell(
        record=done,
        kind="mail.collected",
        actor=actor,
        at=at,
        rule="M-12",
        number=done.number,
        who=name.strip(),
    )
    return done


@transaction.atomic
def collect_by_family(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    name: str,
    relation: str,
    id_kind: str,
    id_number: str,
    signature: str,
    phone: str = "",
    seen: int | None = None,
) -> Item:
    """Give an item to a member of the family: accepted by the area clerk, ID shown, own name signed (M-12).

    The actor accepts. Refused for a stranger where only family may, without an ID number or signature.
    """
    item, row = _open(actor=actor, record=record, permission="mail.accept_proxy", seen=seen)
    demand_keeper(actor=actor, at=at)
    names = {"".join(one.split()) for one, _relation in members_of(household=item.household)}
    refused = proxy_refusal(
        relation=relation, in_household="".join(name.split()) in names,
        must_be_family=bool(figure(path="M-12.proxy_must_be_family", site=actor.site, at=at)),
        has_number=bool(id_number.strip()),
    )  # fmt: skip
    if refused == "stranger":
        raise Refused(gettext_noop("只有家庭成员可以代领"), field="relation", rule="M-12")
    if refused:
        raise Refused(gettext_noop("请登记代领人出示的证件号码"), field="id_number", rule="M-12")
    _demand_signature(signature)
    done = _give(
        actor=actor, item=item, row=row, at=at, act="by_family",
        to=Party(name=name, phone=phone, id_kind=id_kind, id_number=id_number, signature=signature),
    )  # fmt: skip
    put(
        row=row, stage="by_family", closed_at=at, collector=name.strip(), relation=relation, identity=id_kind,
        accepted_by=actor.staff,
    )  # fmt: skip
    tell(
        record=done, kind="mail.collected_by_family", actor=actor, at=at, rule="M-12", number=done.number,
        who=name.strip(), relation=relation,
    )  # fmt: skip
    return done


@transaction.atomic
def hand_to_area(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    officer: Staff,
    signature: str,
    seen: int | None = None,
) -> Item:
    """The area clerk comes to the desk and signs for an item, which he takes to the household (M-03, M-05).

    Refused where the adopted regulation does not work through the area clerk.
    """
    item, row = _open(
        actor=actor, record=record, permission="mail.take_in", seen=seen, states=(Item.State.HELD,)
    )
    if area_hours(site=actor.site, at=at) is None:
        raise Refused(gettext_noop("采用的规程由客户助理在前台发放，不经管理员"), rule="M-05")
    if row.stage == UNDELIVERABLE:
        raise Refused(gettext_noop("这件邮件等着退回邮局"), code="illegal_step", rule="M-13")
    clerk = area_clerk(actor=actor, staff=officer, at=at)
    _demand_signature(signature)
    done = custody.hand_over(
        item=item, to=Party(name=clerk.name, staff=clerk, signature=signature), act="to_area", by=actor.staff, at=at,
        due_at=row.overdue_at if row.overdue_at is not None and row.overdue_at > at else None,
    )  # fmt: skip
    if row.area_told_at is None:
        put(row=row, area_told_at=at)
    timers.meet(subject=done, milestones=[TELL_AREA], by=actor.staff, at=at)
    tell(record=done, kind="mail.handed_to_area", actor=actor, at=at, rule="M-03", who=clerk.name)
    return done


@transaction.atomic
def take_back(
    *, actor: Actor, record: Item, at: datetime, reason: str, place: str = "", seen: int | None = None
) -> Item:
    """The area clerk brings an item back to the desk, with the reason (M-08)."""
    item, _row = _open(
        actor=actor, record=record, permission="mail.take_in", seen=seen, states=(Item.State.OUT,)
    )
    done = custody.bring_back(
        item=item,
        giver=None,
        by=actor.staff,
        at=at,
        act="brought_back",
        place=place.strip() or None,
        reason=reason,
    )
    tell(record=done, kind="mail.brought_back", actor=actor, at=at, rule="M-08", reason=reason.strip()[:120])
    return done


@transaction.atomic
def return_to_post(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    clerk: str,
    organisation: str,
    signature: str,
    returned_date: date | None = None,
    seen: int | None = None,
) -> Item:
    """Give an undeliverable item back to the post; the postal clerk signs and dates it (M-13).

    Refused for what was not verified as undeliverable, and for a day to come or before it was verified.
    """
    item, row = _open(
        actor=actor, record=record, permission="mail.return", seen=seen, states=(Item.State.HELD,)
    )
    if row.stage != UNDELIVERABLE or not may_go_back(kind=row.kind, verified_as=row.verified_as):
        raise Refused(gettext_noop("先核实查无此人，再退回邮局"), code="illegal_step", rule="M-13")
    today = local_day(at=at)
    day = returned_date or today
    assert row.undeliverable_at is not None
    if not local_day(at=row.undeliverable_at) <= day <= today:
        raise Refused(gettext_noop("退回日期要在核实之后，不晚于今天"), field="returned_date", rule="M-13")
    _demand_signature(signature)
    done = custody.hand_over(
        item=item, to=Party(name=clerk, organisation=organisation, signature=signature), act="to_post", by=actor.staff,
        at=at, for_good=True, reason=row.verified_as,
    )  # fmt: skip
    put(row=row, stage="returned", closed_at=at, collector=clerk.strip(), relation="post", returned_date=day)
    end_promises(item=done, actor=actor, at=at, kept=(RETURN, TELL_HOUSEHOLD), reason=OVER)
    tell(
        record=done, kind="mail.returned", actor=actor, at=at, rule="M-13", number=done.number, who=clerk.strip(),
        day=day.isoformat(),
    )  # fmt: skip
    return done


def _open(
    *,
    actor: Actor,
    record: Item,
    permission: str,
    seen: int | None,
    states: tuple[Item.State, ...] = IN_HAND,
) -> tuple[Item, MailItem]:
    item, row = take_up(actor=actor, record=record, permission=permission, seen=seen, states=states)
    if row.closed_at is not None:
        raise Refused(CLOSED, code="illegal_step", rule="M-12")
    return item, row


def _demand_signature(signature: str) -> None:
    if not signature.strip():
        raise Refused(gettext_noop("请签名"), field="signature", rule="M-12")


def _give(*, actor: Actor, item: Item, row: MailItem, at: datetime, act: str, to: Party) -> Item:
    done = custody.hand_over(item=item, to=to, act=act, by=actor.staff, at=at, for_good=True, sources=IN_HAND)
    end_promises(item=done, actor=actor, at=at, kept=(TELL_HOUSEHOLD,), reason=OVER)
    return done

"""A discount, a relisting, a change of names: asked of the sales manager, who answers; never done privately (J-27)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.queries import list_holders
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.salesdesk.models import Application
from yingsheng.processes.salesdesk.queries.allow import DEAL, RULE
from yingsheng.processes.salesdesk.queries.deals import find_deal_numbered

NUMBER = "SQ"
ANSWER = "answer_application"
ASKED = gettext_noop("%(name)s送来申请%(number)s，请答复（%(rule)s）")
GRANTED = gettext_noop("申请%(number)s已同意：%(answer)s（%(rule)s）")
REFUSED = gettext_noop("申请%(number)s不同意：%(answer)s（%(rule)s）")
NOT_POST = gettext_noop("申请由规程指定的岗位答复")


@transaction.atomic
def apply_for(*, actor: Actor, at: datetime, kind: str, text: str, deal: str = "") -> Application:
    """Ask the sales manager for a discount, a relisting or a change of names, of one deal or in general (J-27).

    The answer is owed, and whoever holds the post is told. Raises Forbidden; Refused for a deal he does not see, and
    for an application that says nothing.
    """
    demand(actor=actor, permission=DEAL)
    if kind not in Application.Kind.values:
        raise Refused(gettext_noop("请选申请什么"), field="kind", rule="J-27")
    if not text.strip():
        raise Refused(gettext_noop("请写明申请的内容和原因"), field="text", rule="J-27")
    about = find_deal_numbered(actor=actor, number=deal) if deal.strip() else None
    if deal.strip() and about is None:
        raise Refused(gettext_noop("没有这笔成交"), field="deal", rule="J-27")
    row = Application.objects.create(
        site=actor.site, number=take_number(site=actor.site, prefix=NUMBER, at=at), kind=kind, deal=about,
        text=text.strip()[:300], asked_at=at, asked_by=actor.staff,
    )  # fmt: skip
    role = owed_role(path="J-27.applications_to", site=actor.site, at=at)
    owe(
        site=actor.site, subject=row, milestone=ANSWER, path="J-27.answered_within", role=role, at=at, climbs=True
    )  # fmt: skip
    told = [one for one in list_holders(site_id=actor.site.pk, role=role, at=at) if one.pk != actor.staff.pk]
    queue(
        site_id=actor.site.pk, subject=row, at=at,
        drafts=[
            Draft(
                text=ASKED, params={"name": actor.staff.name, "number": row.number, "rule": "J-27"}, to_staff=one,
                rule="J-27", dedup_key=f"salesdesk:asked:{row.pk}:{one.pk}",
            )
            for one in told
        ],
    )  # fmt: skip
    tell(
        record=row,
        kind="salesdesk.applied",
        actor=actor,
        at=at,
        rule="J-27",
        number=row.number,
        application=kind,
    )
    return row


@transaction.atomic
def grant(
    *, actor: Actor, record: Application, at: datetime, answer: str, seen: int | None = None
) -> Application:
    """The sales manager agrees, with what and why (J-27); see `refuse` for what is refused."""
    return _answer(actor=actor, record=record, at=at, answer=answer, seen=seen, granted=True)


@transaction.atomic
def refuse(
    *, actor: Actor, record: Application, at: datetime, answer: str, seen: int | None = None
) -> Application:
    """The sales manager does not agree, with why (J-27).

    Raises Forbidden, Conflict; Refused for a lower post than J-27.applications_to, for one's own application, and
    without a reason.
    """
    return _answer(actor=actor, record=record, at=at, answer=answer, seen=seen, granted=False)


def _answer(
    *, actor: Actor, record: Application, at: datetime, answer: str, seen: int | None, granted: bool
) -> Application:
    row = hold(actor=actor, record=record, permission=RULE, seen=seen, states=("asked",))
    demand_post(actor=actor, path="J-27.applications_to", at=at, text=NOT_POST, code="not_manager")
    if row.asked_by_id == actor.staff.pk:
        raise Refused(gettext_noop("自己的申请要由别人答复"), code="same_person", rule="J-27")
    if not answer.strip():
        raise Refused(gettext_noop("答复要写明理由"), field="answer", rule="J-27")
    state = Application.State.GRANTED if granted else Application.State.REFUSED
    change(record=row, state=state, answer=answer.strip()[:300], answered_at=at, answered_by=actor.staff)
    timers.meet(subject=row, milestones=[ANSWER], by=actor.staff, at=at)
    queue(
        site_id=actor.site.pk, subject=row, at=at,
        drafts=[
            Draft(
                text=GRANTED if granted else REFUSED,
                params={"number": row.number, "answer": row.answer, "rule": "J-27"},
                to_staff=row.asked_by, rule="J-27", dedup_key=f"salesdesk:answered:{row.pk}",
            )
        ],
    )  # fmt: skip
    tell(
        record=row, kind="salesdesk.answered", actor=actor, at=at, rule="J-27", number=row.number, state=state.value,
        answer=row.answer,
    )  # fmt: skip
    return row

"""佣金标准: what a deal of a project earns from a day on; deals that waited for a rate have their lines then."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, tell
from yingsheng.processes.salesdesk.models import Deal, Project, Rate, Visit
from yingsheng.processes.salesdesk.queries.allow import SET
from yingsheng.processes.salesdesk.queries.deals import find_project_named, rated_deals, unrated_deals
from yingsheng.processes.salesdesk.rules.money import read_percent, write_percent
from yingsheng.processes.salesdesk.services.deals import earn
from yingsheng.processes.salesdesk.services.deciding import settle_deal
from yingsheng.processes.salesdesk.services.queue import hold_project

NUMBER = "YB"
PAST_DEAL = gettext_noop("%(deal)s已在%(day)s按原标准成交，新标准的起算日要晚于这一天")


@transaction.atomic
def set_rate(
    *,
    actor: Actor,
    at: datetime,
    project: str,
    kind: str,
    valid_from: date,
    reason: str,
    percent: str = "",
    fixed_fen: int | None = None,
) -> Rate:
    """A rate of a project from a day on; a deal that closed on or after it and had none earns by it now (J-24, J-29).

    Earlier rates stand for the days before. Raises Forbidden; Refused for a project that is unknown, a figure that is
    none, a second rate of one day, and a day on or before which a deal closed by an older rate.
    """
    demand(actor=actor, permission=SET)
    found = find_project_named(site=actor.site, name=project)
    if found is None:
        raise Refused(gettext_noop("没有这个项目"), field="project", rule="J-24")
    per_100k, fixed = _earning(kind=kind, percent=percent, fixed_fen=fixed_fen)
    if not reason.strip():
        raise Refused(gettext_noop("请写明依据，例如哪份文件"), field="reason", rule="J-24")
    waiting = found.deals.filter(rate__isnull=True).exclude(state=Deal.State.CANCELLED)
    list(Visit.objects.select_for_update(no_key=True).filter(pk__in=waiting.values("visit")).order_by("pk"))
    held = hold_project(project=found)
    past = rated_deals(project=held, day=valid_from).last()
    if past is not None:
        raise Refused(
            PAST_DEAL, field="valid_from", rule="J-29", code="closed_deal", deal=past.number, day=str(past.closed_day)
        )  # fmt: skip
    try:
        with transaction.atomic():
            rate = Rate.objects.create(
                site=actor.site, project=held, number=take_number(site=actor.site, prefix=NUMBER, at=at), kind=kind,
                per_100k=per_100k, fixed_fen=fixed, valid_from=valid_from, reason=reason.strip()[:200], set_at=at,
                set_by=actor.staff,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(gettext_noop("这一天已经有佣金标准了"), field="valid_from", rule="J-29") from error
    count = _settle_waiting(project=held, actor=actor, at=at)
    tell(
        record=rate, kind="salesdesk.rate_set", actor=actor, at=at, rule="J-24", number=rate.number,
        rate=rate_words(rate=rate), valid_from=str(valid_from), deals=count,
    )  # fmt: skip
    return rate


def rate_words(*, rate: Rate) -> str:
    """A rate as figures: "1.25%" of the price, or "¥3,000.00" for each unit."""
    if rate.kind == Rate.Kind.PART:
        return write_percent(per_100k=rate.per_100k)
    return f"¥{format_fen(fen=rate.fixed_fen)}"


def _earning(*, kind: str, percent: str, fixed_fen: int | None) -> tuple[int, int]:
    """(hundred-thousandths of the price, fixed fen): exactly one of them."""
    if kind == Rate.Kind.PART:
        if fixed_fen:
            raise Refused(gettext_noop("按比例的不填定额"), field="fixed_fen", rule="J-24")
        try:
            return read_percent(text=percent), 0
        except ValueError as error:
            raise Refused(
                gettext_noop("请填大于0、不超过100的百分数，最多三位小数"), field="percent", rule="J-24"
            ) from error
    if kind != Rate.Kind.FIXED:
        raise Refused(gettext_noop("请选佣金怎么算"), field="kind", rule="J-24")
    if percent.strip():
        raise Refused(gettext_noop("按定额的不填比例"), field="percent", rule="J-24")
    if not fixed_fen:
        raise Refused(gettext_noop("请填每套的金额"), field="fixed_fen", rule="J-24")
    return 0, fixed_fen


def _settle_waiting(*, project: Project, actor: Actor, at: datetime) -> int:
    """The deals that closed without a rate and have one now: how many."""
    count = 0
    for deal in unrated_deals(project=project).select_for_update(no_key=True):
        earn(deal=deal)
        if deal.rate is not None:
            change(record=deal, rate=deal.rate, commission_fen=deal.commission_fen)
            settle_deal(deal=deal, by=actor.staff, at=at)
            count += 1
    return count

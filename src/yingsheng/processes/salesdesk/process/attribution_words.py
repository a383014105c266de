"""A decision in words: what each step looked at, what it found, what follows, and what would have to be different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.process import customer_forms
from yingsheng.processes.salesdesk.rules.decision import Decision, Effect, Fact, Outcome, Share, Step
from yingsheng.processes.salesdesk.rules.facts import Noticed, Record
from yingsheng.processes.salesdesk.rules.figures import COMPANY
from yingsheng.processes.salesdesk.rules.what_if import Change

OUTCOMES: Mapping[str, str] = {
    Outcome.TURN: N("按轮排归接待者"), Outcome.OWN: N("接待者自己的客户"), Outcome.HANDED_BACK: N("交还原业务员"),
    Outcome.HELPED: N("协助接待"), Outcome.AGREED: N("经同意继续接待"), Outcome.HALVED: N("各半"),
    Outcome.SNATCHED: N("抢客"), Outcome.PUBLIC: N("公共客户"), Outcome.GROUP: N("团购客户"),
    Outcome.RULING: N("销售经理裁定"),
}  # fmt: skip
OUTCOME_TONES: Mapping[str, str] = {
    Outcome.SNATCHED: "late", Outcome.RULING: "soon", Outcome.HALVED: "soon", Outcome.PUBLIC: "waiting",
    Outcome.GROUP: "waiting",
}  # fmt: skip
FACTS: Mapping[str, str] = {
    Fact.GROUP: N("是否团购"), Fact.PUBLIC_KIND: N("公共客户的种类"), Fact.CARD: N("给了名片"),
    Fact.SAID: N("自己说明、同事认识"), Fact.WAS_PUBLIC: N("以前按公共客户接待过"), Fact.EVIDENCE: N("认定依据"),
    Fact.RELATION: N("与登记客户的关系"), Fact.NOTICED: N("什么时候发现"), Fact.KNEW: N("接待者是否知情"),
    Fact.PRESENCE: N("原业务员是否在场"), Fact.CONSENT: N("原业务员是否同意"), Fact.WENT_ON: N("继续接待"),
    Fact.VISIT_DAYS: N("登记到这次来访的天数"), Fact.DEAL_DAYS: N("登记到成交的天数"),
    Fact.DISCOVERY_DAYS: N("到发现的天数"), Fact.NAMED: N("点名找谁"), Fact.BROUGHT_BY: N("谁的老客户带来"),
    Fact.HELP_OF: N("替谁接待"), Fact.OWN_ENTRY: N("自己的登记"), Fact.PHONE_ENTRY: N("来电登记"),
    Fact.COMPLIES: N("登记是否合规"), Fact.CLOSER: N("谁成交"), Fact.CLOSING: N("定金和认购书"),
    Fact.TRANSFER: N("成交后私下转让"), Fact.NOTHING: N("没有别的主张"),
}  # fmt: skip
EFFECTS: Mapping[str, str] = {
    Effect.NO_SHARES: N("个人不分业绩，按团购奖金分"), Effect.DEPARTMENT: N("归销售部，不占轮次"),
    Effect.COUNTS_AS_TURN: N("算轮排接待"), Effect.NOT_PUBLIC: N("不算公共客户"), Effect.NEW: N("算新客户"),
    Effect.NO_CLAIM: N("不成为主张"), Effect.YIELDS: N("让位于已完成的接待"), Effect.ANOTHERS: N("是别人的客户"),
    Effect.OWN: N("是自己的客户，不占轮次"), Effect.HAND_BACK: N("交还"), Effect.HELP: N("算协助"),
    Effect.HELPER_NOTHING: N("协助时没有成交，按协助比例"), Effect.AGREED: N("同意继续，按约定比例"),
    Effect.SNATCHED: N("既没交还也没得到同意"), Effect.CANCELLED: N("取消这一单的佣金，并处罚款"),
    Effect.AWARE: N("已经知情，不适用各半"), Effect.HALF: N("期限内发现，各半"),
    Effect.CLOSER_ALL: N("过了期限才发现，全归成交者"), Effect.ORIGINAL: N("归原业务员"),
    Effect.RULING: N("由销售经理裁定"), Effect.STANDS: N("维持接待结果"), Effect.NOT_CLOSED: N("还不算成交"),
    Effect.CLOSED: N("已成交"), Effect.PURCHASER_STANDS: N("以认购书上的买方为准"), Effect.TURN: N("归轮到的人"),
}  # fmt: skip
RECORDS: Mapping[str, str] = {
    Record.VISIT: N("来访登记"), Record.PHONE_IN: N("来电登记"), Record.REFERRAL: N("介绍登记"),
}  # fmt: skip
NOTICED: Mapping[str, str] = {Noticed.DURING: N("接待中"), Noticed.AFTER: N("接待后")}
KEYS: Mapping[str, str] = {code.value: text for code, text in customer_forms.KEYS.items()}
PUBLIC_KINDS: Mapping[str, str] = {code.value: text for code, text in customer_forms.PUBLIC_KINDS.items()}
RELATIONS: Mapping[str, str] = {code.value: text for code, text in customer_forms.RELATIONS.items()}
_CODES: Mapping[str, Mapping[str, str]] = {
    Fact.PUBLIC_KIND: PUBLIC_KINDS, Fact.SAID: PUBLIC_KINDS, Fact.CARD: PUBLIC_KINDS, Fact.RELATION: RELATIONS,
    Fact.NOTICED: RECORDS, Fact.KNEW: RECORDS, Fact.OWN_ENTRY: RECORDS,
}  # fmt: skip
_DAYS = (Fact.VISIT_DAYS, Fact.DEAL_DAYS, Fact.DISCOVERY_DAYS)
# the facts whose change is told, by the name the rules give them
CHANGED: Mapping[str, str] = {
    "visit_day": N("来访日"), "closing_day": N("成交日"), "registered_day": N("原登记日"),
    "received_day": N("原接待日"), "closed_day": N("原客户成交日"), "last_visit_day": N("上次来访日"),
    "discovered_day": N("发现日"), "knew": N("接待者知情"), "went_on": N("知情后继续接待"),
    "group_purchase": N("团购"), "present": N("在场或联系得上"), "consented": N("同意继续接待"), "named": N("点名"),
    "card_given": N("给了名片"), "said_himself": N("自己说明"), "colleagues_know": N("有同事认识"),
    "noticed": N("什么时候发现"), "complies": N("原登记合规"), "evidence": N("认定依据"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Told:
    """A step of a decision as it is read."""

    article: str
    rule: str
    looked_at: str
    found: str
    follows: str


@dataclass(frozen=True, kw_only=True)
class WouldBe:
    """What would have to be different, and what would follow."""

    fact: str
    entry: int
    now: str
    then: str
    outcome: str
    who: str
    rule: str
    article: str


def outcome_words(*, code: str) -> str:
    """How it ended; "" while nothing is decided."""
    return str(_(OUTCOMES[code])) if code in OUTCOMES else ""


def keys_words(*, keys: object) -> str:
    """The proofs that two entries share."""
    found = [str(one) for one in keys] if isinstance(keys, (list, tuple, set, frozenset)) else []
    return str(_("、")).join(str(_(KEYS[one])) for one in sorted(found) if one in KEYS)


def name_of(*, agent: str, names: Mapping[str, str]) -> str:
    """An agent's name, the department for nobody."""
    return names.get(agent, agent) if agent else str(_("销售部"))


def shares_words(*, shares: tuple[Share, ...], names: Mapping[str, str]) -> str:
    """严一 80%，华二 20%."""
    return str(_("，")).join(f"{name_of(agent=one.agent, names=names)} {one.percent}%" for one in shares)


def step_words(*, step: Step, names: Mapping[str, str]) -> Told:
    """A step as it is read; agents by their names, days as found and allowed, codes by their words."""
    return Told(
        article=step.article, rule=step.rule, looked_at=str(_(FACTS[step.fact])), found=_found(step, names),
        follows=str(_(EFFECTS[step.effect])),
    )  # fmt: skip


def _found(step: Step, names: Mapping[str, str]) -> str:
    if step.fact in _DAYS and "/" in step.value:
        days, _slash, limit = step.value.partition("/")
        return str(_("%(days)s天，界限%(limit)s天") % {"days": days, "limit": limit})
    words = _CODES.get(step.fact, {})
    if step.value in words:
        return str(_(words[step.value]))
    if step.value == COMPANY:
        return str(_("公司"))
    return names.get(step.value, step.value)


def change_words(*, change: Change, names: Mapping[str, str]) -> WouldBe:
    """What would turn the decision, as it is read."""
    then = change.decision
    return WouldBe(
        fact=str(_(CHANGED[change.fact])), entry=change.entry, now=_value(change.now, change.fact, names),
        then=_value(change.then, change.fact, names), outcome=outcome_words(code=then.outcome),
        who=shares_words(shares=then.shares or then.suggested, names=names)
        or name_of(agent=then.owner, names=names),
        rule=then.rule, article=then.article,
    )  # fmt: skip


def _value(value: str, fact: str, names: Mapping[str, str]) -> str:
    if value in ("True", "False"):
        return str(_("是")) if value == "True" else str(_("否"))
    if fact == "noticed":
        return str(_(NOTICED[value]))
    if fact == "evidence":
        return keys_words(keys=value.split(",")) or str(_("没有"))
    return names.get(value, value) or str(_("无"))


def turn_words(*, decision: Decision, names: Mapping[str, str]) -> str:
    """What the reception costs or gives in the rotation (J-02, J-10, CF-40)."""
    if decision.make_ups:
        told = [
            str(_("%(name)s可补接一位新客户（%(article)s）"))
            % {"name": name_of(agent=one.agent, names=names), "article": one.article}
            for one in decision.make_ups
        ]
        return str(_("；")).join(told)
    return str(_("用掉接待者的轮次")) if decision.turn_used else str(_("不占轮次"))


def penalty_words(*, decision: Decision, names: Mapping[str, str]) -> str:
    """What snatching costs, as far as the articles say it (J-20, J-34)."""
    penalty = decision.penalty
    if penalty is None:
        return ""
    told = {
        "name": name_of(agent=penalty.agent, names=names), "least": format_fen(fen=penalty.fine_min_fen),
        "greatest": format_fen(fen=penalty.fine_max_fen),
        "heir": names.get(penalty.heir, penalty.heir) if penalty.heir else str(_("公司")),
    }  # fmt: skip
    return str(_("取消%(name)s这一单的佣金，罚款%(least)s到%(greatest)s元；佣金拟归%(heir)s")) % told

"""What is decided about a visit or a deal: owner, shares, turn, make-ups, penalty, and the way there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from yingsheng.processes.salesdesk.rules.figures import WHOLE

ARTICLES: Mapping[str, str] = {
    rule: f"004 篇1 第{place}"
    for rule, place in {
        "J-01": "1条", "J-02": "2条", "J-05": "4条", "J-07": "6条", "J-08": "6条", "J-09": "6条", "J-10": "7条",
        "J-11": "9条(1)", "J-12": "9条(2)", "J-13": "9条(3)", "J-14": "10条", "J-16": "12条(1)", "J-17": "12条(2)",
        "J-18": "12条(3)", "J-19": "13条", "J-20": "13条", "J-21": "14条", "J-22": "15条", "J-23": "16条",
        "J-24": "17条", "J-25": "17条", "J-26": "18条", "J-28": "20条", "J-30": "1–20条", "J-32": "9条, 第12条",
        "J-33": "13条, 第16条", "J-34": "13条, 第20条",
    }.items()
}  # fmt: skip


class Outcome(StrEnum):
    """How it ends."""

    TURN = "turn"  # a new customer by rotation, or one who is new again
    OWN = "own"  # the receiver's own customer
    HANDED_BACK = "handed_back"  # another agent's, given to him
    HELPED = "helped"  # received in place of an agent who is away
    AGREED = "agreed"  # gone on with, by consent of the original agent
    HALVED = "halved"  # closed unawares, found in time
    SNATCHED = "snatched"  # gone on with against the rule
    PUBLIC = "public"  # nobody's: the department's
    GROUP = "group"  # a group purchase
    RULING = "ruling"  # the sales manager has to say


class Fact(StrEnum):
    """What a step of the reasoning looked at."""

    GROUP = "group_purchase"
    PUBLIC_KIND = "public_kind"
    CARD = "card_given"
    SAID = "said_himself"
    WAS_PUBLIC = "was_public"
    EVIDENCE = "evidence"
    RELATION = "relation"
    NOTICED = "noticed"
    KNEW = "knew"
    PRESENCE = "presence"
    CONSENT = "consent"
    WENT_ON = "went_on"
    VISIT_DAYS = "days_to_visit"
    DEAL_DAYS = "days_to_closing"
    DISCOVERY_DAYS = "days_to_discovery"
    NAMED = "named"
    BROUGHT_BY = "brought_by"
    HELP_OF = "help_of"
    OWN_ENTRY = "own_entry"
    PHONE_ENTRY = "phone_entry"
    COMPLIES = "complies"
    CLOSER = "closer"
    CLOSING = "closing"
    TRANSFER = "transfer"
    NOTHING = "nothing_else"


class Effect(StrEnum):
    """What a step of the reasoning made of it."""

    NO_SHARES = "no_shares"
    DEPARTMENT = "department"
    COUNTS_AS_TURN = "counts_as_turn"
    NOT_PUBLIC = "not_public"
    NEW = "new_customer"
    NO_CLAIM = "no_claim"
    YIELDS = "yields"
    ANOTHERS = "anothers"
    OWN = "own"
    HAND_BACK = "hand_back"
    HELP = "help"
    HELPER_NOTHING = "helper_share"
    AGREED = "agreed"
    SNATCHED = "snatched"
    CANCELLED = "cancelled"
    AWARE = "aware"
    HALF = "half"
    CLOSER_ALL = "closer_all"
    ORIGINAL = "original"
    RULING = "ruling"
    STANDS = "rotation_stands"
    NOT_CLOSED = "not_closed"
    CLOSED = "closed"
    PURCHASER_STANDS = "purchaser_stands"
    TURN = "turn"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the reasoning: the article and rule, the fact it used with its value, and what follows.

    `value` is a word, an agent, or "found/limit" in days ("27/30").
    """

    article: str
    rule: str
    fact: Fact
    value: str
    effect: Effect


@dataclass(frozen=True, kw_only=True)
class Share:
    """What part of a commission an agent has, in per cent."""

    agent: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class MakeUp:
    """A new customer an agent may receive out of turn, the case of article 2 (0: another article), and by which rule.

    It is due where the reception took the agent's turn or made him miss one (CF-40).
    """

    agent: str
    case: int
    rule: str
    article: str


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """Snatching: the commission of the deal is cancelled, the manager sets a fine in these bounds (J-20, J-34).

    `heir` is who gets the cancelled commission by default, "" for the company (CF-51).
    """

    agent: str
    fine_min_fen: int
    fine_max_fen: int
    destination: str
    heir: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whose customer it is and what follows.

    `owner` is "" for the department. `shares` part the commission of a closed deal and make exactly 100 per cent, or
    there are none: no closing yet, a group purchase, a cancelled commission, a ruling still to come. `suggested` is
    what would hold at a closing, or what is proposed to the manager. `turn_used` says whether the reception costs the
    receiver a turn. `rule` and its article decided; `steps` say how it came to that.
    """

    outcome: Outcome
    owner: str
    shares: tuple[Share, ...]
    suggested: tuple[Share, ...]
    turn_used: bool
    make_ups: tuple[MakeUp, ...]
    penalty: Penalty | None
    formalities: str
    needs_ruling: bool
    rule: str
    article: str
    steps: tuple[Step, ...]


def shares_of(*, parts: Iterable[tuple[str, int]]) -> tuple[Share, ...]:
    """Shares in the order given, nothing left out but nothing itself; ValueError unless they make exactly 100 %.

    An agent named twice has the sum of both.
    """
    sums: dict[str, int] = {}
    for agent, percent in parts:
        if percent < 0:
            raise ValueError("a share is no debt")
        sums[agent] = sums.get(agent, 0) + percent
    if sum(sums.values()) != WHOLE:
        raise ValueError(f"shares of {sum(sums.values())} per cent")
    return tuple(Share(agent=agent, percent=percent) for agent, percent in sums.items() if percent)


def step(*, rule: str, fact: Fact, value: str, effect: Effect) -> Step:
    """A step under the article its rule stands for."""
    return Step(article=ARTICLES[rule], rule=rule, fact=fact, value=value, effect=effect)


def make_up(*, agent: str, case: int, rule: str) -> MakeUp:
    """A make-up of article 2 in one of its cases, or of another rule (J-02, J-10)."""
    article = f"{ARTICLES[rule]}({case})" if rule == "J-02" else ARTICLES[rule]
    return MakeUp(agent=agent, case=case, rule=rule, article=article)


def overrule(*, decision: Decision, parts: Iterable[tuple[str, int]], owner: str, reason: str) -> Decision:
    """The decision as the sales manager rules it, with his reason as the last step (J-28, J-30).

    What the order of the articles found stays readable above it. [I] A penalty is not lifted by another split: it is
    set or waived on its own. ValueError without a reason or for shares that do not make 100 per cent.
    """
    if not reason.strip():
        raise ValueError("a ruling has a reason")
    last = step(rule="J-28", fact=Fact.NOTHING, value=reason.strip(), effect=Effect.RULING)
    shares = shares_of(parts=parts)
    return replace(
        decision, outcome=Outcome.RULING, owner=owner, shares=shares, suggested=shares, needs_ruling=False,
        formalities=owner, rule="J-28", article=ARTICLES["J-28"], steps=(*decision.steps, last),
    )  # fmt: skip

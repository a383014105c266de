"""What is known of a visit and its deal when somebody asks whose customer it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.matching import Key


class Record(StrEnum):
    """Which book an earlier entry stands in."""

    VISIT = "visit"  # was received (J-04)
    PHONE_IN = "phone_in"  # called (J-06)
    REFERRAL = "referral"  # registered by a viewer who introduced him, never came (J-14)


class Noticed(StrEnum):
    """When it was found that an earlier entry exists."""

    DURING = "during"  # while the customer was received
    AFTER = "after"  # when reception was complete and the customer registered


class PublicKind(StrEnum):
    """What makes a public customer (J-09)."""

    PEER = "peer"
    PRINCIPAL = "principal"
    MARKETING = "marketing"
    SOLICITOR = "solicitor"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An earlier entry that may speak for an agent.

    `relation` is what the person on the entry is to the visitor; `keys` are the proofs both entries share (J-05);
    `complies` says whether the entry itself is as J-04 wants it. A claim noticed afterwards has its day.
    """

    agent: str
    record: Record
    registered_day: date
    keys: frozenset[Key]
    relation: Relation = Relation.SELF
    entry: int = 0  # number in the register, which decides between entries of one day
    received_day: date | None = None
    closed_day: date | None = None
    last_visit_day: date | None = None
    noticed: Noticed = Noticed.DURING
    discovered_day: date | None = None
    complies: bool = True

    def __post_init__(self) -> None:
        if self.noticed is Noticed.AFTER and self.discovered_day is None:
            raise ValueError("a claim found afterwards has the day it was found")


@dataclass(frozen=True, kw_only=True)
class Deal:
    """A purchase in the making: who closes it, the two halves of a closing, and who is on the form (J-24, J-25)."""

    closer: str
    deposit_day: date | None = None
    signed_day: date | None = None
    purchaser: str = ""
    transferred_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Public:
    """Why a visitor may be a public customer, and whether it was known while he was received (J-09, J-10)."""

    kind: PublicKind
    said_himself: bool = True
    colleagues_know: bool = True
    card_given: bool = False
    recognised: Noticed = Noticed.DURING


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One visit, what came before it and what came of it. Agents are named by whatever text identifies them.

    `present` are the agents on site or within reach at the reception, or at the closing if a colleague of the receiver
    closes. `named` is the agent the customer asked for in this reception,
    `brought_by` the agent whose old customer brings him, `help_of` the colleague in whose place the receiver acts.
    `knew` says that the receiver knew whose customer he was, `went_on` that he kept him all the same, `consented`
    which agents agreed to that. `was_public`: an earlier visit was that of a public customer.
    """

    receiver: str
    visit_day: date
    claims: tuple[Claim, ...] = ()
    present: frozenset[str] = frozenset()
    visit_number: int = 1
    named: str = ""
    named_too_late: bool = False
    brought_by: str = ""
    help_of: str = ""
    group_purchase: bool = False
    public: Public | None = None
    was_public: bool = False
    knew: bool = False
    went_on: bool = False
    consented: frozenset[str] = frozenset()
    deal: Deal | None = None

    def __post_init__(self) -> None:
        if not self.receiver:
            raise ValueError("somebody received the visit")
        for claim in self.claims:
            earlier = (claim.registered_day, claim.received_day, claim.last_visit_day)
            if any(day is not None and day > self.visit_day for day in earlier):
                raise ValueError("an earlier entry is not later than the visit")
            if claim.discovered_day is not None and claim.discovered_day < self.visit_day:
                raise ValueError("nothing is found out before the visit")
        if self.deal is not None:
            days = (self.deal.deposit_day, self.deal.signed_day)
            if any(day is not None and day < self.visit_day for day in days):
                raise ValueError("no deal closes before the visit it came of")

"""What a worker's pages show of orders: cards, and one order with every verb he may reach from where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.kernel.forms.build import SiteLists, SpecForm
from yingsheng.kernel.orders.models import Trade, WorkOrder
from yingsheng.kernel.orders.rules import MOVES, OPEN
from yingsheng.kernel.orders.services import blocked_by, may_ring
from yingsheng.kernel.orders.verbs import find_verb, offers
from yingsheng.kernel.org.access import Actor
from yingsheng.ui.pages.work.forms import CODES, PHOTOS, work_form

TAKEN = (*OPEN[1:], "done")  # states in which material and photos are added
QUEUED = frozenset(
    {"take", "accept", "start", "finish", "pause", "use", PHOTOS}
)  # kept while there is no signal
RESUME = N("继续施工")


@dataclass(frozen=True, kw_only=True)
class Due:
    """The promised time of an order as a chip shows it."""

    state: str
    due_at: datetime
    starts_at: datetime
    paused_at: datetime | None = None
    rule_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """An order in a list."""

    order: WorkOrder
    place: str
    trade: str
    state_word: str
    due: Due | None
    url: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """A verb of the page of an order. `sources` are the states it starts from, `target` the one it leads to: a device
    without signal shows and hides the sections by them. `shown`: legal now.
    """

    code: str
    label: str
    resume: str
    sources: str
    target: str
    shown: bool
    main: bool
    queued: bool
    open: bool
    why: str
    rule: str
    form: SpecForm | None
    url: str


def due_of(order: WorkOrder) -> Due | None:
    """The chip of what was promised; none once it is done."""
    if order.due_at is None or order.state not in OPEN:
        return None
    state = "paused" if order.state == WorkOrder.State.PAUSED else "armed"
    return Due(state=state, due_at=order.due_at, starts_at=order.issued_at, paused_at=order.paused_at)


def place_of(order: WorkOrder) -> str:
    """Where to go: the room, else the building, else what the caller said."""
    case = order.case
    if case.room is not None:
        return case.room.label
    return case.building.name if case.building is not None else case.title


def card_of(order: WorkOrder) -> Card:
    """An order as a list shows it."""
    return Card(
        order=order, place=place_of(order), trade=_(Trade(order.trade).label),
        state_word=_(WorkOrder.State(order.state).label), due=due_of(order),
        url=reverse("ui:work_order", args=[order.key]),
    )  # fmt: skip


def _sources(code: str, *, free: bool) -> tuple[str, ...]:
    if code in ("use", "give_back", PHOTOS):
        return TAKEN
    found = MOVES[code][0]
    return tuple(state for state in found if state != "waiting") if free and code == "send_back" else found


def _blocked(
    *, order: WorkOrder, code: str, offered: Mapping[str, tuple[str, str]]
) -> tuple[str, str] | None:
    """What stands against a verb now or once a device comes to it: what is offered says it itself."""
    if code in offered:
        return offered[code] if offered[code][0] else None
    return blocked_by(order=order, verb=code) if code in ("start", "finish") else None


def sections(
    *,
    order: WorkOrder,
    actor: Actor,
    prices: Sequence[PriceItem],
    lists: SiteLists,
    chosen: str = "",
    tried: SpecForm | None = None,
) -> list[Section]:
    """The verbs of an order for this person: those legal now, and those he may come to without signal."""
    free = order.worker_id is None and not order.outside
    reach = free or order.worker_id == actor.staff.pk
    offered = {one.verb.code: (one.why, one.rule) for one in offers(order=order, actor=actor)}
    legal = set(offered)
    if order.worker_id == actor.staff.pk and str(order.state) in TAKEN:
        legal.add(PHOTOS)
    made = []
    for code in CODES:
        if code == ("accept" if free else "take") or not (reach or code in legal):
            continue
        verb = find_verb(code=code)
        blocked = _blocked(order=order, code=code, offered=offered)
        is_tried = tried is not None and code == chosen
        form = None
        if blocked is None:
            form = tried if is_tried else work_form(
                code=code, order=order, actor=actor, prices=prices, lists=lists
            )(prefix=code)  # fmt: skip
        made.append(
            Section(
                code=code, label=_(verb.label) if verb is not None else _("添加照片"),
                resume=_(RESUME) if code == "start" else "", sources=" ".join(_sources(code, free=free)),
                target=MOVES[code][1] if code in MOVES else "", shown=code in legal or is_tried,
                main=bool(verb and verb.main), queued=code in QUEUED, open=code == chosen,
                why=_(blocked[0]) if blocked else "", rule=blocked[1] if blocked else "", form=form,
                url=reverse("ui:work_verb", args=[order.key, code]),
            )
        )  # fmt: skip
    return made


def order_context(
    *,
    order: WorkOrder,
    actor: Actor,
    now: datetime,
    prices: Sequence[PriceItem],
    lists: SiteLists,
    chosen: str = "",
    tried: SpecForm | None = None,
) -> dict[str, Any]:
    """Everything the page of one order shows."""
    sees_case = visible_cases(actor=actor).filter(pk=order.case_id).exists()
    files = list(list_attachments(subject=order.case)) if sees_case else []
    return {
        "order": order,
        "card": card_of(order),
        "sections": sections(
            order=order, actor=actor, prices=prices, lists=lists, chosen=chosen, tried=tried
        ),
        "materials": list(order.materials.order_by("pk")),
        "pictures": [one for one in files if one.is_picture and one.removed_at is None],
        "may_ring": may_ring(order=order, actor=actor),
        "resumes": order.state == WorkOrder.State.PAUSED,
        "now": now,
    }

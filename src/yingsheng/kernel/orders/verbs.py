"""What may be done with a work order, declared once: the pages, the worker's device and the API work from this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yingsheng.base.formspec import FormSpec
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.orders import forms as f
from yingsheng.kernel.orders import materials, services
from yingsheng.kernel.orders.manners import manners_for
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.rules import DONE, OPEN, PAUSED, target_of
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import figure


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One deed: `run` takes `actor`, `order`, `at`, `seen`, `device_at` and the fields of its form.

    `whose` says who may: "worker" whose work it is (and whoever gives out work), "giver" whoever gives out work,
    "taker" anybody who works. `main` ones are the large buttons of the worker's device.
    """

    code: str
    label: str
    whose: str
    form: FormSpec
    run: Callable[..., WorkOrder]
    rules: tuple[str, ...]
    main: bool = False


def _plain(service: Callable[..., WorkOrder]) -> Callable[..., WorkOrder]:
    """A verb of whoever gives out work: the service wants the person and no device."""

    def run(*, actor: Actor, device_at: datetime | None = None, **fields: Any) -> WorkOrder:
        return service(by=actor.staff, **fields)

    return run


def _no_device(service: Callable[..., WorkOrder]) -> Callable[..., WorkOrder]:
    def run(*, device_at: datetime | None = None, **fields: Any) -> WorkOrder:
        return service(**fields)

    return run


def _by_turn(
    *, actor: Actor, order: WorkOrder, at: datetime, seen: int | None, device_at: Any = None
) -> WorkOrder:
    most = figure(path="R-11.most_open", site=actor.site, at=at)
    return services.assign_by_turn(order=order, by=actor.staff, at=at, most_open=most, seen=seen)


def _finish(*, order: WorkOrder, checklist: list[str] | None = None, **fields: Any) -> WorkOrder:
    asked = {item.code for item in manners_for(outdoor=order.outdoor)}
    return services.finish_order(
        order=order, checklist=[code for code in checklist or () if code in asked], **fields
    )


def _verb(
    code: str,
    label: str,
    whose: str,
    form: FormSpec,
    run: Callable[..., WorkOrder],
    *rules: str,
    main: bool = False,
) -> Verb:
    return Verb(code=code, label=label, whose=whose, form=form, run=run, rules=rules, main=main)


VERBS = (
    _verb("take", N("接单"), "taker", f.NOTHING, services.take_order, "R-01", "R-11", main=True),
    _verb("accept", N("签收"), "worker", f.NOTHING, services.accept_order, "R-01", main=True),
    _verb("start", N("到场开工"), "worker", f.NOTHING, services.start_order, "R-03", main=True),
    _verb("finish", N("完工"), "worker", f.FINISH, _finish, "R-08", "R-17", main=True),
    _verb("pause", N("暂停施工"), "worker", f.WITH_REASON, services.pause_order, "R-03"),
    _verb("use", N("用料"), "worker", f.USE, materials.use_material, "R-08"),
    _verb("give_back", N("退料"), "worker", f.GIVE_BACK, materials.return_material, "R-08"),
    _verb("hand_over", N("移交"), "worker", f.HAND_OVER, _no_device(services.hand_over), "R-11"),
    _verb("send_back", N("退单"), "worker", f.WITH_REASON, services.send_back, "R-11"),
    _verb("assign", N("派人"), "giver", f.ASSIGN, _plain(services.assign_order), "R-11"),
    _verb("by_turn", N("按轮次派人"), "giver", f.NOTHING, _by_turn, "R-11"),
    _verb("recover", N("收回"), "giver", f.NOTHING, _plain(services.recover_order), "R-05"),
    _verb("void", N("作废"), "giver", f.WITH_REASON, _plain(services.void_order), "R-05"),
)
_MOVE_OF = {"by_turn": "assign"}


def find_verb(*, code: str) -> Verb | None:
    """The verb with this code, None for one nobody declared."""
    return next((verb for verb in VERBS if verb.code == code), None)


def _legal(*, verb: Verb, order: WorkOrder, actor: Actor) -> bool:
    gives = actor.may(Allow.DISPATCH_ORDERS)
    is_mine = order.worker_id == actor.staff.pk and actor.may(Allow.WORK_ORDERS)
    free = order.worker_id is None and not order.outside
    if verb.code == "take":
        return actor.may(Allow.WORK_ORDERS) and free and order.state == WorkOrder.State.WAITING
    if verb.whose == "giver" and not gives:
        return False
    if verb.whose == "worker" and not (gives or is_mine):
        return False
    if verb.code in ("use", "give_back"):
        return order.state in (*OPEN[1:], DONE)
    if verb.code in ("accept", "send_back") and free:
        return False
    return target_of(verb=_MOVE_OF.get(verb.code, verb.code), state=order.state) is not None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A verb as it is offered: its words at this moment, and why it may not be done though legal ("" if it may)."""

    verb: Verb
    label: str
    why: str = ""
    rule: str = ""


def offers(*, order: WorkOrder, actor: Actor) -> list[Offer]:
    """What this actor may do with an order now, in the order of the list."""
    found = []
    for verb in VERBS:
        if not _legal(verb=verb, order=order, actor=actor):
            continue
        blocked = services.blocked_by(order=order, verb=_MOVE_OF.get(verb.code, verb.code))
        label = N("继续施工") if verb.code == "start" and order.state == PAUSED else verb.label
        found.append(
            Offer(
                verb=verb
                if verb.code != "finish"
                else replace(verb, form=finish_form(outdoor=order.outdoor)),
                label=label,
                why=blocked[0] if blocked else "",
                rule=blocked[1] if blocked else "",
            )
        )
    return found


def finish_form(*, outdoor: bool) -> FormSpec:
    """The form of finishing with the manners that are asked indoors or outdoors (R-17)."""
    asked = tuple((item.code, item.text) for item in manners_for(outdoor=outdoor))
    groups = tuple(
        replace(
            group,
            fields=tuple(
                replace(item, choices=asked) if item.name == "checklist" else item for item in group.fields
            ),
        )
        for group in f.FINISH.fieldsets
    )
    return replace(f.FINISH, fieldsets=groups)

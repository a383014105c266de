"""The forms of a worker's verbs as a thumb fills them: photos, chips, things of the price list to tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from yingsheng.base.formspec import Choices, Field, Fieldset, FormSpec, Kind
from yingsheng.base.money import format_fen
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.verbs import Verb, find_verb, finish_form
from yingsheng.kernel.org.access import Actor
from yingsheng.ui.pages.work.phrases import reason_chips, result_chips

PHOTOS = "photos"  # a verb of these pages alone: add pictures to the case of the order
CODES = ("take", "accept", "start", "finish", "pause", "use", PHOTOS, "give_back", "hand_over", "send_back")
WITH_WHY = ("pause", "send_back", "hand_over")
# an order of things to take along, not a stock list: more would not be tapped on a phone
MOST_THINGS = 60
MOST_TAPPED = 99

BEFORE, AFTER = "维修前", "维修后"
WHEN: Choices = (("before", N("维修前")), ("after", N("维修后")))


def _photos(label: str, hint: str = "") -> Field:
    return Field(name="photos", kind=Kind.FILES, label=label, hint=hint)


def _fields(*, verb: Verb | None, order: WorkOrder, prices: Sequence[PriceItem]) -> tuple[Field, ...]:
    """What is asked for a verb, None for the photos alone."""
    if verb is None:
        when = Field(name="when", kind=Kind.CHOICE, label=N("什么时候拍的"), choices=WHEN, required=True)
        return (when, replace(_photos(N("照片")), required=True))
    asked = verb.form.fields
    if verb.code == "start":
        return (_photos(N("维修前照片"), N("可以不拍")),)
    if verb.code == "finish":
        chips = Field(
            name="phrase", kind=Kind.CHOICE, label=N("结果"), choices=result_chips(trade=order.trade)
        )
        own = tuple(
            replace(item, required=False, label=N("补充说明")) if item.name == "result" else item
            for item in finish_form(outdoor=order.outdoor).fields
        )
        own = tuple(sorted(own, key=lambda item: item.name == "checklist"))
        return (_photos(N("维修后照片")), chips, *own)
    if verb.code in WITH_WHY:
        chips = Field(name="why", kind=Kind.CHOICE, label=N("原因"), choices=reason_chips(verb=verb.code))
        return (
            *(item for item in asked if item.name != "reason"),
            chips,
            *(replace(item, required=False, label=N("其他原因")) for item in asked if item.name == "reason"),
        )
    if verb.code == "use":
        # the list is tapped above the line for what is not on it
        return (*(_thing(item) for item in prices), replace(asked[0], required=False, suggest=None))
    return asked


def _thing(item: PriceItem) -> Field:
    price = _("%(yuan)s 元/%(unit)s") % {"yuan": format_fen(fen=item.price_fen), "unit": item.unit}
    return Field(
        name=f"thing_{item.pk}",
        kind=Kind.INTEGER,
        label=item.name,
        hint=price,
        minimum=0,
        maximum=MOST_TAPPED,
    )


def work_form(
    *,
    code: str,
    order: WorkOrder,
    actor: Actor,
    prices: Sequence[PriceItem] = (),
    lists: SiteLists | None = None,
) -> type[SpecForm]:
    """The form class of a verb on a worker's page; `prices` are the things to tap for material."""
    verb = find_verb(code=code)
    title = verb.label if verb is not None else N("添加照片")
    spec = FormSpec(
        name=f"work_{code}", title=title, verb=title,
        fieldsets=(Fieldset(legend="", fields=_fields(verb=verb, order=order, prices=prices)),),
    )  # fmt: skip
    made = build_form(spec=spec, actor=actor, lists=lists)
    return type(made.__name__, (made,), {"__init__": _thumb_ready})


def _thumb_ready(self: SpecForm, *args: Any, **kwargs: Any) -> None:
    """Chips instead of lists, and the camera first."""
    super(type(self), self).__init__(*args, **kwargs)
    for name in ("phrase", "why"):
        if name in self.fields:
            chips = self.fields[name]
            asked = next(item for item in self.spec.fields if item.name == name)
            chips.widget = forms.RadioSelect()
            chips.choices = list(asked.choices)  # type: ignore[attr-defined]
    if "photos" in self.fields:
        self.fields["photos"].widget.attrs |= {"capture": "environment", "accept": "image/*"}
    if "checklist" in self.fields:
        self.fields["checklist"].widget.attrs["stacked"] = "1"
    for name, field in self.fields.items():
        if name.startswith("thing_"):
            field.widget.attrs |= {"inputmode": "numeric", "data-thing": "1"}


def tapped_lines(*, data: dict[str, Any], prices: Sequence[PriceItem]) -> str:
    """What was tapped of the price list and what was typed beside it, one thing a line."""
    things = [f"{item.code} × {count}" for item in prices if (count := data.pop(f"thing_{item.pk}", None))]
    return "\n".join([*things, str(data.get("lines") or "")]).strip()

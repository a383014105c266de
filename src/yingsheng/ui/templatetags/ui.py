"""Tags and filters of the page toolkit.

Icons: `{% icon "phone" %}`. Clocks: `{% chip obligation now %}`, `{{ moment|when }}`,
`{% before due_at now %}`, `{{ span|remaining }}`.
Forms: `{% control field %}`, `{% form_key %}`. Tables: `columns|paired:row.cells`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BoundField, Widget
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yingsheng.base.phones import mask_phone
from yingsheng.ui.clocks import (
    DEFAULT_WARN_PERCENT,
    before_words,
    chip_face,
    moment_words,
    remaining_words,
    span_words,
    weekday_words,
)

register = template.Library()

SELECT_TYPES = frozenset({"select", "selectmultiple", "nullbooleanselect", "lazyselect"})
# Django types these as plain text; the browser's own pickers are better, and they need ISO format.
NATIVE_PICKERS = {
    "date": ("date", "%Y-%m-%d"),
    "datetime": ("datetime-local", "%Y-%m-%dT%H:%M"),
    "time": ("time", "%H:%M"),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless `label` says what it means."""
    address = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="y-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address
        )
    return format_html(
        '<svg class="y-icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address
    )


@register.inclusion_tag("ui/parts/chip.html")
def chip(obligation: Any, now: datetime | None = None, label: str = "", href: str = "") -> dict[str, object]:
    """The deadline chip of an obligation; `href` leads to its rule (default: its own `rule_url`)."""
    face = chip_face(
        state=str(getattr(obligation, "state", "")),
        due_at=getattr(obligation, "due_at", None),
        starts_at=getattr(obligation, "starts_at", None),
        paused_at=getattr(obligation, "paused_at", None),
        ended_at=getattr(obligation, "ended_at", None),
        warn_percent=getattr(obligation, "warn_percent", None) or DEFAULT_WARN_PERCENT,
        now=now or timezone.now(),
    )
    return {
        "face": face,
        "label": label or str(getattr(obligation, "label", "") or ""),
        "href": href or str(getattr(obligation, "rule_url", "") or ""),
        "rule": str(getattr(obligation, "rule", "") or ""),
    }


@register.inclusion_tag("ui/parts/badge.html")
def badge(text: str, tone: str = "plain", sign: str = "") -> dict[str, object]:
    """A word with a tone: plain, met, soon, late, waiting. `sign` names an icon."""
    return {"text": text, "tone": tone or "plain", "sign": sign}


@register.filter
def when(moment: datetime | date | None) -> str:
    """`2026-11-22 14:05 周日`; a date without its clock; nothing for nothing."""
    if moment is None or moment == "":
        return ""
    if isinstance(moment, datetime):
        return moment_words(moment=moment)
    return day(moment)


@register.filter
def plainly(value: object) -> object:
    """A moment as `2026-11-22 14:05`, anything else as it is; for tables and facts that hold all kinds."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value


@register.filter
def masked(number: str) -> str:
    """A phone number as others may see it: 138****8000."""
    return mask_phone(number=number) if number else ""


@register.filter
def day(value: datetime | date | None) -> str:
    """`2026-11-22 周日`."""
    if value is None or value == "":
        return ""
    local = (
        timezone.localtime(value)
        if isinstance(value, datetime)
        else datetime(value.year, value.month, value.day)
    )
    return f"{local:%Y-%m-%d} {weekday_words(moment=local)}"


@register.filter
def remaining(span: timedelta | None) -> str:
    """`余 1 小时 20 分` or `超时 5 分`."""
    return "" if span is None else remaining_words(span=span)


@register.filter
def lasting(span: timedelta | None) -> str:
    """The length of a span: `1 小时 20 分`."""
    return "" if span is None else span_words(span=span)


@register.simple_tag
def before(due_at: datetime | None, now: datetime | None = None) -> str:
    """`明天 09:00 前`."""
    return "" if due_at is None else before_words(due_at=due_at, now=now or timezone.now())


@register.simple_tag
def server_now() -> str:
    """The server's clock in ISO form, from which the browser learns how wrong its own is."""
    return timezone.now().isoformat()


@register.simple_tag
def script_words() -> SafeString:
    """The words the scripts say, as a data block: translated on the server, never executed."""
    words = {
        "left": _("余 {span}"),
        "over": _("超时 {span}"),
        "dayhour": _("{d} 天 {h} 小时"),
        "day": _("{d} 天"),
        "hourminute": _("{h} 小时 {m} 分"),
        "hour": _("{h} 小时"),
        "minute": _("{m} 分"),
        "moment": _("不足 1 分"),
        "open": _("进行中"),
        "soon": _("将到期"),
        "late": _("已超时"),
        "draft": _("有一份 {when} 没办完的草稿。"),
        "restore": _("接着填"),
        "discard": _("丢弃"),
        "chosen": _("已选 {count} 条"),
        "choose": _("先勾选，再选一个办法"),
        "remove": _("移除"),
        "lost": _("没有连上服务器。内容还在本页，请稍后再试。"),
        "broken": _("这一步没有办成（{status}）。内容还在本页，请再试一次。"),
        "target": _("目标"),
    }
    return json_script(words, "y-words")


@register.simple_tag
def form_key() -> str:
    """A fresh submission key: a form sent twice carries the same one and is taken once."""
    return secrets.token_urlsafe(18)


@register.filter
def iso(moment: datetime | None) -> str:
    """A moment for the machine, with offset."""
    return "" if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")


@register.simple_tag
def cell(value: Any, now: datetime | None = None) -> SafeString:
    """One cell of a register: a plain value, or a `Cell` with a link, a tone or the chip of an obligation.

    Written here and not as a template, because a page has hundreds of cells.
    """
    if not getattr(value, "is_cell", False):
        plain = plainly(value)
        return format_html("{}", "" if plain is None else plain)
    note = format_html('<small class="y-quiet">{}</small>', value.note) if value.note else ""
    if value.obligation:
        context = chip(value.obligation, now, value.text, value.url)
        return format_html("{}{}", mark_safe(_chip_template().render(context)), note)  # noqa: S308 - a template's output
    if value.tone:
        return format_html('<span class="y-badge is-{}">{}</span>{}', value.tone, value.text, note)
    if value.url:
        return format_html('<a href="{}">{}</a>{}', value.url, value.text, note)
    return format_html("{}{}", value.text, note)


@lru_cache(maxsize=1)
def _chip_template() -> Any:
    return get_template("ui/parts/chip.html")


@register.filter
def paired(columns: Iterable[object], cells: Iterable[object]) -> list[tuple[object, object]]:
    """Each column with its cell, for tables that turn into cards."""
    return list(zip(columns, cells, strict=False))


@register.filter
def shape(field: BoundField) -> str:
    """Which drawing `field.html` uses: a `data-widget` on the widget wins, else its Django type."""
    return str(field.field.widget.attrs.get("data-widget") or field.widget_type)


@register.filter
def is_drawing(value: object) -> bool:
    """Whether a signature's value is a drawing (a PNG data address) rather than a typed name."""
    return isinstance(value, str) and value.startswith("data:image/png;base64,")


@register.filter
def one_at_least(labels: Iterable[str] | None) -> list[str]:
    """The labels, or one empty label, so that a sheet without copies is drawn once."""
    return list(labels or ()) or [""]


def _described_by(field: BoundField) -> str:
    """The ids of the hint and the error that explain a field, as `field.html` writes them."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_hint")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


def _native(widget: Widget) -> Widget:
    """The widget, or a copy that uses the browser's own date, datetime or time picker."""
    name = type(widget).__name__.lower().removesuffix("input")
    if name not in NATIVE_PICKERS:
        return widget
    picker = copy(widget)
    picker.input_type, picker.format = NATIVE_PICKERS[name]  # type: ignore[attr-defined]
    return picker


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a field with our classes, its hint and error announced, and the error state set."""
    widget = field.field.widget
    kind = field.widget_type
    base = (
        "form-select"
        if kind in SELECT_TYPES
        else "form-check-input"
        if kind == "checkbox"
        else "form-control"
    )
    # None removes what Django would write itself: our ids name the hint and the error in one attribute.
    attrs: dict[str, Any] = {
        "class": f"{base} {widget.attrs.get('class', '')}".strip() + (" is-invalid" if field.errors else ""),
        "aria-describedby": _described_by(field) or None,
    }
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(widget=_native(widget), attrs=attrs)


@register.simple_tag
def qr_image(address: str, label: str = "") -> SafeString:
    """A QR code of `address` as an inline picture; printed sheets lead back to their record with it."""
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=1)
    return format_html('<img class="y-qr" src="{}" alt="{}">', picture, label)

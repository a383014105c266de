"""Tags and filters of the page toolkit.

Icons: `{% icon "phone" %}`. Clocks: `{% chip obligation now %}`, `{{ moment|when }}`,
`{% before due_at now %}`, `{{ span|remaining }}`.
Forms: `{% control field %}`, `{% form_key %}`. Tables: `{% cells columns row.cells now %}`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BoundField, Widget
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yingsheng.base.phones import mask_phone
from yingsheng.kernel.forms.build import WordsField
from yingsheng.ui.clocks import (
    DEFAULT_WARN_PERCENT,
    Tone,
    before_words,
    chip_face,
    moment_words,
    remaining_words,
    span_words,
    weekday_words,
)
from yingsheng.ui.pages.work.desks import all_desks
from yingsheng.ui.parts import Column

register = template.Library()

CHIP_SIGNS = {
    Tone.MET: "check",
    Tone.LATE: "alert-triangle",
    Tone.WAITING: "player-pause",
    Tone.SOON: "hourglass",
    Tone.PLAIN: "clock",
}

SELECT_TYPES = frozenset({"select", "selectmultiple", "nullbooleanselect", "lazyselect"})
# Django types these as plain text; the browser's own pickers are better, and they need ISO format.
NATIVE_PICKERS = {
    "date": ("date", "%Y-%m-%d"),
    "datetime": ("datetime-local", "%Y-%m-%dT%H:%M"),
    "time": ("time", "%H:%M"),
}


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless `label` says what it means."""
    if label:
        return format_html(
            '<svg class="y-icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            _sprite(),
            name,
        )
    return format_html(
        '<svg class="y-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        _sprite(),
        name,
    )


@lru_cache(maxsize=1)
def _sprite() -> str:
    """The address of the sprite; it cannot change while the program runs, and a page asks a hundred times."""
    return static("ui/icons.svg")


@register.simple_tag
def chip(obligation: Any, now: datetime | None = None, label: str = "", href: str = "") -> SafeString:
    """The deadline chip of an obligation: sign, word and remaining time; clock.js keeps ticking ones right.

    `href` leads to its rule (default: its own `rule_url`). Written here and not as a template, because a
    worklist has one in every line.
    """
    face = chip_face(
        state=str(getattr(obligation, "state", "")),
        due_at=getattr(obligation, "due_at", None),
        starts_at=getattr(obligation, "starts_at", None),
        paused_at=getattr(obligation, "paused_at", None),
        ended_at=getattr(obligation, "ended_at", None),
        warn_percent=getattr(obligation, "warn_percent", None) or DEFAULT_WARN_PERCENT,
        now=now or timezone.now(),
    )
    label = label or str(getattr(obligation, "label", "") or "")
    href = href or str(getattr(obligation, "rule_url", "") or "")
    rule = str(getattr(obligation, "rule", "") or "")
    opening = f'a href="{escape(href)}"' if href else "span"
    title = f' title="{when(face.due_at)}{f" · {escape(rule)}" if rule else ""}"' if face.due_at else ""
    ticking = f' data-due="{iso(face.due_at)}" data-soon="{iso(face.soon_at)}"' if face.ticking else ""
    named = f'<span class="y-chip-label">{escape(label)}</span>' if label else ""
    rest = f'<span class="y-chip-rest y-num">{face.rest}</span>' if face.rest else ""
    return mark_safe(  # noqa: S308 - every value that comes from people is escaped above
        f'<{opening} class="y-chip is-{face.tone}"{title}{ticking}>{icon(CHIP_SIGNS[face.tone])}{named}'
        f'<span class="y-chip-word">{face.word}</span>{rest}</{"a" if href else "span"}>'
    )


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
def work_words() -> SafeString:
    """The words of a worker's scripts, as `script_words`; the kept frame has them too."""
    words = {
        "offline": _("离线"),
        "pending": _("{count} 条待发"),
        "trouble": _("{count} 条要您处理"),
        "login": _("请重新登录后发送"),
        "resolve": _("有一步没有办成，去处理"),
        "kept": _("已存在手机里，有信号就自动发送。"),
        "kept_login": _("已存在手机里，请重新登录后发送。"),
        "needs": _("这一步要有信号才能办。"),
        "missing": _("还差一项没有填。"),
        "unsent": _("还有 {count} 条没有发送。请先发送；再点一次退出，记录会留在手机里等您下次登录。"),
        "photo": _("拍照或选照片"),
        "camera": _("打不开摄像头，请输入派工单号。"),
        "yours": _("您填的"),
        "now": _("现在"),
        "again": _("按最新情况再办一次"),
        "keep": _("留作记录"),
        "note": _("留作记录"),
        "waiting_list": _("待发记录"),
        "waiting": _("等信号，会自动发送"),
        "more": _("多一个"),
        "less": _("少一个"),
        "state_waiting": _("待签收"),
        "state_accepted": _("已签收"),
        "state_working": _("施工中"),
        "state_paused": _("已暂停"),
        "state_done": _("已完成"),
        "kept_here": _("已记在手机里，等信号"),
    }
    return json_script(words, "w-words")


@register.simple_tag
def work_desks(actor: Any = None) -> list[Any]:
    """The tabs of other work than orders on a phone; all of them in the kept frame, which belongs to nobody."""
    return [one for one in all_desks() if one.is_open_to(actor=actor or None)]


@register.simple_tag
def pairs(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """One name and value for the `hidden` of a form."""
    return ((name, value),)


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
    """One cell of a register: a plain value, or a `Cell` with a link, a tone or the chip of an obligation."""
    if not getattr(value, "is_cell", False):
        plain = plainly(value)
        return escape("" if plain is None else plain)
    note = f'<small class="y-quiet">{conditional_escape(value.note)}</small>' if value.note else ""
    text = conditional_escape(value.text)
    if value.obligation:
        drawn: str = chip(value.obligation, now, value.text, value.url)
    elif value.tone:
        drawn = f'<span class="y-badge is-{escape(value.tone)}">{text}</span>'
    elif value.url:
        drawn = f'<a href="{escape(value.url)}">{text}</a>'
    else:
        drawn = text
    return mark_safe(drawn + note)  # noqa: S308 - every part is escaped above


@register.simple_tag
def cells(columns: Sequence[Column], values: Iterable[object], now: datetime | None = None) -> SafeString:
    """The cells of a line, each with the name of its column for the cards of a phone.

    Written here and not as a template, because a page has hundreds of cells.
    """
    drawn = (
        f"{_opening(column.kind, str(column.label), value is None or value == '')}{cell(value, now)}</td>"
        for column, value in zip(columns, values, strict=False)
    )
    return mark_safe("".join(drawn))  # noqa: S308 - made of escaped parts


@lru_cache(maxsize=2000)
def _opening(kind: str, label: str, blank: bool) -> str:
    """The opening tag of a column's cells; the same for every line of a register."""
    return f'<td class="is-{kind}{" is-blank" if blank else ""}" data-label="{escape(label)}">'


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


@register.filter
def any_refused(fields: Iterable[BoundField]) -> bool:
    """Whether a question of this group was refused, so that the group has to stand open."""
    return any(field.errors for field in fields)


def _asking(*, field: BoundField, asks: str, asks_with: tuple[str, ...]) -> dict[str, str]:
    """Ask a page what it makes of the words while they are typed; the answer stands in the line below the input."""
    return {
        "hx-get": reverse(asks),
        "hx-trigger": "input changed delay:400ms",
        "hx-target": f"#{field.auto_id}_said",
        "hx-include": ",".join(f"[name={name}]" for name in asks_with) or "this",
        "hx-params": ",".join((field.html_name, *asks_with)),
    }


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
    # Given even if empty, or Django writes its own: our ids name the hint and the error in one attribute.
    attrs: dict[str, Any] = {
        "class": f"{base} {widget.attrs.get('class', '')}".strip() + (" is-invalid" if field.errors else ""),
        # False leaves it out: nothing describes this field
        "aria-describedby": _described_by(field) or False,
    }
    if field.errors:
        attrs["aria-invalid"] = "true"
    if isinstance(field.field, WordsField) and field.field.asks:
        attrs |= _asking(field=field, asks=field.field.asks, asks_with=field.field.asks_with)
    if kind == "text" and getattr(field.field, "suggestions", None) is not None:
        attrs["list"] = f"{field.auto_id}_list"
    return field.as_widget(widget=_native(widget), attrs=attrs)


@register.simple_tag
def qr_image(address: str, label: str = "") -> SafeString:
    """A QR code of `address` as an inline picture; printed sheets lead back to their record with it."""
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=1)
    return format_html('<img class="y-qr" src="{}" alt="{}">', picture, label)

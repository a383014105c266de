"""How a promise looks to a person: tone, word and remaining time of its chip. Pure: values in, words out.

The same words are spoken by `static/ui/clock.js`, which keeps them right while a page is open: change both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

DEFAULT_WARN_PERCENT = 75
WEEKDAYS = (
    gettext_noop("周一"), gettext_noop("周二"), gettext_noop("周三"), gettext_noop("周四"), gettext_noop("周五"),
    gettext_noop("周六"), gettext_noop("周日"),
)  # fmt: skip


class Tone(StrEnum):
    """What a colour may mean here; each is always shown with a word."""

    PLAIN = "plain"
    MET = "met"
    SOON = "soon"
    LATE = "late"
    WAITING = "waiting"


@dataclass(frozen=True, kw_only=True)
class ChipFace:
    """All a chip shows. `ticking` chips carry `due_at` and `soon_at` for the clock in the browser."""

    tone: Tone
    word: str
    rest: str
    due_at: datetime | None
    soon_at: datetime | None
    ticking: bool


def chip_face(
    *,
    state: str,
    due_at: datetime | None,
    now: datetime,
    starts_at: datetime | None = None,
    paused_at: datetime | None = None,
    ended_at: datetime | None = None,
    warn_percent: int = DEFAULT_WARN_PERCENT,
) -> ChipFace:
    """The face of a promise at `now`; due exactly now is not late.

    `state` is the obligation's state (armed, met, late, waived, void; anything else counts as armed).
    `warn_percent` is the share of the time after which a running promise turns amber; without `starts_at`
    it turns amber an hour before.
    """
    if state == "waived":
        return _still(tone=Tone.WAITING, word=_("已免除"), due_at=due_at)
    if state == "void":
        return _still(tone=Tone.WAITING, word=_("已取消"), due_at=due_at)
    if state == "met":
        return _still(tone=Tone.MET, word=_("按时完成"), due_at=due_at)
    if state == "late":
        over = ended_at - due_at if ended_at is not None and due_at is not None else None
        return _still(tone=Tone.LATE, word=_("逾期完成"), due_at=due_at, over=over)
    if paused_at is not None:
        return _still(tone=Tone.WAITING, word=_("暂停计时"), due_at=due_at)
    if due_at is None:
        return _still(tone=Tone.WAITING, word=_("未定时限"), due_at=None)
    return _open_face(due_at=due_at, now=now, soon_at=_soon_at(starts_at, due_at, warn_percent))


def _open_face(*, due_at: datetime, now: datetime, soon_at: datetime) -> ChipFace:
    rest = due_at - now
    if rest < timedelta(0):
        tone, word = Tone.LATE, _("已超时")
    elif now >= soon_at:
        tone, word = Tone.SOON, _("将到期")
    else:
        tone, word = Tone.PLAIN, _("进行中")
    return ChipFace(
        tone=tone, word=word, rest=remaining_words(span=rest), due_at=due_at, soon_at=soon_at, ticking=True
    )


def _still(*, tone: Tone, word: str, due_at: datetime | None, over: timedelta | None = None) -> ChipFace:
    rest = span_words(span=over) if over is not None else ""
    return ChipFace(tone=tone, word=word, rest=rest, due_at=due_at, soon_at=None, ticking=False)


def _soon_at(starts_at: datetime | None, due_at: datetime, warn_percent: int) -> datetime:
    if starts_at is None or starts_at >= due_at:
        return due_at - timedelta(hours=1)
    return starts_at + (due_at - starts_at) * warn_percent / 100


def span_words(*, span: timedelta) -> str:
    """The length of `span` (sign ignored) in its two largest units, rounded down to the minute."""
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days and hours:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if days:
        return _("%(days)s 天") % {"days": days}
    if hours and minutes:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}
    if hours:
        return _("%(hours)s 小时") % {"hours": hours}
    if minutes:
        return _("%(minutes)s 分") % {"minutes": minutes}
    return _("不足 1 分")


def remaining_words(*, span: timedelta) -> str:
    """`余 1 小时 20 分` for time left, `超时 5 分` for time gone over; zero is time left."""
    length = span_words(span=span)
    if span < timedelta(0):
        return _("超时 %(span)s") % {"span": length}
    return _("余 %(span)s") % {"span": length}


def weekday_words(*, moment: datetime) -> str:
    """The short name of the weekday of `moment` as it stands (convert to local time first)."""
    return _(WEEKDAYS[moment.weekday()])


def moment_words(*, moment: datetime) -> str:
    """`2026-11-22 14:05 周日` in the current time zone."""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M} {weekday_words(moment=local)}"


def before_words(*, due_at: datetime, now: datetime) -> str:
    """The due time as people say it: `今天 17:30 前`, `明天 09:00 前`, else with date and weekday.

    The last second of a day is spoken as 24:00, because "before 23:59" reads as a minute too early.
    """
    local, here = timezone.localtime(due_at), timezone.localtime(now)
    clock = "24:00" if (local.hour, local.minute, local.second) == (23, 59, 59) else f"{local:%H:%M}"
    distance = (local.date() - here.date()).days
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天"), 2: _("后天")}.get(distance)
    if near is None:
        day = f"{local:%m-%d}" if local.year == here.year else f"{local:%Y-%m-%d}"
        near = f"{day} {weekday_words(moment=local)}"
    return _("%(day)s %(clock)s 前") % {"day": near, "clock": clock}

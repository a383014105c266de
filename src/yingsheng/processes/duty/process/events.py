"""The kinds of events of the duty log."""

from __future__ import annotations

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.kinds import EventKind

# what stands on a page of the log beside what comes in from elsewhere (D-14)
_LOGGED = (
    ("noted", N("记录%(kind)s：%(content)s"), "pencil", "plain"),
    ("begun", N("%(who)s接班，岗上原来无人"), "user-check", "met"),
    ("handed_over", N("%(outgoing)s交班，%(incoming)s接%(shift)s，未完%(carried)s件"), "switch", "met"),
    ("ended", N("%(outgoing)s下班收岗，未完%(carried)s件"), "logout", "plain"),
    ("handover_refused", N("%(who)s没有接班：%(reason)s"), "x", "late"),
    ("open_accepted", N("主管同意%(count)s件带到下一班：%(items)s。%(reason)s"), "check", "soon"),
    ("stepped_out", N("临时离岗：%(reason)s %(cover)s"), "logout", "soon"),
    ("stepped_back", N("回到岗上，离开%(minutes)s分钟"), "user-check", "met"),
    ("form_opened", N("已开%(process)s单%(number)s：%(content)s"), "file-text", "met"),
    ("settled", N("已办完：%(note)s"), "check", "met"),
)
_BESIDE = (
    ("prepared", N("交班准备完成，未完%(open)s件"), "clipboard-list", "plain"),
    ("day_scheduled", N("排出%(day)s的%(shifts)s个班次"), "calendar", "plain"),
    ("log_checked", N("主管检查并签署值班记录%(pages)s页。%(remark)s"), "signature", "met"),
    ("spot_checked", N("抽查值班：%(found)s %(demanded)s"), "search", "plain"),
    ("mended", N("已整改：%(mended)s"), "check", "met"),
    ("page_printed", N("打印值班记录"), "printer", "plain"),
)
EVENTS = tuple(
    EventKind(code=f"duty.{code}", text=text, icon=icon, tone=tone, logged=logged)
    for rows, logged in ((_LOGGED, True), (_BESIDE, False))
    for code, text, icon, tone in rows
)

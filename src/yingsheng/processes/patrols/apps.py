"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class PatrolsConfig(AppConfig):
    """Declares patrols, household visits and the daily inspection."""

    name = "yingsheng.processes.patrols"
    label = "patrols"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.patrols.process import PROCESS

        processes.add(PROCESS)
        declare(*_kinds())


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("route_made", N("新增巡视路线：%(name)s，重点%(focus)s"), "route", "plain"),
        ("route_changed", N("路线改为：%(name)s，重点%(focus)s"), "edit", "plain"),
        ("point_added", N("增加第%(number)s个点：%(name)s"), "plus", "plain"),
        ("point_dropped", N("去掉第%(number)s个点%(name)s：%(reason)s"), "x", "waiting"),
        ("route_retired", N("停用路线：%(reason)s"), "x", "waiting"),
        ("started", N("开始巡视%(route)s，重点%(focus)s"), "map-pin", "plain"),
        ("ticked", N("看过第%(number)s个点：%(point)s，正常"), "check", "met"),
        ("found", N("%(point)s发现：%(text)s"), "flag", "soon"),
        ("ended", N("结束巡视，看了%(points)s个点，漏%(left)s个。%(remark)s"), "circle-check", "met"),
        ("handled", N("处理：%(action)s"), "check", "met"),
        ("passed_on", N("已转成%(number)s"), "arrow-right", "met"),
        ("note_kept", N("手机上记的没能办成，留作记录：%(text)s"), "message", "waiting"),
        ("report_opened", N("开始写%(day)s的日报表"), "file-text", "plain"),
        ("report_handed_up", N("上交%(day)s的日报表，未完：%(open_items)s"), "send", "met"),
        ("report_returned", N("批回：%(remark)s"), "arrow-back-up", "met"),
        ("visits_arranged", N("安排%(who)s在%(day)s走访%(count)s户：%(rooms)s"), "calendar", "plain"),
        ("visit_met", N("走访%(room)s，见到%(person)s。%(opinions)s"), "home", "met"),
        ("visit_absent", N("走访%(room)s，家中无人"), "home", "waiting"),
        ("visit_refused", N("走访%(room)s，不愿接受"), "home", "waiting"),
        ("visit_dropped", N("从走访名单拿掉：%(reason)s"), "x", "waiting"),
        ("visit_passed_on", N("意见已转成%(number)s"), "arrow-right", "met"),
        ("inspected", N("检查%(who)s：%(checked)s项，不合格%(count)s项"), "user-check", "plain"),
        ("entry_written", N("写工作日记：%(text)s"), "notebook", "plain"),
        ("printed", N("打印，第%(count)s次"), "printer", "plain"),
    )
    return [
        EventKind(code=f"patrols.{code}", text=text, icon=icon, tone=tone) for code, text, icon, tone in rows
    ]

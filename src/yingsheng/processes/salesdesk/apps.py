"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class SalesDeskConfig(AppConfig):
    """Declares the sales desk and its events."""

    name = "yingsheng.processes.salesdesk"
    label = "salesdesk"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.salesdesk.process import PROCESS

        processes.add(PROCESS)
        declare(*_kinds())


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        # the rotation
        ("project_opened", N("开设项目轮排：%(name)s"), "home", "plain"),
        ("project_closed", N("项目停售：%(reason)s"), "x", "waiting"),
        ("queue_moved", N("轮排变化：%(name)s %(move)s %(reason)s"), "refresh", "plain"),
        ("received", N("%(agent)s接待（%(how)s，%(article)s）"), "user", "plain"),
        # the books
        ("registered", N("登入客户登记本%(entry)s"), "pencil", "met"),
        ("left", N("客户未留资料：%(reason)s"), "x", "waiting"),
        ("called", N("来电登记，归%(agent)s"), "phone", "plain"),
        ("referred", N("登记未到访的亲友，归%(agent)s"), "users", "plain"),
        ("corrected", N("补记更正%(field)s：%(reason)s"), "edit", "soon"),
        ("found", N("发现与%(entry)s冲突（%(noticed)s）"), "alert-triangle", "soon"),
        ("sighted", N("查登记，看到%(count)s条：%(entries)s"), "search", "plain"),
        ("told", N("补记接待情况：%(what)s"), "edit", "plain"),
        ("consented", N("%(agent)s同意由接待者继续"), "circle-check", "met"),
        ("opened", N("查看未遮盖的客户资料：%(reason)s"), "eye", "plain"),
        ("imported", N("导入客户登记%(count)s条，冲突%(conflicts)s条"), "upload", "plain"),
        # whose customer
        ("ruled", N("销售经理裁定归%(owner)s：%(reason)s"), "gavel", "met"),
        # what comes of it
        ("rate_set", N("设定佣金标准%(rate)s，%(valid_from)s起"), "coin", "plain"),
        ("deal_opened", N("洽谈%(unit)s"), "plus", "plain"),
        ("deposited", N("收定金%(amount)s元，收据%(receipt)s"), "coin", "plain"),
        ("signed", N("买方%(purchaser)s签认购书"), "pencil", "met"),
        ("deal_closed", N("成交%(unit)s，佣金（元）：%(commission)s"), "circle-check", "met"),
        ("deal_cancelled", N("取消：%(reason)s"), "x", "late"),
        ("transferred", N("买方私下转给%(name)s，成交客户不变"), "arrow-right", "waiting"),
        ("formalities_done", N("%(agent)s办完手续"), "checklist", "met"),
        ("bonus_shared", N("分配团购奖金%(amount)s元"), "coin", "plain"),
        ("applied", N("向销售经理申请%(application)s"), "send", "soon"),
        ("answered", N("答复申请（%(state)s）：%(answer)s"), "message", "plain"),
        ("exported", N("导出%(rows)s条：%(reason)s"), "download", "plain"),
        ("printed", N("打印%(sheet)s"), "printer", "plain"),
    )
    return [
        EventKind(code=f"salesdesk.{code}", text=text, icon=icon, tone=tone)
        for code, text, icon, tone in rows
    ]

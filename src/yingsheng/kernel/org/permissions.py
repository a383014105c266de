"""The named actions of the kernel; processes add their own in `process.py`."""

from __future__ import annotations

from enum import StrEnum

from yingsheng.base.process import Permission
from yingsheng.base.words import gettext_noop


class Allow(StrEnum):
    """Codes of the kernel's permissions."""

    MANAGE_ORG = "org.manage"
    SEE_ESTATE = "estate.see"
    EDIT_ESTATE = "estate.edit"
    REVEAL_PERSONAL = "estate.reveal"
    IMPORT = "estate.import"
    EXPORT = "estate.export"
    HAND_OVER = "notify.hand_over"
    SEE_RULES = "policies.see"
    ADOPT_RULES = "policies.adopt"
    EDIT_CALENDAR = "worktime.edit"
    WAIVE = "timers.waive"
    AUDIT = "events.audit"
    SEE_SITE_CASES = "cases.see_site"
    SEE_SEALED_CASES = "cases.see_sealed"
    EDIT_PRICES = "charges.prices"
    SEE_ORDERS = "orders.see"
    DISPATCH_ORDERS = "orders.dispatch"
    WORK_ORDERS = "orders.work"
    KEEP_CREW = "orders.crew"


PERMISSIONS = (
    Permission(code=Allow.MANAGE_ORG, label=gettext_noop("管理人员、岗位与设置")),
    Permission(code=Allow.SEE_ESTATE, label=gettext_noop("查看住户档案")),
    Permission(code=Allow.EDIT_ESTATE, label=gettext_noop("修改住户档案")),
    Permission(code=Allow.REVEAL_PERSONAL, label=gettext_noop("说明理由后查看完整个人信息")),
    Permission(code=Allow.IMPORT, label=gettext_noop("导入房屋、住户与历史事项")),
    Permission(code=Allow.EXPORT, label=gettext_noop("说明理由后导出")),
    Permission(code=Allow.HAND_OVER, label=gettext_noop("打印、交付给住户的告知单")),
    Permission(code=Allow.SEE_RULES, label=gettext_noop("查看规程")),
    Permission(code=Allow.ADOPT_RULES, label=gettext_noop("采用规程方案、调整参数")),
    Permission(code=Allow.EDIT_CALENDAR, label=gettext_noop("维护工作日历")),
    Permission(code=Allow.WAIVE, label=gettext_noop("说明理由后免除承诺")),
    Permission(code=Allow.AUDIT, label=gettext_noop("核验事件记录")),
    Permission(code=Allow.SEE_SITE_CASES, label=gettext_noop("查看本项目全部事项")),
    Permission(code=Allow.SEE_SEALED_CASES, label=gettext_noop("查看涉密事项")),
    Permission(code=Allow.EDIT_PRICES, label=gettext_noop("维护价目表")),
    Permission(code=Allow.SEE_ORDERS, label=gettext_noop("查看派工单")),
    Permission(code=Allow.DISPATCH_ORDERS, label=gettext_noop("派工、收回与作废派工单")),
    Permission(code=Allow.WORK_ORDERS, label=gettext_noop("接单、施工、完工")),
    Permission(code=Allow.KEEP_CREW, label=gettext_noop("登记工种与班次")),
)

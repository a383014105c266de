"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class EnquiriesConfig(AppConfig):
    """Declares the contact register and its events."""

    name = "yingsheng.processes.enquiries"
    label = "enquiries"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import EventKind, declare
        from yingsheng.processes.enquiries.process import ENQUIRIES

        processes.add(ENQUIRIES)
        declare(
            EventKind(
                code="enquiries.answered_at_once",
                text=N("当场答复：%(reason)s"),
                icon="check",
                tone="met",
                logged=True,
            ),
            EventKind(code="enquiries.promised", text=N("登记：%(title)s"), icon="help", logged=True),
            EventKind(
                code="enquiries.contact_noted", text=N("来电来访：%(reason)s"), icon="phone", logged=True
            ),
            EventKind(
                code="enquiries.answered",
                text=N("已答复：%(answer)s"),
                icon="message",
                tone="met",
                logged=True,
            ),
            EventKind(code="enquiries.call_registered", text=N("登记为：%(reason)s"), icon="notebook"),
            EventKind(code="enquiries.assigned", text=N("派给%(department)s"), icon="send", logged=True),
            EventKind(code="enquiries.contacted", text=N("责任部门已联系%(person)s：%(task)s"), icon="phone"),
            EventKind(code="enquiries.officer_named", text=N("指定接待管理员%(who)s"), icon="user-check"),
            EventKind(
                code="enquiries.day_reported", text=N("%(period)s前台日报已上报"), icon="send", tone="met"
            ),
            EventKind(
                code="enquiries.register_printed",
                text=N("打印来电来访登记表 %(first)s – %(last)s，%(rows)s条"),
                icon="printer",
            ),
            EventKind(
                code="enquiries.improvement_checked",
                text=N("检查改进：%(finding)s"),
                icon="list-check",
                tone="met",
            ),
            EventKind(
                code="enquiries.help_sent",
                text=N("派%(who)s去帮。%(note)s"),
                icon="send",
                tone="soon",
                logged=True,
            ),
            EventKind(code="enquiries.helped", text=N("告知帮忙结果：%(answer)s"), icon="check", tone="met"),
            EventKind(code="enquiries.praise_told", text=N("转告%(who)s和上级"), icon="star", tone="met"),
            EventKind(code="enquiries.thanked", text=N("回谢住户：%(answer)s"), icon="message", tone="met"),
            EventKind(
                code="enquiries.tidiness_checked",
                text=N("整洁检查%(asked)s项，没做到%(wanting)s项"),
                icon="checklist",
            ),
            EventKind(code="enquiries.decided", text=N("建议已有决定：%(answer)s"), icon="gavel", tone="met"),
        )

"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.kinds import EventKind


class ComplaintsConfig(AppConfig):
    """Declares the complaints process, its events and its reactions."""

    name = "yingsheng.processes.complaints"
    label = "complaints"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.complaints.process import COMPLAINTS
        from yingsheng.processes.complaints.reactions import REACTIONS

        processes.add(COMPLAINTS)
        declare(*_kinds())
        react(*REACTIONS)


# what belongs in the duty log of the shift (D-14, D-24)
LOGGED = frozenset(
    [
        "registered",
        "solved_on_spot",
        "harm_stopped",
        "dispatched",
        "contacted",
        "supervisor_called",
        "handed_up",
        "taken_over",
    ]
)


def _kinds() -> list[EventKind]:
    rows = (
        ("registered", N("登记投诉：%(title)s"), "message-report", "plain"),
        ("solved_on_spot", N("现场解决：%(result)s"), "check", "met"),
        ("harm_stopped", N("已止损：%(measure)s"), "check", "met"),
        ("supplemented", N("补记：%(happened_at)s %(place)s %(respondent)s %(demand)s"), "pencil", "plain"),
        ("classified", N("定为%(validity)s、%(severity)s"), "tags", "plain"),
        ("converted", N("属于诉求，转为其它事项"), "switch", "plain"),
        ("upgraded", N("满一个月未解决，升级为重大"), "arrow-up", "late"),
        ("goal_passed", N("最好答复的时间已过，只是目标，不算逾期"), "clock", "soon"),
        ("dispatched", N("派发%(department)s %(handler)s"), "send", "plain"),
        ("accepted", N("签收，处理人%(handler)s"), "user-check", "plain"),
        ("contacted", N("已联系%(person)s"), "phone", "plain"),
        ("verified", N("核实：%(finding)s"), "search", "plain"),
        ("planned", N("方案：%(plan)s"), "list-check", "plain"),
        ("progressed", N("进展：%(text)s"), "point", "plain"),
        ("supervisor_called", N("请主管到场：%(why)s"), "bell", "soon"),
        ("handed_up", N("上报%(to)s：%(reason)s"), "arrow-up", "soon"),
        ("decided", N("批示：%(decision)s"), "gavel", "plain"),
        ("forwarded", N("转%(body)s"), "external-link", "plain"),
        ("extended", N("延期至%(due)s：%(reason)s"), "clock", "soon"),
        ("paused", N("暂停计时：%(reason)s"), "clock", "waiting"),
        ("resumed", N("恢复计时"), "clock", "plain"),
        ("handled", N("处理完毕：%(result)s"), "check", "met"),
        ("group_handled", N("集体投诉%(parent)s已处理"), "check", "met"),
        ("refused", N("婉拒：%(reason)s；另建议：%(alternative)s"), "ban", "plain"),
        ("replied", N("已答复：%(said)s"), "message", "met"),
        ("replied_in_part", N("已答复（还差规定的方式）:%(said)s"), "message", "soon"),
        ("satisfied", N("住户满意。%(opinion)s"), "mood-smile", "met"),
        ("unsatisfied", N("住户不满意：%(opinion)s"), "mood-sad", "late"),
        ("succeeded", N("住户不满意，转为新投诉：%(opinion)s"), "mood-sad", "late"),
        ("reported_to_company", N("回报公司：%(text)s"), "building", "plain"),
        ("reopened", N("回访不满意，继续整改"), "refresh", "late"),
        ("merged", N("合并为集体投诉（%(households)s户）"), "users", "late"),
        ("joined_group", N("并入集体投诉%(parent)s"), "users", "plain"),
        ("split", N("拆开集体投诉：%(reason)s"), "users", "plain"),
        ("closed", N("归档。%(summary)s"), "archive", "met"),
        ("record_confirmed", N("%(signed_by)s签认了记录"), "check", "met"),
        ("taken_over", N("白班接件，通知%(department)s"), "clock", "plain"),
        ("asked", N("问%(department)s：%(question)s"), "message", "plain"),
        ("asked_answered", N("%(department)s答复：%(answer)s"), "message", "met"),
        ("other_contacted", N("联系%(room)s：%(said)s"), "phone", "plain"),
        ("unanswered_signed", N("%(period)s未答复的投诉已核对（%(count)s件）"), "list-check", "met"),
        ("month_filed", N("%(period)s投诉报送第%(version)s版（%(accepted)s件）%(reason)s"), "send", "met"),
        ("improvement_started", N("改进措施：%(measure)s"), "refresh", "plain"),
        ("improvement_evaluated", N("措施有效：%(evaluation)s"), "check", "met"),
        ("improvement_found_ineffective", N("措施无效：%(evaluation)s"), "x", "late"),
        ("improvement_adjusted", N("措施调整为：%(measure)s"), "refresh", "soon"),
        ("exported", N("导出%(rows)s行：%(reason)s"), "download", "plain"),
        ("month_printed", N("打印投诉月报，第%(count)s次"), "printer", "plain"),
        ("spot_checked", N("抽查：%(finding)s"), "eye", "plain"),
    )
    return [
        EventKind(code=f"complaints.{code}", text=text, icon=icon, tone=tone, logged=code in LOGGED)
        for code, text, icon, tone in rows
    ]

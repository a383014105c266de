"""The kinds of events of an emergency, and how each reads in its story."""

from __future__ import annotations

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.kinds import EventKind

AFTERWARDS = frozenset(
    {"emergencies.signed", "emergencies.closed", "emergencies.drilled", "emergencies.exported"}
)
EVENTS = (
    EventKind(
        code="emergencies.registered",
        text=N("登记并报警：%(category)s，%(place)s"),
        icon="urgent",
        tone="late",
    ),
    EventKind(
        code="emergencies.acknowledged",
        text=N("%(who)s接警，预计%(minutes)s分钟到场"),
        icon="user-check",
        tone="soon",
    ),
    EventKind(code="emergencies.arrived", text=N("到场：%(found)s"), icon="map-pin", tone="soon"),
    EventKind(code="emergencies.reassured", text=N("告知%(count)s户：%(said)s"), icon="message", tone="met"),
    EventKind(code="emergencies.caller_added", text=N("又一户来电：%(room)s %(caller)s"), icon="phone-call"),
    EventKind(
        code="emergencies.ticked",
        text=N("处置清单第%(number)s步已做 %(note)s"),
        icon="check",
        tone="met",
    ),
    EventKind(
        code="emergencies.outside_called",
        text=N("请外部支援：%(body)s %(answered)s，%(called)s"),
        icon="phone-outgoing",
    ),
    EventKind(code="emergencies.power_used", text=N("协调调动：%(power)s，%(what)s"), icon="flag"),
    EventKind(
        code="emergencies.harm_stopped",
        text=N("损害已止住：%(measure)s"),
        icon="shield-check",
        tone="met",
    ),
    EventKind(
        code="emergencies.resolved",
        text=N("处置完毕：%(measures)s，原因：%(cause)s"),
        icon="circle-check",
        tone="met",
    ),
    EventKind(code="emergencies.called_back", text=N("已给%(room)s回电：%(said)s"), icon="phone-check"),
    EventKind(code="emergencies.reported", text=N("写好特别事件报告"), icon="file-text", tone="met"),
    EventKind(code="emergencies.signed", text=N("签批特别事件报告：%(opinion)s"), icon="signature"),
    EventKind(code="emergencies.closed", text=N("归档：%(summary)s"), icon="archive", tone="met"),
    EventKind(code="emergencies.false_alarm", text=N("查明是误报：%(reason)s"), icon="ban"),
    EventKind(code="emergencies.repair_opened", text=N("开报修单%(order)s"), icon="tool"),
    EventKind(
        code="emergencies.drilled",
        text=N("演练%(category)s，%(day)s，%(participants)s"),
        icon="checklist",
    ),
    EventKind(
        code="emergencies.exported",
        text=N("导出%(month)s的突发事件%(count)s件，理由：%(reason)s"),
        icon="download",
    ),
)

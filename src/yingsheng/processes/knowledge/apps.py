"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class KnowledgeConfig(AppConfig):
    """Declares the library, its events and reactions."""

    name = "yingsheng.processes.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.knowledge.process import KNOWLEDGE
        from yingsheng.processes.knowledge.reactions import REACTIONS

        processes.add(KNOWLEDGE)
        declare(*_kinds())
        react(*REACTIONS)


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("stocked", N("随系统带来：%(title)s"), "book", "plain"),
        ("written", N("写知识条目：%(title)s"), "book", "plain"),
        ("rewritten", N("改写知识条目：%(title)s"), "edit", "plain"),
        ("approved", N("批准使用：%(title)s"), "check", "met"),
        ("reviewed", N("复审，内容仍然对。%(note)s"), "refresh", "met"),
        ("retired", N("停用：%(reason)s"), "x", "waiting"),
        ("used", N("用来答复：%(title)s"), "message", "plain"),
        ("helped", N("用上了，有帮助"), "check", "met"),
        ("not_helped", N("没有帮上：%(words)s"), "x", "late"),
        ("gap_noted", N("找过没有：%(words)s"), "help", "soon"),
        ("gap_dismissed", N("不用写：%(reason)s"), "x", "waiting"),
        ("question_left", N("没有现成答案：%(title)s（%(number)s）"), "help", "soon"),
        ("printed", N("打印服务手册：%(chapter)s，%(rows)s条"), "printer", "plain"),
        ("exported", N("导出知识库%(rows)s条：%(reason)s"), "download", "plain"),
    )
    return [
        EventKind(code=f"knowledge.{code}", text=text, icon=icon, tone=tone)
        for code, text, icon, tone in rows
    ]

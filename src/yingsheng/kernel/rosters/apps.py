"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class RostersConfig(AppConfig):
    """The shape behind duty rosters; declares its events."""

    name = "yingsheng.kernel.rosters"
    label = "rosters"

    def ready(self) -> None:
        """Declare the events."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        rows = (
            ("hours_adopted", N("按规程设置值班岗位%(posts)s个"), "clock", "plain"),
            ("post_added", N("新增值班岗位：%(post)s"), "plus", "plain"),
            ("post_changed", N("修改值班岗位：%(post)s"), "edit", "plain"),
            ("shift_added", N("新增班次：%(shift)s，%(hours)s，至少%(needs)s人"), "plus", "plain"),
            ("shift_changed", N("修改班次：%(shift)s，%(hours)s，至少%(needs)s人"), "edit", "plain"),
            ("assigned", N("%(day)s%(post)s“%(shift)s”排给%(who)s"), "user-plus", "plain"),
            ("taken_back", N("%(day)s%(post)s“%(shift)s”不再由%(who)s上。%(reason)s"), "x", "waiting"),
            ("fixed", N("固定：%(day)s“%(shift)s”%(who)s"), "lock", "plain"),
            ("loosened", N("不再固定：%(day)s“%(shift)s”%(who)s"), "key-off", "plain"),
            (
                "filled",
                N("%(month)s排入%(added)s个班，撤下%(taken)s个（%(roster_source)s）"),
                "calendar",
                "plain",
            ),
            ("published", N("发布%(month)s值班安排表，%(people)s人%(turns)s个班"), "check", "met"),
        )
        declare(
            *(
                EventKind(code=f"rosters.{code}", text=text, icon=icon, tone=tone)
                for code, text, icon, tone in rows
            )
        )

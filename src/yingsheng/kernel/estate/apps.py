"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class EstateConfig(AppConfig):
    """Declares the estate's events."""

    name = "yingsheng.kernel.estate"
    label = "estate"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(code="estate.imported", text=gettext_noop("导入%(rows)s行：%(file)s"), icon="upload"),
            EventKind(code="estate.person_added", text=gettext_noop("登记人员：%(name)s"), icon="user-plus"),
            EventKind(
                code="estate.person_changed", text=gettext_noop("更正人员资料：%(fields)s"), icon="edit"
            ),
            EventKind(
                code="estate.household_changed", text=gettext_noop("更正住户资料：%(fields)s"), icon="edit"
            ),
            EventKind(
                code="estate.member_added", text=gettext_noop("加入住户：%(relation)s %(name)s"), icon="users"
            ),
            EventKind(
                code="estate.member_changed",
                text=gettext_noop("更正家庭成员%(name)s：%(fields)s，现为%(relation)s"),
                icon="edit",
            ),
            EventKind(
                code="estate.member_ended",
                text=gettext_noop("%(name)s不再住在这一户：%(date)s"),
                icon="logout",
            ),
            EventKind(
                code="estate.informed",
                text=gettext_noop("已告知%(name)s（%(mode)s）：%(about)s"),
                icon="message",
                tone="met",
            ),
            EventKind(
                code="estate.phone_added", text=gettext_noop("%(name)s的电话：登记%(phone)s"), icon="phone"
            ),
            EventKind(
                code="estate.phone_changed", text=gettext_noop("%(name)s的电话：更正%(phone)s"), icon="phone"
            ),
            EventKind(
                code="estate.phone_removed",
                text=gettext_noop("%(name)s的电话：停用%(phone)s %(reason)s"),
                icon="phone",
            ),
            EventKind(
                code="estate.vehicle_removed", text=gettext_noop("注销车辆：%(plate)s %(reason)s"), icon="car"
            ),
            EventKind(code="estate.household_closed", text=gettext_noop("住户迁出：%(date)s"), icon="logout"),
            EventKind(
                code="estate.room_corrected", text=gettext_noop("更正房屋资料：%(fields)s"), icon="building"
            ),
            EventKind(code="estate.vehicle_added", text=gettext_noop("登记车辆"), icon="car"),
            EventKind(
                code="estate.household_opened", text=gettext_noop("建立住户档案 %(name)s"), icon="home"
            ),
            EventKind(code="estate.title_changed", text=gettext_noop("产权变更，原档案另存"), icon="switch"),
            EventKind(
                code="estate.revealed", text=gettext_noop("查看完整信息（%(fields)s）:%(reason)s"), icon="eye"
            ),
            EventKind(code="estate.consent_given", text=gettext_noop("同意：%(purpose)s"), icon="check"),
            EventKind(code="estate.consent_withdrawn", text=gettext_noop("撤回同意：%(purpose)s"), icon="x"),
        )

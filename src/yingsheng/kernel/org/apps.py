"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class OrgConfig(AppConfig):
    """Declares the organisation's events."""

    name = "yingsheng.kernel.org"
    label = "org"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(code="org.site_opened", text=gettext_noop("项目启用：%(code)s"), icon="building"),
            EventKind(code="org.hired", text=gettext_noop("新增人员：%(name)s"), icon="user-plus"),
            EventKind(code="org.appointed", text=gettext_noop("任命为%(post)s"), icon="user-check"),
            EventKind(
                code="org.delegated", text=gettext_noop("代理%(post)s至%(until)s：%(reason)s"), icon="switch"
            ),
            EventKind(
                code="org.appointment_ended",
                text=gettext_noop("不再担任%(post)s：%(reason)s"),
                icon="door-exit",
            ),
            EventKind(code="org.delegation_ended", text=gettext_noop("提前结束代理%(post)s"), icon="switch"),
            EventKind(code="org.deactivated", text=gettext_noop("停用账户：%(reason)s"), icon="ban"),
            EventKind(code="org.reactivated", text=gettext_noop("恢复账户"), icon="user-check"),
            EventKind(code="org.unlocked", text=gettext_noop("解除登录锁定"), icon="lock"),
            EventKind(code="org.password_given", text=gettext_noop("发给临时密码，登录后须更换"), icon="key"),
            EventKind(
                code="org.contacts_published",
                text=gettext_noop("更新对外公布的联系方式"),
                icon="phone",
            ),
            EventKind(code="org.role_renamed", text=gettext_noop("岗位名称改为“%(name)s”"), icon="edit"),
            EventKind(code="org.password_changed", text=gettext_noop("修改了密码"), icon="key"),
            EventKind(code="org.sessions_ended", text=gettext_noop("结束了全部登录"), icon="logout"),
            EventKind(code="org.preferences_set", text=gettext_noop("调整了界面偏好"), icon="settings"),
            EventKind(
                code="org.identity_doubted",
                text=gettext_noop("用%(name)s的名义签字，密码不对"),
                icon="key-off",
            ),
            EventKind(code="org.factor_begun", text=gettext_noop("开始启用第二重验证"), icon="shield-check"),
            EventKind(
                code="org.factor_confirmed", text=gettext_noop("启用了第二重验证"), icon="shield-check"
            ),
            EventKind(code="org.factor_removed", text=gettext_noop("停用了第二重验证"), icon="shield-check"),
            EventKind(
                code="org.factor_dropped",
                text=gettext_noop("由管理员解除第二重验证：%(reason)s"),
                icon="shield-check",
            ),
            EventKind(code="org.token_issued", text=gettext_noop("发放接口令牌“%(name)s”"), icon="key"),
            EventKind(code="org.token_revoked", text=gettext_noop("停用接口令牌“%(name)s”"), icon="key-off"),
        )

"""The second factor of a log-in: an authenticator that was shown to work before it counts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff


@transaction.atomic
def begin_second_factor(*, staff: Staff, site: Site, at: datetime) -> TOTPDevice:
    """Draw a fresh secret; it does not count before it is confirmed."""
    device: TOTPDevice = TOTPDevice.objects.create(user=staff, name="totp", confirmed=False)
    events.record(site_id=site.pk, kind="org.factor_begun", subject=staff, by=staff, at=at, data={})
    return device


@transaction.atomic
def confirm_second_factor(*, staff: Staff, site: Site, device: TOTPDevice, token: str, at: datetime) -> None:
    """Make the factor count from now on; Refused if the six digits are not the device's."""
    if device.confirmed or not device.verify_token(token.strip()):
        raise Refused(gettext_noop("动态码不对或已过期"), field="token")
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    events.record(site_id=site.pk, kind="org.factor_confirmed", subject=staff, by=staff, at=at, data={})


@transaction.atomic
def remove_second_factor(
    *, staff: Staff, site: Site, device: TOTPDevice, password: str, at: datetime
) -> None:
    """Take the factor away; Refused without the password."""
    if not staff.check_password(password):
        raise Refused(gettext_noop("现在的密码不对"), field="current")
    device.delete()
    events.record(site_id=site.pk, kind="org.factor_removed", subject=staff, by=staff, at=at, data={})

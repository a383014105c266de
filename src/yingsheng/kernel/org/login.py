"""Proving who somebody is: user name and password, and what makes a password good enough."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Staff

# our words for what the validators find, so that both languages read as the rest of the program does
WEAK = {
    "password_too_short": gettext_noop("密码至少要有10个字符"),
    "password_too_common": gettext_noop("这个密码太常见，容易被猜到"),
    "password_too_similar": gettext_noop("密码和您的姓名或登录名太像"),
}
UNFIT = gettext_noop("密码不符合要求，请换一个")


def check_new_password(*, password: str, staff: Staff) -> None:
    """Refused, with the first thing that is wrong in our own words, unless the password is good enough."""
    try:
        validate_password(password, staff)
    except ValidationError as error:
        found = [WEAK.get(str(one.code), UNFIT) for one in error.error_list]
        raise Refused(found[0], code="weak_password", field="password") from error


class StaffBackend(BaseBackend):
    """Logs staff in; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Staff | None:
        """The active member of staff with this name and password, or None."""
        if not username or password is None:
            return None
        staff = Staff.objects.filter(username=username).first()
        if staff is None:
            make_password(password)  # so that response time does not tell which names exist
            return None
        if check_password(password, staff.password) and staff.is_active:
            return staff
        return None

    def get_user(self, user_id: int) -> Staff | None:
        """The active member of staff behind a session."""
        return Staff.objects.filter(pk=user_id, is_active=True).first()

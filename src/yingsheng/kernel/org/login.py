"""Proving who somebody is: user name and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from yingsheng.kernel.org.models import Staff


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

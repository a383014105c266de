"""Posts give powers, leave passes them on for a time, and a changed password ends every session."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.factories.cast import MONDAY_NINE, PASSWORD, Cast, make_cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import Forbidden, actor_for, demand, list_actors
from yingsheng.kernel.org.login import StaffBackend
from yingsheng.kernel.org.models import ApiClient, Delegation, Post, Role, RoleAlias, Staff
from yingsheng.kernel.org.queries import (
    list_departments,
    list_holders,
    list_holders_or_above,
    list_staff,
    role_names,
)
from yingsheng.kernel.org.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
)

NOW = MONDAY_NINE
DAY = timedelta(days=1)


def events_of(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def lend(cast: Cast, *, start: datetime = NOW, end: datetime = NOW + DAY, reason: str = "年假") -> Delegation:
    """The site head's post passes to the assistant for a while."""
    post = Post.objects.get(site=cast.site, role__code="SITE_HEAD")
    return org.delegate(
        post=post,
        to_staff=cast.assistant,
        active_from=start,
        active_to=end,
        reason=reason,
        by=cast.head,
        at=NOW,
    )


def test_an_actor_has_what_his_posts_give_and_no_more(cast: Cast) -> None:
    actor = cast.actor("front")
    assert actor.roles == {"FRONT_DESK"}
    assert actor.department_ids == {cast.department("service").pk}
    assert actor.permissions == set(Role.objects.get(code="FRONT_DESK").permissions)
    demand(actor=actor, permission="complaints.register")
    with pytest.raises(Forbidden) as refused:
        demand(actor=actor, permission="org.manage")
    assert refused.value.permission == "org.manage"


def test_several_posts_add_up(cast: Cast) -> None:
    org.appoint(staff=cast.front, site=cast.site, role="SYSADMIN", department=None, by=None, at=NOW)
    assert cast.actor("front", NOW).may("org.manage")
    assert cast.actor("front", NOW).may("complaints.register")
    assert not cast.actor("front", NOW - timedelta(seconds=1)).may("org.manage")


def test_at_another_site_he_is_nobody(cast: Cast) -> None:
    other = make_cast(code="other")
    actor = actor_for(staff=cast.general_manager, site=other.site, at=NOW)
    assert actor.posts == () and actor.permissions == frozenset()
    assert [one.site for one in list_actors(staff=cast.general_manager, at=NOW)] == [cast.site]


def test_a_post_out_of_use_or_an_appointment_that_ended_gives_nothing(cast: Cast) -> None:
    cast.front.appointments.update(active_to=NOW)
    assert cast.actor("front", NOW).posts == ()
    assert cast.actor("front", NOW - timedelta(seconds=1)).posts
    Post.objects.filter(role__code="SITE_HEAD").update(active=False)
    assert cast.actor("head", NOW).posts == ()
    assert list_actors(staff=cast.head, at=NOW) == []


def test_leave_passes_the_powers_on_and_takes_them_back(cast: Cast) -> None:
    lend(cast)

    def decides(at: datetime) -> bool:
        return cast.actor("assistant", at).may("enquiries.decide")

    moments = [NOW - timedelta(seconds=1), NOW, NOW + DAY - timedelta(seconds=1), NOW + DAY]
    assert [decides(at) for at in moments] == [False, True, True, False]
    assert cast.actor("assistant", NOW).roles == {"CS_ASSIST", "SITE_HEAD"}
    assert set(list_holders(site_id=cast.site.pk, role="SITE_HEAD", at=NOW)) == {cast.head, cast.assistant}
    assert list_holders(site_id=cast.site.pk, role="SITE_HEAD", at=NOW + DAY) == [cast.head]
    assert events_of("org.delegated") == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"end": NOW}, "active_to"), ({"end": NOW - DAY}, "active_to"), ({"reason": " "}, "reason")],
)
def test_leave_needs_an_end_and_a_reason(cast: Cast, change: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        lend(cast, **change)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Delegation.objects.exists() and events_of("org.delegated") == 0


def test_the_database_itself_refuses_leave_that_ends_before_it_begins(cast: Cast) -> None:
    made = lend(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=made.pk).update(active_to=NOW - DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.front.appointments.update(active_to=NOW - timedelta(days=4000))


def test_an_empty_post_is_answered_for_by_the_next_above(cast: Cast) -> None:
    found = list_holders_or_above(site_id=cast.site.pk, role="SHIFT_LEAD", at=NOW)
    assert found == [cast.supervisor]
    cast.supervisor.appointments.update(active_to=NOW)
    assert list_holders_or_above(site_id=cast.site.pk, role="SHIFT_LEAD", at=NOW) == [cast.engineering_head]
    assert list_holders_or_above(site_id=cast.site.pk, role="FRONT_DESK", at=NOW) == [cast.front]
    assert list_holders_or_above(site_id=cast.site.pk, role="NO_SUCH", at=NOW) == []


def test_staff_lists_hold_who_works_here_now(cast: Cast) -> None:
    make_cast(code="other")
    Staff.objects.filter(pk=cast.lobby.pk).update(is_active=False)
    cast.front.appointments.update(active_to=NOW)
    listed = set(list_staff(site_id=cast.site.pk, at=NOW))
    assert listed == set(cast.staff.values()) - {cast.lobby, cast.front}
    assert {unit.site_id for unit in list_departments(site_id=cast.site.pk)} == {cast.site.pk}


def test_a_site_calls_its_roles_as_it_likes(cast: Cast) -> None:
    role = Role.objects.get(code="CS_SUP")
    org.rename_role(site=cast.site, role=role, name="业户服务主管", by=cast.head, at=NOW)
    assert role_names(site_id=cast.site.pk) == {"CS_SUP": "业户服务主管"}
    assert role_names(site_id=make_cast(code="other").site.pk) == {}
    org.rename_role(site=cast.site, role=role, name="客服经理", by=cast.head, at=NOW)
    assert RoleAlias.objects.count() == 1
    org.rename_role(site=cast.site, role=role, name="", by=cast.head, at=NOW)
    assert role_names(site_id=cast.site.pk) == {}
    assert events_of("org.role_renamed") == 3


def test_roles_are_brought_in_line_again_and_again(cast: Cast) -> None:
    Role.objects.filter(code="GM").update(permissions=[], name_zh="改过")
    count = org.load_roles()
    assert count == Role.objects.count()
    assert Role.objects.get(code="GM").permissions


def test_a_name_is_given_once_and_a_password_is_no_common_word(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        org.hire(site=cast.site, username=cast.front.username, name="另一人", password=None, by=None, at=NOW)
    assert refused.value.field == "username"
    for weak in ("short", "password123", "weak-staff-name"):
        with pytest.raises(Refused) as refused:
            org.hire(site=cast.site, username="weak-staff-name", name="x", password=weak, by=None, at=NOW)
        assert refused.value.field == "password"
    assert not Staff.objects.filter(username="weak-staff-name").exists()


def sit(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("ui:account")).status_code == 200)


def test_a_changed_password_ends_every_session(cast: Cast) -> None:
    first, second, other = sit(cast.front), sit(cast.front), sit(cast.head)
    assert is_in(first) and is_in(second)
    org.change_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.front, at=NOW)
    assert not is_in(first) and not is_in(second)
    assert is_in(other)
    backend = StaffBackend()
    assert backend.authenticate(None, username=cast.front.username, password=PASSWORD) == cast.front
    assert backend.authenticate(None, username=cast.front.username, password="wrong") is None
    assert events_of("org.password_changed") == 1
    assert PASSWORD not in str(list(Event.objects.values_list("data", flat=True)))


def test_somebody_can_be_logged_out_everywhere(cast: Cast) -> None:
    client = sit(cast.front)
    assert is_in(client)
    org.end_sessions(staff=cast.front, site=cast.site, by=cast.head, at=NOW)
    assert not is_in(client)


def test_who_left_or_never_had_a_password_does_not_get_in(cast: Cast) -> None:
    backend = StaffBackend()
    assert backend.authenticate(None, username=cast.front.username, password="") is None
    assert backend.authenticate(None, username="nobody", password=PASSWORD) is None
    assert backend.authenticate(None, username=None, password=None) is None
    org.change_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.front, at=NOW)
    Staff.objects.filter(pk=cast.front.pk).update(is_active=False)
    assert backend.authenticate(None, username=cast.front.username, password=PASSWORD) is None
    assert backend.get_user(cast.front.pk) is None


def test_a_token_is_shown_once_and_only_its_digest_is_kept(cast: Cast) -> None:
    client, token = org.issue_token(
        site=cast.site, name="门禁", acts_as=cast.front, scopes=["cases.*"], by=cast.actor("head"), at=NOW
    )
    again, other = org.issue_token(
        site=cast.site, name="门禁", acts_as=cast.front, scopes=[], by=cast.actor("head"), at=NOW
    )
    assert token != other and client.pk != again.pk
    stored = ApiClient.objects.filter(pk=client.pk).values().get()
    assert token not in str(stored)
    assert stored["token_hash"] == hashlib.sha256(token.encode()).hexdigest() == org.hash_token(token=token)
    assert token not in str(list(Event.objects.values_list("data", flat=True)))
    org.revoke_token(client=client, by=cast.head, at=NOW)
    assert not ApiClient.objects.get(pk=client.pk).active
    assert (events_of("org.token_issued"), events_of("org.token_revoked")) == (2, 1)


def test_preferences_are_kept(cast: Cast) -> None:
    org.set_preferences(
        staff=cast.front, site=cast.site, language="en", density="compact", single_keys=False, at=NOW
    )
    cast.front.refresh_from_db()
    assert (cast.front.language, cast.front.density, cast.front.single_keys) == ("en", "compact", False)


def test_the_second_factor_counts_only_after_it_was_shown_to_work(cast: Cast) -> None:
    device = begin_second_factor(staff=cast.front, site=cast.site, at=NOW)
    assert not device.confirmed
    with pytest.raises(Refused) as refused:
        confirm_second_factor(staff=cast.front, site=cast.site, device=device, token="000000x", at=NOW)
    assert refused.value.field == "token"
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    device.refresh_from_db()
    token = f"{totp(device.bin_key):06d}"
    confirm_second_factor(staff=cast.front, site=cast.site, device=device, token=token, at=NOW)
    assert TOTPDevice.objects.get().confirmed
    org.change_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.front, at=NOW)
    with pytest.raises(Refused):
        remove_second_factor(staff=cast.front, site=cast.site, device=device, password="wrong", at=NOW)
    remove_second_factor(staff=cast.front, site=cast.site, device=device, password=PASSWORD, at=NOW)
    assert not TOTPDevice.objects.exists()
    assert events_of("org.factor_confirmed") == events_of("org.factor_removed") == 1

"""Posts end, accounts close, the holder of a post passes it on himself, and the site stays manageable."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db import connections
from django.test import Client
from django.urls import reverse
from tests.factories.cast import MONDAY_NINE, PASSWORD, Cast, make_cast
from tests.processes.story import registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org import staffing
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.org.contacts import missing_contacts, publish_contacts
from yingsheng.kernel.org.models import Appointment, Delegation, Post, Role
from yingsheng.kernel.org.queries import list_holders, list_own_posts, list_people, role_names

NOW = MONDAY_NINE
DAY = timedelta(days=1)


def events_of(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def post_of(cast: Cast, role: str) -> Post:
    return Post.objects.get(site=cast.site, role__code=role)


def lend(cast: Cast, *, by: str = "supervisor", to: str = "assistant", role: str = "CS_SUP") -> Delegation:
    return staffing.delegate_post(
        actor=cast.actor(by),
        post=post_of(cast, role),
        to_staff=cast.staff[to],
        active_from=NOW,
        active_to=NOW + 3 * DAY,
        reason="年假",
        at=NOW,
    )


def test_a_post_ends_from_now_on(cast: Cast) -> None:
    held = Appointment.objects.get(staff=cast.front)
    with pytest.raises(Refused):
        staffing.end_appointment(appointment=held, by=cast.head, at=NOW, reason=" ")
    staffing.end_appointment(appointment=held, by=cast.head, at=NOW, reason="调离")
    assert cast.actor("front", NOW - timedelta(seconds=1)).posts
    assert cast.actor("front", NOW).posts == ()
    assert events_of("org.appointment_ended") == 1
    with pytest.raises(Refused):
        staffing.end_appointment(appointment=held, by=cast.head, at=NOW + DAY, reason="调离")
    assert cast.front in list_people(site_id=cast.site.pk)


def test_the_last_who_may_manage_the_site_stays(cast: Cast) -> None:
    held = Appointment.objects.get(staff=cast.head)
    with pytest.raises(Refused) as refused:
        staffing.end_appointment(appointment=held, by=cast.front, at=NOW, reason="调离")
    assert refused.value.code == "last_manager"
    with pytest.raises(Refused):
        staffing.deactivate(staff=cast.head, site=cast.site, by=cast.front, at=NOW, reason="离职")
    org.appoint(staff=cast.front, site=cast.site, role="SYSADMIN", department=None, by=None, at=NOW - DAY)
    staffing.end_appointment(appointment=held, by=cast.front, at=NOW, reason="调离")


def test_two_managers_cannot_end_each_other_at_once(committed_db: None) -> None:
    cast = make_cast()
    org.appoint(staff=cast.front, site=cast.site, role="SYSADMIN", department=None, by=None, at=NOW - DAY)
    managing = [
        Appointment.objects.get(staff=cast.head),
        Appointment.objects.get(staff=cast.front, post__role__code="SYSADMIN"),
    ]
    together = Barrier(2, timeout=60)

    def one(held: Appointment) -> bool:
        try:
            together.wait()
            staffing.end_appointment(appointment=held, by=cast.supervisor, at=NOW, reason="调离")
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert sorted(pool.map(one, managing)) == [False, True]
    assert cast.actor("head").may("org.manage") or cast.actor("front").may("org.manage")


def test_closing_an_account_waits_for_whoever_takes_powers_away(committed_db: None) -> None:
    cast = make_cast()
    org.appoint(staff=cast.front, site=cast.site, role="SYSADMIN", department=None, by=None, at=NOW - DAY)
    together = Barrier(2, timeout=60)

    def one(pair: tuple[str, str]) -> bool:
        who, by = pair
        try:
            together.wait()
            staffing.deactivate(
                staff=cast.staff[who], site=cast.site, by=cast.staff[by], at=NOW, reason="离职"
            )
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert sorted(pool.map(one, [("head", "front"), ("front", "head")])) == [False, True]


def test_an_appointment_that_has_not_begun_is_withdrawn(cast: Cast) -> None:
    later = org.appoint(
        staff=cast.front, site=cast.site, role="CS_SUP", department="service", by=None, at=NOW + DAY
    )
    row = staffing.end_appointment(appointment=later, by=cast.head, at=NOW, reason="改派别人")
    assert row.pk == later.pk
    assert not Appointment.objects.filter(pk=later.pk).exists()
    assert events_of("org.appointment_ended") == 1
    with pytest.raises(Refused):
        staffing.end_appointment(appointment=later, by=cast.head, at=NOW, reason="改派别人")


def test_a_closed_account_lets_nobody_in_and_comes_back(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.front, backend="yingsheng.kernel.org.login.StaffBackend")
    assert client.get(reverse("ui:account")).status_code == 200
    with pytest.raises(Refused):
        staffing.deactivate(staff=cast.head, site=cast.site, by=cast.head, at=NOW, reason="离职")
    with pytest.raises(Refused):
        staffing.deactivate(staff=cast.front, site=cast.site, by=cast.head, at=NOW, reason="")
    staffing.deactivate(staff=cast.front, site=cast.site, by=cast.head, at=NOW, reason="离职")
    assert client.get(reverse("ui:account")).status_code == 302
    assert cast.front not in list_holders(site_id=cast.site.pk, role="FRONT_DESK", at=NOW)
    with pytest.raises(Refused):
        staffing.deactivate(staff=cast.front, site=cast.site, by=cast.head, at=NOW, reason="离职")
    staffing.reactivate(staff=cast.front, site=cast.site, by=cast.head, at=NOW)
    with pytest.raises(Refused):
        staffing.reactivate(staff=cast.front, site=cast.site, by=cast.head, at=NOW)
    assert (events_of("org.deactivated"), events_of("org.reactivated")) == (1, 1)


def test_who_also_works_elsewhere_is_not_this_sites_to_change(cast: Cast) -> None:
    other = make_cast(code="other")
    org.appoint(staff=cast.front, site=other.site, role="FRONT_DESK", department="service", by=None, at=NOW)
    for change in (
        lambda: staffing.give_password(
            staff=cast.front, site=cast.site, password=PASSWORD, by=cast.head, at=NOW
        ),
        lambda: staffing.deactivate(staff=cast.front, site=cast.site, by=cast.head, at=NOW, reason="x"),
        lambda: staffing.unlock(staff=cast.front, site=cast.site, by=cast.head, at=NOW),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "works_elsewhere"


def test_works_elsewhere_counts_what_is_to_come_and_what_is_lent(cast: Cast) -> None:
    other = make_cast(code="other")

    def elsewhere(name: str) -> bool:
        return staffing.works_elsewhere(staff=cast.staff[name], site=cast.site, at=NOW)

    assert not any(elsewhere(name) for name in cast.staff)
    org.appoint(
        staff=cast.front, site=other.site, role="FRONT_DESK", department="service", by=None, at=NOW + DAY
    )
    assert elsewhere("front")
    org.delegate(
        post=post_of(other, "LOBBY"), to_staff=cast.lobby, active_from=NOW + DAY, active_to=NOW + 2 * DAY,
        reason="年假", by=other.head, at=NOW,
    )  # fmt: skip
    assert elsewhere("lobby")
    assert not staffing.works_elsewhere(staff=cast.lobby, site=cast.site, at=NOW + 2 * DAY)
    # added there without a post yet; one who worked there and came here is this site's alone
    new = org.hire(site=other.site, username="new", name="齐新人", password=None, by=None, at=NOW - 3 * DAY)
    cast.staff["new"] = new
    org.appoint(staff=new, site=cast.site, role="LOBBY", department="service", by=None, at=NOW - DAY)
    assert elsewhere("new")
    there = org.appoint(
        staff=new, site=other.site, role="LOBBY", department="service", by=None, at=NOW - 2 * DAY
    )
    staffing.end_appointment(appointment=there, by=other.head, at=NOW, reason="调离")
    assert not elsewhere("new")


def test_a_given_password_is_changed_before_anything_else(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        staffing.give_password(staff=cast.front, site=cast.site, password="short", by=cast.head, at=NOW)
    assert refused.value.text == "密码至少要有10个字符"
    with pytest.raises(Refused):
        staffing.give_password(staff=cast.head, site=cast.site, password=PASSWORD, by=cast.head, at=NOW)
    staffing.give_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.head, at=NOW)
    client = Client()
    sent = {"username": cast.front.username, "password": PASSWORD}
    assert client.post(reverse("ui:login"), sent).status_code == 303
    assert client.get(reverse("ui:today"))["Location"] == reverse("ui:account")
    assert client.get(reverse("ui:account")).status_code == 200
    own = {
        "act": "password",
        "current": PASSWORD,
        "password": "another-long-word",
        "again": "another-long-word",
    }
    assert client.post(reverse("ui:account"), own).status_code == 303
    assert client.get(reverse("ui:today")).status_code == 200
    assert PASSWORD not in str(list(Event.objects.values_list("data", flat=True)))


def test_who_mistyped_too_often_is_let_in_again(cast: Cast) -> None:
    org.change_password(staff=cast.front, site=cast.site, password=PASSWORD, by=cast.front, at=NOW)
    client = Client()
    wrong = {"username": cast.front.username, "password": "wrong"}
    for _ in range(6):
        last = client.post(reverse("ui:login"), wrong)
    assert last.status_code == 429
    assert AccessAttempt.objects.filter(username=cast.front.username).exists()
    assert staffing.unlock(staff=cast.front, site=cast.site, by=cast.head, at=NOW)
    assert client.post(reverse("ui:login"), {**wrong, "password": PASSWORD}).status_code == 303
    with pytest.raises(Refused):
        staffing.unlock(staff=cast.front, site=cast.site, by=cast.head, at=NOW)
    assert events_of("org.unlocked") == 1


def test_the_holder_passes_his_own_post_on_and_the_delegate_sees_the_work(cast: Cast) -> None:
    case = registered(cast)
    case.__class__.objects.filter(pk=case.pk).update(department=cast.department("engineering"))
    before = cast.actor("lobby")
    assert not visible_cases(actor=before).filter(pk=case.pk).exists()
    assert not before.may("complaints.classify")
    lend(cast, to="lobby")
    actor = cast.actor("lobby", NOW + DAY)
    assert visible_cases(actor=actor).filter(pk=case.pk).exists()
    assert actor.may("complaints.classify")
    assert cast.lobby in list_holders(site_id=cast.site.pk, role="CS_SUP", at=NOW + DAY)
    over = cast.actor("lobby", NOW + 3 * DAY)
    assert not visible_cases(actor=over).filter(pk=case.pk).exists()
    assert events_of("org.delegated") == 1


def test_nobody_passes_on_what_is_not_his(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        lend(cast, by="front")
    lend(cast, to="lobby")
    assert list(list_own_posts(staff=cast.lobby, site_id=cast.site.pk, at=NOW)) == [post_of(cast, "LOBBY")]
    with pytest.raises(Forbidden):  # standing in is not holding
        lend(cast, by="lobby")
    lend(cast, by="head")


def test_a_delegation_that_makes_no_sense_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        lend(cast, to="supervisor")
    lend(cast)
    with pytest.raises(Refused) as refused:
        lend(cast)
    assert refused.value.field == "to_staff"
    other = make_cast(code="other")
    with pytest.raises(Refused):
        staffing.delegate_post(
            actor=cast.actor("head"), post=post_of(other, "CS_SUP"), to_staff=cast.lobby, active_from=NOW,
            active_to=NOW + DAY, reason="年假", at=NOW,
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        staffing.delegate_post(
            actor=cast.actor("head"), post=post_of(cast, "LOBBY"), to_staff=cast.front, active_from=NOW - 2 * DAY,
            active_to=NOW - DAY, reason="年假", at=NOW,
        )  # fmt: skip
    assert refused.value.field == "active_to"
    staffing.deactivate(staff=cast.lobby, site=cast.site, by=cast.head, at=NOW, reason="离职")
    with pytest.raises(Refused):
        lend(cast, to="lobby")


def test_a_post_is_taken_back_early(cast: Cast) -> None:
    row = lend(cast)
    with pytest.raises(Forbidden):
        staffing.end_delegation(actor=cast.actor("front"), delegation=row, at=NOW + DAY)
    staffing.end_delegation(actor=cast.actor("supervisor"), delegation=row, at=NOW + DAY)
    assert not cast.actor("assistant", NOW + DAY).may("timers.waive")
    with pytest.raises(Refused):
        staffing.end_delegation(actor=cast.actor("supervisor"), delegation=row, at=NOW + DAY)
    again = lend(cast, to="lobby")
    staffing.end_delegation(actor=cast.actor("head"), delegation=again, at=NOW)
    assert not Delegation.objects.filter(pk=again.pk).exists()  # withdrawn before it began
    assert events_of("org.delegation_ended") == 2


def test_a_role_has_its_own_name_in_each_language(cast: Cast) -> None:
    role = Role.objects.get(code="CS_SUP")
    org.rename_role(
        site=cast.site, role=role, name="业户服务主管", name_en="Tenant services lead", by=cast.head, at=NOW
    )
    assert role_names(site_id=cast.site.pk, english=True) == {"CS_SUP": "Tenant services lead"}
    assert role_names(site_id=cast.site.pk) == {"CS_SUP": "业户服务主管"}
    with pytest.raises(Refused):
        org.rename_role(site=cast.site, role=role, name="", name_en="Lead", by=cast.head, at=NOW)


@pytest.mark.rule("C-02")
@pytest.mark.rule("B-11")
def test_contacts_are_published_with_what_they_were_before(cast: Cast) -> None:
    assert missing_contacts(site=cast.site) == (
        "duty_phone",
        "company_hotline",
        "company_fax",
        "complaint_email",
    )
    row = publish_contacts(
        site=cast.site,
        contacts={
            "duty_phone": " 0755-1234567 ",
            "service_hotline": "8000",
            "complaint_email": "a@b.example",
        },
        by=cast.head,
        at=NOW,
    )
    assert (row.duty_phone, row.service_hotline) == ("0755-1234567", "8000")
    event = Event.objects.get(kind="org.contacts_published")
    assert event.rule == "C-02"
    assert event.data["changed"]["duty_phone"] == ["", "0755-1234567"]
    with pytest.raises(Refused):
        publish_contacts(site=cast.site, contacts={"duty_phone": "0755-1234567"}, by=cast.head, at=NOW)
    with pytest.raises(Refused) as refused:
        publish_contacts(site=cast.site, contacts={"complaint_email": "not an address"}, by=cast.head, at=NOW)
    assert refused.value.field == "complaint_email"
    with pytest.raises(ValueError, match="no contact"):
        publish_contacts(site=cast.site, contacts={"name": "x"}, by=cast.head, at=NOW)


def test_a_token_ends_by_itself(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        org.issue_token(
            site=cast.site,
            name="门禁",
            acts_as=cast.front,
            scopes=[],
            by=cast.actor("head"),
            at=NOW,
            expires_at=NOW,
        )
    assert refused.value.field == "expires_at"
    client, _token = org.issue_token(
        site=cast.site,
        name="门禁",
        acts_as=cast.front,
        scopes=[],
        by=cast.actor("head"),
        at=NOW,
        expires_at=NOW + DAY,
    )
    org.revoke_token(client=client, by=cast.head, at=NOW)
    with pytest.raises(Refused):
        org.revoke_token(client=client, by=cast.head, at=NOW)


@pytest.mark.parametrize("scope", ["cases.see_sealed", "cases.*", "complaints.see", "complaints.*"])
def test_an_administrator_makes_no_token_that_reads_what_he_may_not(cast: Cast, scope: str) -> None:
    admin = org.hire(site=cast.site, username="admin", name="尤管理", password=None, by=None, at=NOW - DAY)
    org.appoint(staff=admin, site=cast.site, role="SYSADMIN", department=None, by=None, at=NOW - DAY)
    cast.staff["admin"] = admin
    given: dict[str, Any] = {"site": cast.site, "name": "x", "acts_as": cast.supervisor, "at": NOW}
    with pytest.raises(Forbidden):
        org.issue_token(scopes=["events.audit", scope], by=cast.actor("admin"), **given)
    org.issue_token(scopes=["events.audit", "org.*"], by=cast.actor("admin"), **given)
    assert events_of("org.token_issued") == 1


def test_a_token_is_limited_by_its_issuer_not_by_its_name(cast: Cast) -> None:
    given: dict[str, Any] = {"name": "x", "acts_as": cast.engineer, "at": NOW}
    head = cast.actor("head")
    # a handler accepts complaints, the head of the site does not: neither the scope nor its whole family
    for scope in ("complaints.accept", "complaints.*"):
        with pytest.raises(Forbidden) as forbidden:
            org.issue_token(site=cast.site, scopes=[scope], by=head, **given)
        assert forbidden.value.permission == "complaints.accept"
    for scope in ("complaints.nothing", "nothing.*", "*", ".*", ""):
        with pytest.raises(Refused) as refused:
            org.issue_token(site=cast.site, scopes=[scope], by=head, **given)
        assert refused.value.field == "scopes"
    with pytest.raises(Forbidden):
        org.issue_token(site=cast.site, scopes=["complaints.see"], by=cast.actor("front"), **given)
    with pytest.raises(Forbidden):
        org.issue_token(site=make_cast(code="other").site, scopes=["complaints.see"], by=head, **given)
    org.issue_token(site=cast.site, scopes=["complaints.accept"], by=None, **given)  # the operator may

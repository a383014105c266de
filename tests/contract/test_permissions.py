"""Who may open what: every address of the program, by whom, with which method. An unlisted address fails."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image
from tests.contract.addresses import API_PUBLIC, PAGES, PUBLIC, Page, Place
from tests.contract.matters import matter
from tests.contract.office import a_price, lent, sent_file
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.registers import make_records
from tests.processes.repairs.story import ordered
from tests.processes.story import handled, later

from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Role, Site, Staff
from yingsheng.kernel.org.permissions import PERMISSIONS
from yingsheng.processes.complaints.services.filing import file_month
from yingsheng.processes.complaints.services.improving import start_improvement
from yingsheng.processes.emergencies.services.intake import register_emergency
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.pages import SPECS
from yingsheng.processes.followups.services.orders import order_call

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
EVERYTHING = frozenset(
    [permission.code for permission in PERMISSIONS]
    + [permission.code for process in processes for permission in process.permissions]
)
METHODS = ("GET", "POST")


def addresses() -> Iterator[tuple[str, str]]:
    """(name with its namespace, route) of every address of the program."""

    def walk(patterns: list[Any], space: str, route: str) -> Iterator[tuple[str, str]]:
        for item in patterns:
            there = route + str(item.pattern)
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns, f"{item.namespace}:" if item.namespace else space, there)
            elif isinstance(item, URLPattern):
                yield f"{space}{item.name}", there

    yield from walk(get_resolver().url_patterns, "", "")


@pytest.fixture
def place(db: None) -> Place:
    cast = make_cast(homes=1)
    case = handled(cast)
    kept = attach(
        site_id=cast.site.pk, subject=case, name="a.pdf", body=b"%PDF-1.4 a", by=cast.front, at=later(5)
    )
    seen = attach(
        site_id=cast.site.pk, subject=case, name="a.png", body=one_dot(), by=cast.front, at=later(5)
    )
    person = cast.caller().person
    assert person is not None
    other = make_cast(code="other")
    filing = file_month(actor=cast.actor("front"), kind="statistics", year=2025, month=2, at=later(6))
    improvement = start_improvement(
        site=cast.site, source="figures", pattern="漏水多", measure="每季巡检", responsible=cast.engineer,
        done_by=later(200).date(), by=cast.supervisor, at=later(6),
    )  # fmt: skip
    order = order_call(actor=cast.actor("head"), at=later(6), kind="leader", text="问问是否满意", case=case)
    token, _ = org.issue_token(
        site=cast.site, name="门禁", acts_as=cast.front, scopes=["cases.*"], by=None, at=MONDAY_NINE
    )
    return Place(
        cast=cast, case=case, follow_up=FollowUp.objects.get(case=case), file_key=kept.key, other=other.site,
        picture_key=seen.key, person=person,
        filing=filing, improvement=improvement, order=order, delegation=lent(cast), token=token,
        job=sent_file(cast), work_order=ordered(cast), price=a_price(cast),
        emergency=emergency_of(cast), records=make_records(cast),
    )  # fmt: skip


def emergency_of(cast: Cast) -> Case:
    """A burst pipe that somebody from outside rang about."""
    return register_emergency(
        site=cast.site, kind="burst_pipe", place="3栋大堂", body="水管爆了", by=cast.front, at=later(6)
    )


def one_dot() -> bytes:
    """The smallest picture."""
    out = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()


def member(site: Site, permissions: frozenset[str]) -> Staff:
    """Somebody whose only post gives exactly these permissions."""
    number = Staff.objects.count()
    code = f"ROLE{number}"
    Role.objects.create(code=code, name_zh=code, name_en=code, permissions=sorted(permissions), rank=70)
    staff = org.hire(
        site=site, username=f"member{number}", name="孙外人", password=None, by=None, at=MONDAY_NINE
    )
    org.appoint(staff=staff, site=site, role=code, department="service", by=None, at=MONDAY_NINE)
    return staff


def sitting(staff: Staff) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff, backend=BACKEND)
    return client


def ask(client: Client, name: str, place: Place, method: str) -> Any:
    url = reverse(name, args=PAGES[name].arguments(place))
    return client.get(url) if method == "GET" else client.post(url, {})


def asked(
    client: Client, place: Place, *, only: Callable[[Page], bool] = lambda _page: True
) -> dict[str, int]:
    """Status by "METHOD name" for every listed page and each of its methods."""
    return {
        f"{method} {name}": ask(client, name, place, method).status_code
        for name, page in PAGES.items()
        if only(page)
        for method in page.methods
    }


def test_every_address_is_listed_here() -> None:
    pages = {name for name, route in addresses() if not route.startswith("api/")}
    assert pages == set(PAGES) | set(PUBLIC)
    assert {name for name, route in addresses() if route.startswith("api/")} >= API_PUBLIC


def test_no_two_addresses_share_a_name() -> None:
    # a link by a shared name leads to the one declared last, whatever was meant
    names = [name for name, route in addresses() if not route.startswith("api/")]
    assert {name for name in names if names.count(name) > 1} == set()


def test_the_page_says_itself_which_permission_it_asks_for() -> None:
    for name, page in PAGES.items():
        callback = next(item for item in views() if item[0] == name)[1]
        said = getattr(callback, "permission", None)
        if said is not None:
            assert str(said) == page.permission, name
        assert not page.permission or page.permission in EVERYTHING


def views() -> Iterator[tuple[str, Any]]:
    def walk(patterns: list[Any], space: str) -> Iterator[tuple[str, Any]]:
        for item in patterns:
            if isinstance(item, URLResolver):
                yield from walk(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
            else:
                yield f"{space}{item.name}", item.callback

    yield from walk(get_resolver().url_patterns, "")


def test_an_unknown_visitor_is_sent_to_the_log_in(place: Place) -> None:
    before = Event.objects.count()
    for name, page in PAGES.items():
        for method in METHODS:
            response = ask(Client(), name, place, method)
            if method in page.methods:
                assert response.status_code == 302, (name, method)
                assert response["Location"].startswith("/login/?next=/"), (name, method)
            else:
                assert response.status_code == 405, (name, method)
    for name, (got, sent) in PUBLIC.items():
        assert Client().get(reverse(name)).status_code == got, name
        assert Client().post(reverse(name), {"next": "/"}).status_code == sent, name
    assert Event.objects.count() == before


def test_an_unknown_program_gets_401_at_every_address_of_the_api(place: Place) -> None:
    fillings = {
        "key": place.case.key, "id": str(place.follow_up.pk), "name": "contact_within", "path:rest": "nowhere",
        "code": "office", "day": "2025-03-04",
    }  # fmt: skip
    for name, route in addresses():
        if not route.startswith("api/") or name in API_PUBLIC:
            continue
        url = "/" + route
        for spelling, value in fillings.items():
            url = url.replace(f"<{spelling}>", value).replace(f"<int:{spelling}>", value)
        assert "<" not in url, f"no value for {route}"
        statuses = {
            method: Client().generic(method, url, "{}", content_type="application/json").status_code
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        }
        assert set(statuses.values()) <= {401, 405}, (url, statuses)
        assert 401 in statuses.values(), (url, statuses)


def test_staff_without_a_post_may_open_nothing(place: Place) -> None:
    stranger = org.hire(
        site=place.cast.site, username="stranger", name="孙外人", password=None, by=None, at=MONDAY_NINE
    )
    got = asked(sitting(stranger), place)
    assert {name: status for name, status in got.items() if status != 403} == {}


def test_a_post_that_ended_opens_nothing(place: Place) -> None:
    staff = member(place.cast.site, EVERYTHING)
    staff.appointments.update(active_to=MONDAY_NINE + timedelta(days=1))
    got = asked(sitting(staff), place)
    assert {name: status for name, status in got.items() if status != 403} == {}


def test_objects_of_another_site_do_not_exist(place: Place) -> None:
    before = Event.objects.count()
    elsewhere = sitting(member(place.other, EVERYTHING))
    before = Event.objects.count()
    got = asked(elsewhere, place, only=lambda page: page.is_object)
    assert len(got) >= 11
    assert {name: status for name, status in got.items() if status != 404} == {}
    assert Event.objects.count() == before


def test_a_sealed_case_does_not_exist_for_those_who_may_not_see_it(place: Place) -> None:
    Case.objects.filter(pk=place.case.pk).update(confidentiality=Case.Confidentiality.SEALED, handler=None)
    about_case = {
        "ui:case",
        "ui:case_step",
        "ui:case_part",
        "ui:sheet",
        "ui:sheet_pdf",
        "ui:file",
        "ui:file_small",
        "ui:file_remove",
        "ui:case_files",
        "complaints:group",
    }
    client = sitting(member(place.cast.site, EVERYTHING - {"cases.see_sealed"}))
    for name in about_case:
        for method in PAGES[name].methods:
            assert ask(client, name, place, method).status_code == 404, (name, method)
    trusted = sitting(member(place.cast.site, EVERYTHING))
    assert ask(trusted, "ui:case", place, "GET").status_code == 200


def test_a_page_refuses_staff_whose_role_lacks_its_permission(place: Place) -> None:
    for permission in sorted({page.permission for page in PAGES.values()} - {""}):
        client = sitting(member(place.cast.site, EVERYTHING - {permission}))
        got = asked(client, place, only=lambda page, wanted=permission: page.permission == wanted)  # type: ignore[misc]
        assert {name: status for name, status in got.items() if status != 403} == {}, permission


def test_somebody_with_every_permission_is_refused_nowhere(place: Place) -> None:
    got = asked(sitting(member(place.cast.site, EVERYTHING)), place)
    assert {name: status for name, status in got.items() if status not in (200, 303, 422)} == {}


def test_a_step_is_done_only_with_its_permission(place: Place) -> None:
    refused = {}
    for process in processes:
        if not process.steps:
            continue
        case = place.case if process.code == "complaints" else matter(place.cast, process)
        for permission in sorted({step.permission for step in process.steps}):
            assert permission in EVERYTHING
            client = sitting(member(place.cast.site, EVERYTHING - {permission}))
            for step in process.steps:
                if step.permission == permission:
                    url = reverse("ui:case_step", args=[case.key, step.code])
                    refused[process.code, step.code] = client.post(url, {}).status_code
    assert {step: status for step, status in refused.items() if status != 403} == {}
    assert len(refused) >= 20


def test_a_step_nobody_declared_does_not_exist(place: Place) -> None:
    client = sitting(member(place.cast.site, EVERYTHING))
    assert client.post(reverse("ui:case_step", args=[place.case.key, "burn"]), {}).status_code == 404
    assert client.post(reverse("followups:visit_step", args=[place.follow_up.pk, "burn"])).status_code == 404
    assert client.post(reverse("enquiries:start", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("code", sorted(SPECS))
def test_a_visit_is_done_only_with_its_permission(place: Place, code: str) -> None:
    permission = SPECS[code][1]
    client = sitting(member(place.cast.site, EVERYTHING - {permission}))
    url = reverse("followups:visit_step", args=[place.follow_up.pk, code])
    assert client.post(url, {}).status_code == 403


@pytest.mark.parametrize("code", [process.code for process in processes if process.intake is not None])
def test_a_matter_is_taken_in_only_with_its_permission(place: Place, code: str) -> None:
    permission = processes.get(code).intake_permission
    client = sitting(member(place.cast.site, EVERYTHING - {permission}))
    assert client.post(reverse("enquiries:start", args=[code]), {}).status_code == 403


def test_without_the_form_of_our_own_page_nothing_is_taken(place: Place) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member(place.cast.site, EVERYTHING), backend=BACKEND)
    for name, page in PAGES.items():
        if "POST" in page.methods:
            assert ask(client, name, place, "POST").status_code == 403, name

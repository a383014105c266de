"""Who may open what: every address of the program, by whom, with which method. An unlisted address fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.processes.story import handled, later, registered

from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Role, Site, Staff
from yingsheng.kernel.org.permissions import PERMISSIONS
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.pages import SPECS

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
EVERYTHING = frozenset(
    [permission.code for permission in PERMISSIONS]
    + [permission.code for process in processes for permission in process.permissions]
)
METHODS = ("GET", "POST")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site with something of every kind in it."""

    cast: Cast
    case: Case
    follow_up: FollowUp
    file_key: str
    other: Site


Arguments = Callable[[Place], list[Any]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is expected of an address: the permission it asks for, its methods, and whether it shows an object."""

    permission: str = ""
    methods: tuple[str, ...] = ("GET",)
    arguments: Arguments = field(default=lambda _place: [])
    is_object: bool = False


def of_case(*more: str) -> Arguments:
    return lambda place: [place.case.key, *more]


def of_visit(*more: str) -> Arguments:
    return lambda place: [place.follow_up.pk, *more]


BOTH, SEND = ("GET", "POST"), ("POST",)
PAGES: dict[str, Page] = {
    "ui:today": Page(methods=BOTH),
    "ui:account": Page(methods=BOTH),
    "ui:preferences": Page(methods=SEND),
    "ui:inbox": Page(methods=BOTH),
    "ui:search": Page(),
    "ui:case": Page(arguments=of_case(), is_object=True),
    "ui:case_step": Page(methods=SEND, arguments=of_case("progress"), is_object=True),
    "ui:sheet": Page(arguments=of_case("register"), is_object=True),
    "ui:sheet_pdf": Page(arguments=of_case("register"), is_object=True),
    "ui:file": Page(arguments=lambda place: [place.file_key], is_object=True),
    "ui:households": Page(permission="estate.see"),
    "ui:household": Page(
        permission="estate.see",
        methods=BOTH,
        arguments=lambda place: [place.cast.homes[0].pk],
        is_object=True,
    ),
    "ui:rules": Page(permission="policies.see"),
    "ui:rule": Page(permission="policies.see", methods=BOTH, arguments=lambda _place: ["C-33"]),
    "ui:adopt": Page(permission="policies.adopt", methods=SEND),
    "ui:settings": Page(permission="org.manage"),
    "enquiries:reception": Page(permission="enquiries.register"),
    "enquiries:start": Page(
        permission="enquiries.register", methods=SEND, arguments=lambda _place: ["complaints"]
    ),
    "enquiries:contacts": Page(permission="enquiries.see"),
    "enquiries:list": Page(permission="enquiries.see", methods=BOTH),
    "complaints:list": Page(permission="complaints.see", methods=BOTH),
    "complaints:month": Page(permission="complaints.report"),
    "complaints:month_export": Page(permission="complaints.report", methods=SEND),
    "complaints:month_sheet": Page(permission="complaints.report"),
    "complaints:spot_checks": Page(permission="complaints.spot_check", methods=BOTH),
    "complaints:group": Page(
        permission="complaints.group", methods=BOTH, arguments=of_case(), is_object=True
    ),
    "complaints:explain": Page(permission="policies.see"),
    "followups:list": Page(permission="followups.see"),
    "followups:visit": Page(permission="followups.see", arguments=of_visit(), is_object=True),
    "followups:visit_step": Page(
        permission="followups.see", methods=SEND, arguments=of_visit("visit"), is_object=True
    ),
}
# open to everybody, and what an unknown visitor gets with GET and with POST
PUBLIC = {"ui:login": (200, 422), "ui:token": (302, 302), "ui:logout": (405, 302)}
API_PUBLIC = frozenset({"api:openapi-json", "api:api-root", "api:show_health", "api:elsewhere"})


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
    other = make_cast(code="other")
    return Place(
        cast=cast, case=case, follow_up=FollowUp.objects.get(case=case), file_key=kept.key, other=other.site
    )


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
    about_case = {"ui:case", "ui:case_step", "ui:sheet", "ui:sheet_pdf", "ui:file", "complaints:group"}
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
        case = place.case if process.code == "complaints" else _enquiry(place.cast)
        for permission in sorted({step.permission for step in process.steps}):
            assert permission in EVERYTHING
            client = sitting(member(place.cast.site, EVERYTHING - {permission}))
            for step in process.steps:
                if step.permission == permission:
                    url = reverse("ui:case_step", args=[case.key, step.code])
                    refused[process.code, step.code] = client.post(url, {}).status_code
    assert {step: status for step, status in refused.items() if status != 403} == {}
    assert len(refused) >= 20


def _enquiry(cast: Cast) -> Case:
    from yingsheng.processes.enquiries.services import promise_answer

    return promise_answer(
        site=cast.site,
        caller=cast.caller(),
        channel="phone",
        title="装修要办什么",
        by=cast.front,
        at=later(0),
    )


def test_a_step_nobody_declared_does_not_exist(place: Place) -> None:
    client = sitting(member(place.cast.site, EVERYTHING))
    assert client.post(reverse("ui:case_step", args=[place.case.key, "burn"]), {}).status_code == 404
    assert client.post(reverse("followups:visit_step", args=[place.follow_up.pk, "burn"])).status_code == 404
    assert client.post(reverse("enquiries:start", args=["followups"])).status_code == 404


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


def test_a_program_of_another_site_finds_nothing(place: Place) -> None:
    place.other.refresh_from_db()
    registered(place.cast, at=later(1))
    acts_as = member(place.other, EVERYTHING)
    _client, token = org.issue_token(
        site=place.other, name="other", acts_as=acts_as, scopes=sorted(EVERYTHING), by=None, at=MONDAY_NINE
    )
    promise = Obligation.objects.filter(site=place.cast.site).first()
    assert promise is not None
    person = place.cast.caller().person
    assert person is not None
    get = [
        f"/cases/{place.case.key}", f"/cases/{place.case.key}/events", f"/households/{place.cast.homes[0].pk}",
        f"/followups/{place.follow_up.pk}", f"/complaints/{place.case.key}/group-suspects",
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    for where in get:
        assert Client().get(f"/api/v1{where}", headers=headers).status_code == 404, where
    send = {
        f"/cases/{place.case.key}/steps/reply": {"modes": ["phone"], "said": "已修好"},
        f"/persons/{person.pk}/reveal": {"fields": ["phones"], "reason": "回电"},
        f"/obligations/{promise.pk}/waive": {"reason": "住户取消"},
        f"/followups/{place.follow_up.pk}/exempt": {"reason": "住户不接受回访"},
    }
    for where, body in send.items():
        response = Client().post(f"/api/v1{where}", body, content_type="application/json", headers=headers)
        assert response.status_code == 404, (where, response.content)
    listed = Client().get("/api/v1/cases", headers=headers).json()
    assert place.case.number not in str(listed)

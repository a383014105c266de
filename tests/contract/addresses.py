"""Every address of the program with what `test_permissions` expects of it, and the place that it is tried at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contract.books import books_pages
from tests.contract.office import office_pages
from tests.factories.cast import Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.estate.models import Person
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.models import ApiClient, Delegation, Site
from yingsheng.kernel.timers.models import Filing
from yingsheng.ops.models import ImportJob
from yingsheng.processes.complaints.models import Improvement
from yingsheng.processes.followups.models import CallOrder, FollowUp


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site with something of every kind in it."""

    cast: Cast
    case: Case
    follow_up: FollowUp
    file_key: str
    picture_key: str
    person: Person
    other: Site
    filing: Filing
    improvement: Improvement
    order: CallOrder
    delegation: Delegation
    token: ApiClient
    job: ImportJob
    work_order: WorkOrder
    price: PriceItem
    emergency: Case
    records: Mapping[str, Any]  # one of every register, by its code


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


def of_order(*more: str) -> Arguments:
    return lambda place: [place.work_order.key, *more]


BOTH, SEND = ("GET", "POST"), ("POST",)
PAGES: dict[str, Page] = {
    "ui:today": Page(methods=BOTH),
    "ui:today_figures": Page(),
    "ui:today_lists": Page(),
    "ui:account": Page(methods=BOTH),
    "ui:preferences": Page(methods=SEND),
    "ui:inbox": Page(methods=BOTH),
    "ui:search": Page(),
    "ui:case": Page(arguments=of_case(), is_object=True),
    "ui:case_step": Page(methods=BOTH, arguments=of_case("progress"), is_object=True),
    "ui:case_part": Page(arguments=of_case("promises"), is_object=True),
    "ui:saved_view": Page(methods=SEND, arguments=lambda _place: ["complaints"]),
    "ui:bulk": Page(methods=SEND, arguments=lambda _place: ["complaints"]),
    "ui:case_files": Page(methods=SEND, arguments=of_case(), is_object=True),
    "ui:sheet": Page(methods=BOTH, arguments=of_case("register"), is_object=True),
    "ui:sheet_pdf": Page(methods=BOTH, arguments=of_case("register"), is_object=True),
    "ui:file": Page(arguments=lambda place: [place.file_key], is_object=True),
    "ui:file_small": Page(arguments=lambda place: [place.picture_key], is_object=True),
    "ui:file_remove": Page(methods=SEND, arguments=lambda place: [place.file_key], is_object=True),
    "ui:households": Page(permission="estate.see"),
    "ui:household": Page(
        permission="estate.see",
        methods=BOTH,
        arguments=lambda place: [place.cast.homes[0].pk],
        is_object=True,
    ),
    "ui:household_new": Page(permission="estate.edit", methods=BOTH),
    "ui:person": Page(
        permission="estate.see", methods=BOTH, arguments=lambda place: [place.person.pk], is_object=True
    ),
    "ui:archive_verb": Page(
        permission="estate.edit",
        methods=BOTH,
        arguments=lambda place: ["household", place.cast.homes[0].pk, "change"],
        is_object=True,
    ),
    "ui:slips": Page(permission="notify.hand_over", methods=BOTH),
    "ui:slip_sheet": Page(permission="notify.hand_over", methods=SEND),
    "ui:rules": Page(permission="policies.see"),
    "ui:rule": Page(permission="policies.see", methods=BOTH, arguments=lambda _place: ["C-33"]),
    "ui:adopt": Page(permission="policies.adopt", methods=SEND),
    "enquiries:reception": Page(permission="enquiries.register"),
    "enquiries:start": Page(
        permission="enquiries.register", methods=SEND, arguments=lambda _place: ["complaints"]
    ),
    "enquiries:contacts": Page(permission="enquiries.see"),
    "enquiries:register_sheet": Page(permission="enquiries.see", methods=BOTH),
    "enquiries:list": Page(permission="enquiries.see", methods=BOTH),
    "enquiries:month": Page(permission="enquiries.see"),
    "enquiries:tidy": Page(permission="enquiries.tidy", methods=BOTH),
    "enquiries:ready": Page(permission="enquiries.register"),
    "enquiries:take_answer": Page(
        permission="enquiries.register",
        methods=SEND,
        arguments=lambda place: [place.records["knowledge"].pk],
        is_object=True,
    ),
    "complaints:list": Page(permission="complaints.see", methods=BOTH),
    "complaints:month": Page(permission="complaints.report"),
    "complaints:month_export": Page(permission="complaints.report", methods=SEND),
    "complaints:month_sheet": Page(methods=BOTH, permission="complaints.report"),
    "complaints:spot_checks": Page(permission="complaints.spot_check", methods=BOTH),
    "complaints:group": Page(
        permission="complaints.group", methods=BOTH, arguments=of_case(), is_object=True
    ),
    "complaints:sheet": Page(
        permission="complaints.see", methods=BOTH, arguments=of_case("complaint_record"), is_object=True
    ),
    "complaints:sheet_pdf": Page(
        permission="complaints.see", methods=BOTH, arguments=of_case("complaint_report"), is_object=True
    ),
    "complaints:unanswered": Page(permission="complaints.see", methods=BOTH),
    "complaints:filings": Page(permission="complaints.report"),
    "complaints:file_month": Page(permission="complaints.file", methods=BOTH),
    "complaints:filing": Page(
        permission="complaints.report", arguments=lambda place: [place.filing.pk], is_object=True
    ),
    "complaints:filing_sheet": Page(
        methods=BOTH,
        permission="complaints.report",
        arguments=lambda place: [place.filing.pk],
        is_object=True,
    ),
    "complaints:filing_export": Page(
        permission="complaints.report",
        methods=SEND,
        arguments=lambda place: [place.filing.pk],
        is_object=True,
    ),
    "complaints:improvements": Page(permission="complaints.report", methods=BOTH),
    "complaints:improvement": Page(
        permission="complaints.report", arguments=lambda place: [place.improvement.pk], is_object=True
    ),
    "complaints:improvement_step": Page(
        permission="complaints.improve",
        methods=SEND,
        is_object=True,
        arguments=lambda place: [place.improvement.pk, "evaluate"],
    ),
    "followups:orders": Page(permission="followups.see", methods=BOTH),
    "followups:order": Page(
        permission="followups.see", methods=BOTH, arguments=lambda place: [place.order.pk], is_object=True
    ),
    "followups:analysis": Page(permission="followups.quota", methods=BOTH),
    "emergencies:list": Page(permission="emergencies.see"),
    "emergencies:join": Page(
        permission="emergencies.register",
        methods=SEND,
        arguments=lambda place: [place.emergency.key],
        is_object=True,
    ),
    "emergencies:drills": Page(permission="emergencies.see", methods=BOTH),
    "emergencies:drill": Page(permission="emergencies.see", arguments=lambda _place: ["fire"]),
    "emergencies:drill_sheet": Page(permission="emergencies.see", arguments=lambda _place: ["lift"]),
    "emergencies:month": Page(permission="emergencies.report"),
    "emergencies:month_export": Page(permission="emergencies.report", methods=SEND),
    "enquiries:day": Page(permission="enquiries.report", methods=BOTH),
    "enquiries:officer": Page(permission="enquiries.appoint", methods=BOTH),
    "complaints:explain": Page(permission="policies.see"),
    "followups:list": Page(permission="followups.see"),
    "services:list": Page(permission="services.see", methods=BOTH),
    "services:prices": Page(permission="services.see"),
    "services:month": Page(permission="services.report", methods=BOTH),
    "services:month_export": Page(permission="services.report", methods=SEND),
    "services:month_sheet": Page(permission="services.report"),
    "services:register_sheet": Page(permission="services.report"),
    "followups:matters": Page(permission="followups.see", methods=BOTH),
    "followups:plan": Page(permission="followups.quota", methods=BOTH),
    "followups:visit": Page(permission="followups.see", arguments=of_visit(), is_object=True),
    "followups:visit_step": Page(
        permission="followups.see", methods=SEND, arguments=of_visit("visit"), is_object=True
    ),
    "followups:sheet": Page(
        permission="followups.see", methods=BOTH, arguments=of_visit("visit_record"), is_object=True
    ),
    "followups:sheet_pdf": Page(
        permission="followups.see", methods=BOTH, arguments=of_visit("visit_call"), is_object=True
    ),
}
PAGES |= {
    "repairs:list": Page(permission="repairs.see", methods=BOTH),
    "repairs:guess": Page(permission="repairs.register"),
    "repairs:review": Page(permission="repairs.review", methods=BOTH),
    "repairs:month": Page(permission="repairs.report", methods=BOTH),
    "repairs:month_export": Page(permission="repairs.report", methods=SEND),
    "ui:orders": Page(permission="orders.see"),
    "ui:orders_share_out": Page(permission="orders.dispatch", methods=SEND),
    "ui:order": Page(arguments=of_order(), is_object=True),
    "ui:order_verb": Page(methods=BOTH, arguments=of_order("assign"), is_object=True),
    "ui:order_sheet": Page(
        permission="orders.see", methods=BOTH, arguments=of_order("order"), is_object=True
    ),
    "ui:order_sheet_pdf": Page(
        permission="orders.see", methods=BOTH, arguments=of_order("order_241"), is_object=True
    ),
    "ui:order_paper_css": Page(permission="orders.see"),
    "ui:prices": Page(permission="charges.prices", methods=BOTH),
    "ui:price_end": Page(
        permission="charges.prices", methods=SEND, arguments=lambda place: [place.price.pk], is_object=True
    ),
    "ui:workers": Page(permission="orders.crew", methods=BOTH),
}
PAGES |= {
    f"ui:work{name}": Page(permission="orders.work")
    for name in ("", "_pool", "_scan", "_me", "_queue", "_state", "_shell", "_sw")
} | {
    "ui:work_sync": Page(permission="orders.work", methods=SEND),
    "ui:work_order": Page(permission="orders.work", arguments=of_order(), is_object=True),
    "ui:work_call": Page(permission="orders.work", methods=SEND, arguments=of_order(), is_object=True),
    "ui:work_verb": Page(
        permission="orders.work", methods=BOTH, arguments=of_order("photos"), is_object=True
    ),
}
PAGES |= office_pages(page=Page)
PAGES |= books_pages(page=Page)

# open to everybody, and what an unknown visitor gets with GET and with POST
PUBLIC = {
    "ui:login": (200, 422), "ui:token": (302, 302), "ui:logout": (405, 302), "ui:work_manifest": (200, 405),
    "turns:feed": (404, 405),  # whoever has no key learns nothing
}  # fmt: skip
API_PUBLIC = frozenset({"api:openapi-json", "api:api-root", "api:show_health", "api:elsewhere"})

"""The desk around its forms: duties, greeting, officer, units that act, the day told upwards, anybody who asks."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import classified, clock, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.enquiries.models import Contact, Enquiry
from yingsheng.processes.enquiries.queries import reception_officer
from yingsheng.processes.enquiries.services import (
    answer_at_once,
    appoint_officer,
    assign_enquiry,
    contact_customer,
    promise_answer,
)
from yingsheng.processes.enquiries.services.reporting import report_day

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def asked(cast: Cast, **fields: object) -> Case:
    values = {
        "site": cast.site, "caller": cast.caller(), "channel": "phone", "title": "装修要办什么", "by": cast.front,
        "at": later(0), **fields,
    }  # fmt: skip
    return promise_answer(**values)  # type: ignore[arg-type]


def sitting(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


@pytest.mark.rule("B-01")
def test_the_desk_starts_what_its_duties_name(cast: Cast):
    page = sitting(cast, "front").get("/reception/").content.decode()
    for words in ("本台职责", "受理投诉", "每月投诉统计", "电话回访", "协调部门"):
        assert words in page
    form = sitting(cast, "front").get("/reception/?stranger=1").content.decode()
    assert "?start=complaints" in form and "?start=enquiries" in form
    override_parameter(
        site=cast.site, path="B-01.duties", value="mail,keys", active_from=later(1), reason="分台", by=cast.head,
        at=later(1),
    )  # fmt: skip
    form = sitting(cast, "front").get("/reception/?stranger=1").content.decode()
    assert "?start=complaints" not in form.split('class="y-reception', 1)[1]


@pytest.mark.rule("B-05")
def test_a_unit_that_is_given_a_matter_contacts_the_customer_at_once(cast: Cast):
    case = asked(cast)
    with pytest.raises(Refused):
        contact_customer(case=case, by=cast.engineer, at=later(0.1), task="x", person="钱女士")
    assign_enquiry(
        case=case, by=cast.front, at=later(0.1), department=cast.department("engineering"), note="急"
    )
    owed = clock(case, "unit_contact")
    assert (owed.rule, owed.due_at, owed.responsible_staff) == (
        "B-05",
        later(0.1, minutes=30),
        cast.engineering_head,
    )
    assert Message.objects.filter(to_staff=cast.engineering_head, rule="B-05").count() == 1
    contact_customer(
        case=case, by=cast.engineer, at=later(0.3), task="上门讲装修手续", person="钱女士", said="下午去"
    )
    assert clock(case, "unit_contact").state == "met"
    assert Enquiry.objects.get(case=case).task == "上门讲装修手续"
    kinds = (
        Event.objects.filter(subject_id=case.pk, rule="B-05").order_by("seq").values_list("kind", flat=True)
    )
    assert list(kinds) == ["enquiries.assigned", "enquiries.contacted"]


@pytest.mark.rule("B-05")
def test_given_to_another_unit_the_clock_starts_anew(cast: Cast):
    case = asked(cast)
    assign_enquiry(case=case, by=cast.front, at=later(0.1), department=cast.department("engineering"))
    assign_enquiry(case=case, by=cast.front, at=later(0.2), department=cast.department("service"))
    rows = Obligation.objects.filter(subject_type="cases.case", subject_id=case.pk, milestone="unit_contact")
    assert list(rows.order_by("round").values_list("state", flat=True)) == ["void", "armed"]
    assert rows.latest("round").responsible_staff == cast.supervisor


@pytest.mark.rule("B-05")
def test_the_officer_is_named_by_the_post_of_the_rule(cast: Cast):
    with pytest.raises(Refused) as refused:
        appoint_officer(actor=cast.actor("head"), staff=cast.area_admin, at=later(0))
    assert refused.value.code == "wrong_post"
    appoint_officer(actor=cast.actor("supervisor"), staff=cast.area_admin, at=later(0))
    appoint_officer(actor=cast.actor("supervisor"), staff=cast.assistant, at=later(1))
    named = reception_officer(site=cast.site)
    assert named is not None and named.staff == cast.assistant
    assert Event.objects.filter(kind="enquiries.officer_named", rule="B-05").count() == 2
    assert "周助理" in sitting(cast, "front").get("/reception/").content.decode()
    sent = sitting(cast, "supervisor").post(
        "/reception/officer/", {"staff": cast.area_admin.pk, "form_key": "a"}
    )
    assert sent.status_code == 303


@pytest.mark.rule("B-11")
def test_the_inside_line_stands_on_the_desk(cast: Cast):
    assert "内线" not in sitting(cast, "front").get("/reception/").content.decode()
    Site.objects.filter(pk=cast.site.pk).update(service_hotline="8001")
    page = sitting(cast, "front").get("/reception/").content.decode()
    assert "内线" in page and "8001" in page


@pytest.mark.rule("B-14")
def test_the_greeting_is_that_of_the_rule_book(cast: Cast):
    assert "您好，客户服务中心" in sitting(cast, "front").get("/reception/").content.decode()
    override_parameter(
        site=cast.site, path="B-14.greeting", value="您好，云溪管理处", active_from=later(0), reason="报管理处",
        by=cast.head, at=later(0),
    )  # fmt: skip
    client = sitting(cast, "front")
    assert "您好，云溪管理处" in client.get("/reception/").content.decode()
    tips = client.get("/reception/?stranger=1&start=enquiries").content.decode()
    assert "等对方先挂" in tips


@pytest.mark.rule("B-13", "B-15")
def test_the_day_is_told_to_the_superiors_and_major_matters_to_the_head(cast: Cast):
    open_periods(now=later(0))
    asked(cast)
    major = classified(cast, severity="major")
    filing = report_day(actor=cast.actor("front"), at=later(8), note="三号楼")
    assert filing.content == {
        "contacts": 1, "first_contact": 0, "complaints": 1, "enquiries": 1, "major": [major.number], "unanswered": 1,
    }  # fmt: skip
    told = {message.to_staff for message in Message.objects.filter(rule="B-13")}
    assert told == {cast.supervisor, cast.department_manager, cast.head}
    owed = Obligation.objects.get(milestone="desk_report")
    assert (owed.rule, owed.state, owed.due_at) == ("B-13", "met", later(9))
    with pytest.raises(Refused):
        report_day(actor=cast.actor("front"), at=later(9))
    assert Event.objects.filter(kind="enquiries.day_reported").count() == 1


@pytest.mark.rule("B-13")
def test_the_day_on_the_page(cast: Cast):
    client = sitting(cast, "front")
    assert "前台日报" in client.get("/reception/day/").content.decode()
    assert client.post("/reception/day/", {"note": "无", "form_key": "a"}).status_code == 303
    assert "今天已上报" in client.get("/reception/day/").content.decode()
    assert sitting(cast, "engineer").get("/reception/day/").status_code == 403


@pytest.mark.rule("B-16")
def test_anybody_may_ask_the_way(cast: Cast):
    contact = answer_at_once(
        site=cast.site, caller=Caller(), channel="visit", reason="去物业怎么走", answer="一号门右转", by=cast.lobby,
        at=later(0), kind="direction",
    )  # fmt: skip
    assert (contact.kind, contact.household, contact.outcome) == ("direction", None, "answered")
    sent = sitting(cast, "front").post(
        "/reception/enquiries/",
        {
            "title": "复印在哪里",
            "answer": "大堂左手",
            "kind": "business",
            "channel": "visit",
            "form_key": "a",
        },
    )
    assert sent.status_code == 303
    assert Contact.objects.latest("pk").kind == "business"


@pytest.mark.example("T-B01")
@pytest.mark.rule("B-06")
def test_example_b01_an_e_mail_of_nine_is_answered_by_ten(cast: Cast):
    assert clock(asked(cast, channel="email"), "reply").due_at == later(1)


@pytest.mark.rule("B-07", "C-10")
def test_lists_show_words_and_the_departments_concerned(cast: Cast):
    case = asked(cast, kind="direction")
    assign_enquiry(case=case, by=cast.front, at=later(0.1), department=cast.department("engineering"))
    client = sitting(cast, "front")
    assert "问路找人" in client.get("/enquiries/").content.decode()
    assert "工程维修部" in client.get("/contacts/").content.decode()

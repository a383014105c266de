"""Writing the archive: each verb, each refusal, one event each, nothing left half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from yingsheng.base.refusal import Refused
from yingsheng.kernel.estate import services
from yingsheng.kernel.estate.models import Consent, Household, Member, Person, Phone, Vehicle
from yingsheng.kernel.estate.personal import id_number_of
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.org.access import Actor, Forbidden
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.services import open_site

from .archive import NOW, Archive

ID_NUMBER = "11010119900307109X"


def last_event() -> Event:
    event = Event.objects.order_by("-seq").first()
    assert event is not None
    return event


def actor(archive: Archive, *permissions: str) -> Actor:
    return Actor(staff=archive.clerk, site=archive.site, posts=(), permissions=frozenset(permissions))


VERBS: list[tuple[str, Callable[[Archive], object]]] = [
    ("person_added", lambda a: services.add_person(site=a.site, name="吴新", by=a.clerk, at=NOW)),
    ("person_changed", lambda a: services.change_person(person=a.qian, by=a.clerk, at=NOW, call_as="钱工")),
    ("household_opened", lambda a: services.open_household(room=a.rooms["3-1-1802"], by=a.clerk, at=NOW)),
    (
        "member_added",
        lambda a: services.add_member(household=a.home, person=a.wife, relation="owner", by=a.clerk, at=NOW),
    ),
    (
        "household_changed",
        lambda a: services.set_reminder(household=a.home, reminder="夜班", by=a.clerk, at=NOW),
    ),
    (
        "title_changed",
        lambda a: services.change_title(
            household=a.home, owner=a.wife, changed_date=NOW.date(), by=a.clerk, at=NOW
        ),
    ),
    (
        "vehicle_added",
        lambda a: services.add_vehicle(household=a.home, plate="粤BD12345", by=a.clerk, at=NOW),
    ),
    ("consent_given", lambda a: services.give_consent(person=a.qian, purpose="短信通知", by=a.clerk, at=NOW)),
    (
        "revealed",
        lambda a: services.reveal_personal(
            actor=actor(a, Allow.REVEAL_PERSONAL), person=a.qian, fields=["phones"], reason="回电", at=NOW
        ),
    ),
]


@pytest.mark.parametrize(("kind", "verb"), VERBS, ids=[kind for kind, _ in VERBS])
def test_every_verb_records_exactly_one_event(
    archive: Archive, kind: str, verb: Callable[[Archive], object]
) -> None:
    before = Event.objects.count()
    verb(archive)
    assert Event.objects.count() == before + 1
    assert (last_event().kind, last_event().by) == (f"estate.{kind}", archive.clerk)
    assert list(verify_chain(site_id=archive.site.pk)) == []


@pytest.mark.parametrize(("kind", "verb"), VERBS, ids=[kind for kind, _ in VERBS])
def test_a_failure_at_the_end_leaves_nothing_behind(
    archive: Archive, kind: str, verb: Callable[[Archive], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def counts() -> list[int]:
        return [
            model.objects.count() for model in (Person, Phone, Household, Member, Vehicle, Consent, Event)
        ]

    before = counts()

    def fail(**_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("yingsheng.kernel.events.services.record", fail)
    with pytest.raises(OSError, match="disk"):
        verb(archive)
    assert counts() == before


def test_a_person_is_stored_with_readings_and_numbers_in_one_form(archive: Archive) -> None:
    person = services.add_person(
        site=archive.site, name=" 单 晓明 ", by=archive.clerk, at=NOW, phones=["138-0000-1111", "13800001111"]
    )
    assert (person.name, person.pinyin, person.initials) == ("单 晓明", "shanxiaoming", "sxm")
    assert [(row.number, row.reversed) for row in person.phones.all()] == [("13800001111", "11110000831")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"name": "吴新", "phones": ["没有"]}, "phones"),
        ({"name": "吴新", "id_number": "110101199003071091"}, "id_number"),
        ({"name": "吴新", "id_number": "110101199002303100"}, "id_number"),
        ({"name": "吴新", "id_number": "1101011990030710"}, "id_number"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    archive: Archive, fields: dict[str, object], wrong: str
) -> None:
    before = Person.objects.count()
    with pytest.raises(Refused) as refusal:
        services.add_person(site=archive.site, by=archive.clerk, at=NOW, **fields)  # type: ignore[arg-type]
    assert refusal.value.field == wrong
    assert Person.objects.count() == before


@pytest.mark.rule("A-15")
def test_an_id_number_is_sealed_and_never_in_the_book(archive: Archive) -> None:
    person = services.add_person(
        site=archive.site, name="吴新", by=archive.clerk, at=NOW, id_number=ID_NUMBER.lower()
    )
    stored = Person.objects.get(pk=person.pk)
    assert ID_NUMBER not in f"{stored.id_number_sealed}{stored.id_number_index}"
    assert id_number_of(person=stored) == ID_NUMBER
    assert ID_NUMBER not in "".join(str(event.data) for event in Event.objects.all())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.from_regex(
        r"440301(19[3-9][0-9]|200[0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True
    )
)
def test_every_valid_id_number_comes_back_as_it_went_in(archive: Archive, body: str) -> None:
    number = body + ric.calc_check_digit(body + "0")
    changed = services.change_person(person=archive.qian, by=archive.clerk, at=NOW, id_number=number)
    assert id_number_of(person=changed) == number


def test_a_change_names_the_fields_but_not_their_values(archive: Archive) -> None:
    services.change_person(
        person=archive.qian,
        by=archive.clerk,
        at=NOW,
        name="钱先",
        phones=["13800138000", "13511112222"],
        birth_date=date(1980, 1, 2),
        id_number=ID_NUMBER,
        do_not_call=True,
        note="上夜班",
    )
    archive.qian.refresh_from_db()
    assert (archive.qian.name, archive.qian.initials, archive.qian.do_not_call) == ("钱先", "qx", True)
    assert {row.number for row in archive.qian.phones.all()} == {"13800138000", "13511112222"}
    assert last_event().data == {"fields": "出生日期、勿来电、身份证号、姓名、备注、电话"}


def test_a_change_that_changes_nothing_writes_nothing(archive: Archive) -> None:
    before = Event.objects.count()
    services.change_person(
        person=archive.qian,
        by=archive.clerk,
        at=NOW,
        name="钱业主",
        phones=["13800138000", "0755-26001234"],
        id_number="",
    )
    assert Event.objects.count() == before


def test_a_second_household_in_a_room_is_refused(archive: Archive) -> None:
    with pytest.raises(Refused) as refusal:
        services.open_household(room=archive.rooms["3-2-1802"], by=archive.clerk, at=NOW)
    assert refusal.value.rule == "A-03"


@pytest.mark.rule("C-81")
def test_giving_the_decision_to_another_takes_it_from_the_first(archive: Archive) -> None:
    services.add_member(
        household=archive.home,
        person=archive.wife,
        relation="co_owner",
        decides=True,
        by=archive.clerk,
        at=NOW,
    )
    deciding = Member.objects.filter(household=archive.home, decides=True)
    assert [(member.person, member.relation) for member in deciding] == [(archive.wife, "co_owner")]
    assert Member.objects.filter(household=archive.home).count() == 2


def test_members_are_refused_where_they_cannot_belong(archive: Archive) -> None:
    other = open_site(code="bq", name="碧泉苑", kind="residence", at=NOW)
    stranger = services.add_person(site=other, name="孙外人", by=archive.clerk, at=NOW)
    with pytest.raises(Refused, match="本项目"):
        services.add_member(
            household=archive.home, person=stranger, relation="owner", by=archive.clerk, at=NOW
        )
    with pytest.raises(Refused, match="关系"):
        services.add_member(
            household=archive.home, person=archive.wife, relation="boss", by=archive.clerk, at=NOW
        )
    services.change_title(
        household=archive.home, owner=archive.wife, changed_date=NOW.date(), by=archive.clerk, at=NOW
    )
    with pytest.raises(Refused, match="封存"):
        services.add_member(
            household=archive.home, person=archive.wife, relation="owner", by=archive.clerk, at=NOW
        )


@pytest.mark.rule("A-12")
def test_a_change_of_title_keeps_the_old_file_and_opens_a_new_one(archive: Archive) -> None:
    zhou = services.add_person(site=archive.site, name="周新", by=archive.clerk, at=NOW)
    day = NOW.date() - timedelta(days=3)
    new = services.change_title(
        household=archive.home, owner=zhou, changed_date=day, by=archive.clerk, at=NOW
    )
    archive.home.refresh_from_db()
    assert archive.home.active_to == day
    assert {member.active_to for member in archive.home.members.all()} == {day}
    assert [(member.person, member.decides) for member in new.members.all()] == [(zhou, True)]
    assert (new.room, new.reminder, new.moved_in_date) == (archive.home.room, "", day)
    assert archive.home.vehicles.count() == 1


def test_a_change_of_title_is_refused_when_it_cannot_be(archive: Archive) -> None:
    other = open_site(code="bq", name="碧泉苑", kind="residence", at=NOW)
    stranger = services.add_person(site=other, name="孙外人", by=archive.clerk, at=NOW)

    def change(owner: Person, day: date) -> None:
        services.change_title(household=archive.home, owner=owner, changed_date=day, by=archive.clerk, at=NOW)

    with pytest.raises(Refused, match="晚于今天"):
        change(archive.wife, NOW.date() + timedelta(days=1))
    with pytest.raises(Refused, match="本项目"):
        change(stranger, NOW.date())
    change(archive.wife, NOW.date())
    with pytest.raises(Refused, match="封存"):
        change(archive.wife, NOW.date())


def test_a_plate_is_stored_once_and_only_if_it_can_be_one(archive: Archive) -> None:
    with pytest.raises(Refused, match="已经登记"):
        services.add_vehicle(household=archive.home, plate="粤 b12345", by=archive.clerk, at=NOW)
    with pytest.raises(Refused, match="不像车牌"):
        services.add_vehicle(household=archive.home, plate="12345", by=archive.clerk, at=NOW)


def test_consent_is_given_once_and_taken_back_in_one_action(archive: Archive) -> None:
    consent = services.give_consent(person=archive.qian, purpose="短信通知", by=archive.clerk, at=NOW)
    with pytest.raises(Refused, match="已经同意"):
        services.give_consent(person=archive.qian, purpose=" 短信通知 ", by=archive.clerk, at=NOW)
    with pytest.raises(Refused, match="用途"):
        services.give_consent(person=archive.qian, purpose=" ", by=archive.clerk, at=NOW)
    later = NOW + timedelta(days=1)
    assert services.withdraw_consent(consent=consent, by=None, at=later).withdrawn_at == later
    assert last_event().kind == "estate.consent_withdrawn"
    with pytest.raises(Refused, match="撤回"):
        services.withdraw_consent(consent=consent, by=None, at=later)
    assert services.give_consent(person=archive.qian, purpose="短信通知", by=None, at=later).pk != consent.pk


@pytest.mark.rule("A-13", "A-17", "A-19")
def test_masked_fields_open_only_with_permission_and_reason_and_leave_a_trace(archive: Archive) -> None:
    may = actor(archive, Allow.REVEAL_PERSONAL)

    def reveal(who: Actor, fields: list[str], reason: str) -> dict[str, object]:
        return services.reveal_personal(actor=who, person=archive.qian, fields=fields, reason=reason, at=NOW)

    with pytest.raises(Forbidden):
        reveal(actor(archive, Allow.SEE_ESTATE), ["phones"], "回电")
    with pytest.raises(Refused) as refusal:
        reveal(may, ["phones"], "  ")
    assert (refusal.value.field, refusal.value.rule) == ("reason", "A-09")
    for fields in ([], ["id_number_sealed"]):
        with pytest.raises(Refused):
            reveal(may, fields, "回电")
    before = Event.objects.count()
    opened = reveal(may, ["phones", "id_number", "birth_date"], "核对身份")
    assert opened == {
        "phones": {row.pk: row.number for row in archive.qian.phones.all()},
        "id_number": "",
        "birth_date": "",
    }
    assert Event.objects.count() == before + 1
    assert last_event().data == {"fields": "出生日期、身份证号、电话", "reason": "核对身份"}


def test_nobody_reveals_a_person_of_another_site(archive: Archive) -> None:
    other = open_site(code="bq", name="碧泉苑", kind="residence", at=NOW)
    elsewhere = Actor(
        staff=archive.clerk, site=other, posts=(), permissions=frozenset({Allow.REVEAL_PERSONAL.value})
    )
    with pytest.raises(Forbidden):
        services.reveal_personal(
            actor=elsewhere, person=archive.qian, fields=["phones"], reason="好奇", at=NOW
        )

"""The archive on the screen: what is typed is kept, who was late is told, nobody sees a number unasked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import Cast, make_cast

from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room
from yingsheng.kernel.events.models import Event

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=2)


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.front, backend=BACKEND)
    return client


def verb(kind: str, pk: int, code: str) -> str:
    return reverse("ui:archive_verb", args=[kind, pk, code])


def version(page: Any) -> str:
    return dict(page.context["hidden"])["seen"]


def test_a_household_is_corrected_where_it_is_read(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    url = verb("household", home.pk, "change")
    page = desk.get(url)
    sent = {"reminder_codes": ["pets", "no_night_calls"], "reminder": "按铃两次", "seen": version(page)}
    done = desk.post(url, sent)
    assert done.status_code == 303
    card = desk.get(done["Location"]).content.decode()
    for words in ("家有宠物", "夜间勿来电", "按铃两次", "更正住户资料：提醒"):
        assert words in card


def test_two_desks_cannot_overwrite_each_other(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    url = verb("household", home.pk, "change")
    seen = version(desk.get(url))
    assert desk.post(url, {"reminder": "甲台写的", "seen": seen}).status_code == 303
    late = desk.post(url, {"reminder": "乙台写的", "seen": seen})
    assert late.status_code == 409
    page = late.content.decode()
    assert "刚被另一位同事改过" in page and "乙台写的" in page
    assert Household.objects.get(pk=home.pk).reminder == "甲台写的"
    # who has been told may save again
    assert desk.post(url, {"reminder": "乙台写的", "seen": version(late)}).status_code == 303


def test_a_refused_deed_keeps_what_was_typed(cast: Cast, desk: Client) -> None:
    person = cast.caller().person
    assert person is not None
    before = Event.objects.count()
    refused = desk.post(verb("person", person.pk, "phone"), {"number": "不是号码", "label": "单位"})
    assert refused.status_code == 422
    assert "不是号码" in refused.content.decode() and 'value="单位"' in refused.content.decode()
    assert Event.objects.count() == before


def test_no_page_of_the_archive_shows_a_number_unasked(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    phone = Phone.objects.filter(person__memberships__household=home).get()
    pages = [
        reverse("ui:household", args=[home.pk]), reverse("ui:person", args=[phone.person_id]),
        verb("person", phone.person_id, "change"), verb("phone", phone.pk, "change"), verb("phone", phone.pk, "remove"),
        verb("member", home.members.get().pk, "informed"),
    ]  # fmt: skip
    for url in pages:
        page = desk.get(url)
        assert page.status_code == 200 and phone.number not in page.content.decode(), url
    before = Event.objects.count()
    url = reverse("ui:person", args=[phone.person_id])
    assert desk.post(url, {"reason": ""}).status_code == 422
    opened = desk.post(url, {"reason": "回电核对"})
    assert phone.number in opened.content.decode()
    assert Event.objects.count() == before + 1
    assert "回电核对" in desk.get(url).content.decode()


def test_an_empty_box_leaves_a_sealed_number_alone(cast: Cast, desk: Client) -> None:
    person = cast.caller().person
    assert person is not None
    url = verb("person", person.pk, "change")
    first = {"name": person.name, "id_number": "11010119900307109X", "birth_date": "1990-03-07"}
    assert desk.post(url, first).status_code == 303
    desk.post(url, {"name": person.name, "call_as": "钱老师"})
    kept = Person.objects.get(pk=person.pk)
    assert kept.id_number_sealed and kept.call_as == "钱老师" and str(kept.birth_date) == "1990-03-07"
    assert "11010119900307109X" not in desk.get(url).content.decode()
    desk.post(url, {"name": person.name, "forget": ["id_number", "birth_date"]})
    kept.refresh_from_db()
    assert not kept.id_number_sealed and kept.birth_date is None


@pytest.mark.rule("C-81")
def test_the_card_says_when_who_decides_was_not_told(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    new = {"name": "钱家属", "relation": "family", "seen": "1"}
    assert desk.post(verb("household", home.pk, "resident"), new).status_code == 303
    family = Member.objects.get(household=home, person__name="钱家属")
    told = {"about": "周三停水", "mode": "phone"}
    assert desk.post(verb("member", family.pk, "informed"), told).status_code == 303
    url = reverse("ui:household", args=[home.pk])
    assert "还没告知做主的人" in desk.get(url).content.decode()
    owner = Member.objects.get(household=home, decides=True)
    desk.post(verb("member", owner.pk, "informed"), told)
    assert "还没告知做主的人" not in desk.get(url).content.decode()


def test_who_is_in_no_file_is_entered_with_what_was_typed(cast: Cast, desk: Client) -> None:
    nobody = desk.get(reverse("enquiries:reception"), {"q": "13911112222"})
    link = nobody.context["new_url"]
    assert link in nobody.content.decode().replace("&amp;", "&")
    form = desk.get(link)
    assert 'value="13911112222"' in form.content.decode()
    Household.objects.filter(pk=cast.homes[1].pk).update(active_to="2025-01-01")
    sent = {
        "name": "冯租客", "phone": "13911112222", "room": cast.homes[1].room.label, "relation": "tenant",
        "next": "reception",
    }  # fmt: skip
    done = desk.post(reverse("ui:household_new"), sent)
    assert done.status_code == 303, done.content.decode()
    assert done["Location"].startswith(reverse("enquiries:reception"))
    assert "冯租客" in desk.get(done["Location"]).content.decode()
    assert Member.objects.get(person__name="冯租客").decides


def test_the_parts_of_what_was_typed_land_in_their_boxes(cast: Cast, desk: Client) -> None:
    form = desk.get(reverse("ui:household_new"), {"q": "3栋2单元1899 冯女士"}).context["form"]
    assert (form.initial["room"], form.initial["name"], form.initial["phone"]) == ("3-2-1899", "冯女士", "")


@pytest.mark.rule("C-84")
def test_somebody_without_a_home_here_can_be_known_and_served(cast: Cast, desk: Client) -> None:
    sent = {"name": "郝快递", "phone": "13722223333", "note": "送货", "next": "reception"}
    done = desk.post(reverse("ui:household_new"), sent)
    person = Person.objects.get(name="郝快递")
    assert done["Location"].endswith(f"?stranger=1&person={person.pk}")
    page = desk.get(f"{done['Location']}&start=enquiries").content.decode()
    assert "郝快递" in page and "13722223333" not in page
    case = {"title": "电梯几点停", "kind": "enquiry", "channel": "visit", "person": person.pk}
    assert desk.post(reverse("enquiries:start", args=["enquiries"]), case).status_code == 303
    from yingsheng.processes.enquiries.models import Contact

    contact = Contact.objects.get()
    assert (contact.person, contact.caller_phone, contact.household) == (person, "13722223333", None)


def test_a_room_that_is_none_and_a_relation_left_out_are_refused(cast: Cast, desk: Client) -> None:
    url = reverse("ui:household_new")
    unknown = desk.post(url, {"name": "冯", "room": "9-9-9999", "relation": "owner"})
    assert unknown.status_code == 422 and "没有这个房号" in unknown.content.decode()
    bare = desk.post(url, {"name": "冯", "room": "3-2-1802"})
    assert bare.status_code == 422 and "请选择与住户的关系" in bare.content.decode()
    assert not Person.objects.filter(name="冯").exists()


def test_moving_out_leads_to_the_closed_file_that_offers_no_more_deeds(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    url = verb("household", home.pk, "move_out")
    page = desk.get(url)
    assert desk.post(url, {"moved_out_date": "2025-01-02", "seen": version(page)}).status_code == 303
    card = desk.get(reverse("ui:household", args=[home.pk])).content.decode()
    assert "已迁出" in card and verb("household", home.pk, "change") not in card
    register = desk.get(reverse("ui:households")).content.decode()
    assert verb("room", home.room_id, "resident") in register
    closed = desk.post(verb("household", home.pk, "change"), {"reminder": "x"})
    assert closed.status_code == 422


def test_the_same_form_sent_twice_is_one_person(cast: Cast, desk: Client) -> None:
    sent = {"name": "冯租客", "relation": "tenant", "form_key": "once"}
    url = verb("household", cast.homes[0].pk, "resident")
    assert desk.post(url, sent).status_code == desk.post(url, sent).status_code == 303
    assert Person.objects.filter(name="冯租客").count() == 1


@pytest.mark.rule("A-12")
def test_a_form_opened_before_a_change_of_title_enters_nobody(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    url = verb("household", home.pk, "resident")
    seen = version(desk.get(url))
    title = {"name": "许新主", "phone": "13700137000", "changed_date": "2025-01-02"}
    assert desk.post(verb("household", home.pk, "title"), {**title, "seen": seen}).status_code == 303
    before = Event.objects.count()
    for sent in (seen, "1", "2", ""):
        late = desk.post(url, {"name": "冯租客", "relation": "tenant", "seen": sent})
        assert late.status_code == 409 and "冯租客" in late.content.decode()
    assert Event.objects.count() == before
    assert not Person.objects.filter(name="冯租客").exists()


def test_a_home_too_large_to_be_one_is_refused_with_words(cast: Cast, desk: Client) -> None:
    url = verb("room", cast.homes[0].room_id, "correct")
    sent = {"number": "1802", "unit": "2", "use": "home", "area_m2": "1e30"}
    answer = desk.post(url, sent)
    assert answer.status_code == 422 and "没有这么大" in answer.content.decode()


def test_the_rooms_of_a_stair_stand_in_the_order_of_its_floors(cast: Cast, desk: Client) -> None:
    building = cast.homes[0].room.building
    for number in ("1001", "101", "201"):
        Room.objects.create(
            site=cast.site,
            building=building,
            unit="1",
            number=number,
            key=f"3-1-{number}",
            label=f"3栋1单元{number}",
        )
    rows = desk.get(reverse("ui:households")).context["rows"]
    assert [row.name for row in rows][:3] == ["3栋1单元101", "3栋1单元201", "3栋1单元1001"]

"""The reception desk: nothing to choose costs no key, nothing typed is asked twice, refusals stand by their field."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.cast import Cast, make_cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household, Member, Person
from yingsheng.processes.enquiries.models import Contact

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
MOST_QUERIES = 12


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=3)


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.front, backend=BACKEND)
    return client


def asked(location: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(location).query)


def search(desk: Client, text: str) -> dict[str, list[str]]:
    return asked(desk.get(reverse("enquiries:reception"), {"q": text})["Location"])


def test_a_room_of_several_people_opens_its_card_at_once(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    son = Person.objects.create(site=cast.site, name="钱小宝")
    Member.objects.create(household=home, person=son, relation="family")
    assert search(desk, "3-2-1802") == {"household": [str(home.pk)]}


def test_an_empty_home_can_still_be_registered_for(cast: Cast, desk: Client) -> None:
    room = cast.homes[2].room
    Household.objects.filter(room=room).update(active_to="2024-01-01")
    to = search(desk, room.label)
    assert to == {"stranger": ["1"], "caller_room": [room.label]}
    page = desk.get(reverse("enquiries:reception"), {**to, "start": "complaints"})
    assert page.context["form"]["caller_room"].value() == room.label


def test_what_was_typed_for_a_stranger_survives_the_choice_of_a_form(desk: Client) -> None:
    page = desk.get(reverse("enquiries:reception"), {"stranger": "1", "caller_phone": "13911112222"})
    for start in page.context["starts"]:
        assert asked(start["url"])["caller_phone"] == ["13911112222"]


@pytest.mark.parametrize(
    ("name", "value"), [("caller_phone", "12"), ("caller_room", "99-9-9"), ("caller_name", "长" * 61)]
)
def test_a_refusal_about_a_stranger_stands_beside_its_field(desk: Client, name: str, value: str) -> None:
    typed = {"caller_name": "孙先生", "caller_phone": "13911112222", "title": "门口太吵", "channel": "phone"}
    answer = desk.post(reverse("enquiries:start", args=["complaints"]), {**typed, name: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {name}
    page = answer.content.decode()
    assert f'href="#id_{name}"' in page and value in page
    assert '<details class="y-step-choice">' in page  # the rest of the form stays folded
    assert not Case.objects.exists()


@pytest.mark.rule("B-04")
@pytest.mark.parametrize("named", [{"household": "x'☃"}, {"person": "☃"}, {"person": "999999"}])
def test_an_address_that_names_nobody_asks_who_it_is(desk: Client, named: dict[str, str]) -> None:
    shown = desk.get(reverse("enquiries:reception"), {"stranger": "1", "start": "complaints", **named})
    assert shown.status_code == 200
    assert 'name="caller_name"' in shown.content.decode()
    refused = desk.post(reverse("enquiries:start", args=["complaints"]), {**named, "caller_name": "路人甲"})
    assert refused.status_code == 422
    assert 'value="路人甲"' in refused.content.decode()


def test_a_stranger_is_entered_as_typed(desk: Client) -> None:
    typed = {
        "caller_name": "孙先生",
        "caller_phone": "139 1111 2222",
        "title": "门口太吵",
        "channel": "phone",
    }
    assert desk.post(reverse("enquiries:start", args=["complaints"]), typed).status_code == 303
    contact = Contact.objects.get()
    assert (contact.caller_name, contact.caller_phone) == ("孙先生", "13911112222")


def test_after_registering_the_desk_goes_on_with_one_key(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    typed = {
        "household": home.pk,
        "title": "几点停水",
        "answer": "明早八点",
        "kind": "enquiry",
        "channel": "phone",
    }
    done = desk.post(reverse("enquiries:start", args=["enquiries"]), typed)["Location"]
    links = {link.key: link.url for link in desk.get(done).context["result"].links}
    assert links == {
        "a": f"{reverse('enquiries:reception')}?household={home.pk}",
        "s": reverse("enquiries:reception"),
    }


def test_the_empty_desk_shows_who_was_just_there_for_few_queries(cast: Cast, desk: Client) -> None:
    home = cast.homes[0]
    for number in range(10):
        typed = {
            "household": home.pk,
            "title": f"第{number}问",
            "answer": "答",
            "kind": "enquiry",
            "channel": "phone",
        }
        desk.post(reverse("enquiries:start", args=["enquiries"]), typed)
    with CaptureQueriesContext(connection) as seen:
        page = desk.get(reverse("enquiries:reception"))
    assert [one.reason for one in page.context["recent"]][:2] == ["第9问", "第8问"]
    own = [query for query in seen.captured_queries if "django_session" not in query["sql"]]
    assert len(own) <= MOST_QUERIES

"""The phone pages: one tap a point, plain forms, and what a device did without signal arrives once or is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.cast import Cast
from tests.factories.patrols import PDF, make_walk

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.processes.patrols.models import Finding, Patrol, Report, Route, Tick, Visit
from yingsheng.processes.patrols.services import routes, visiting, walking

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def route(cast: Cast) -> Route:
    return make_walk(cast, at=timezone.now() - timedelta(days=1))


def sitting(cast: Cast, who: str = "area_admin") -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


def deed(cast: Cast, key: str, verb: str, **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"uuid-{key}-{verb}", "verb": verb, "order": f"patrols:{key}", "worker": cast.area_admin.pk,
        "seen": "0", "device_at": (timezone.now() - timedelta(minutes=1)).isoformat(), **more,
    }  # fmt: skip


def send(client: Client, sent: dict[str, Any]) -> dict[str, Any]:
    return dict(client.post("/work/sync/", sent).json())


def fine(number: int) -> dict[str, str]:
    return {f"tick-{number}-result": "fine"}


def problem(number: int, **more: Any) -> dict[str, Any]:
    told = {"result": "found", "kind": "fault", "text": "灯不亮", "handling": "open", **more}
    return {f"tick-{number}-{name}": value for name, value in told.items()}


@pytest.mark.rule("G-01")
def test_a_point_is_one_tap_and_a_refused_form_keeps_what_was_typed(cast: Cast, route: Route) -> None:
    client = sitting(cast)
    page = client.get(reverse("patrols:phone")).content.decode()
    assert route.name in page and "未巡视" in page and "建议" in page
    where = reverse("patrols:phone_route_verb", args=[route.pk, "tick-1"])
    done = client.post(where, fine(1))
    assert done.status_code == 303
    assert "看过" not in client.get(done["Location"]).content.decode()
    row = Tick.objects.get()
    assert row.patrol.staff == cast.area_admin and not row.found
    second = reverse("patrols:phone_route_verb", args=[route.pk, "tick-2"])
    refused = client.post(second, problem(2, handling="", text="打好的字"))
    assert refused.status_code == 422 and "打好的字" in refused.content.decode()
    assert Tick.objects.count() == 1
    assert client.post(second, problem(2, photos=SimpleUploadedFile("a.pdf", PDF))).status_code == 303
    assert Finding.objects.get().text == "灯不亮" and Attachment.objects.count() == 1
    found = reverse("patrols:file", args=["finding", Finding.objects.get().pk, Attachment.objects.get().key])
    assert client.get(found).status_code == 200
    assert client.get(found.replace("finding", "nothing")).status_code == 404
    end = reverse("patrols:phone_route_verb", args=[route.pk, "end"])
    assert client.post(end, {}).status_code == 422
    assert client.post(end, {"end-remark": "下雨"}).status_code == 303
    assert Patrol.objects.get().state == "ended"
    assert "已巡视" in client.get(reverse("patrols:phone")).content.decode()
    assert client.post(where.replace("tick-1", "burn"), {}).status_code == 404


@pytest.mark.rule("G-01")
def test_the_code_on_the_wall_opens_its_point_alone(cast: Cast, route: Route) -> None:
    client = sitting(cast)
    point = route.points.get(number=2)
    page = client.get(reverse("patrols:phone_point", args=[point.key])).content.decode()
    assert "点位2" in page and "点位1" not in page and "整条路线" in page
    assert client.get(reverse("patrols:phone_point", args=["nokey"])).status_code == 404
    posters = client.get(reverse("patrols:posters", args=[route.pk])).content.decode()
    assert posters.count("point-poster") >= 3 and "data:image" in posters
    routes.drop_point(
        actor=cast.actor("supervisor"), record=route, at=timezone.now(), number=2, reason="拆了"
    )
    assert client.get(reverse("patrols:phone_point", args=[point.key])).status_code == 404


@pytest.mark.rule("G-03")
def test_a_home_is_visited_on_the_phone(cast: Cast) -> None:
    client, home = sitting(cast), cast.homes[0]
    where = reverse("patrols:phone_home", args=[home.pk])
    assert "记下走访" in client.get(where).content.decode()
    met = reverse("patrols:phone_home_verb", args=[home.pk, "met"])
    refused = client.post(met, {"met-opinions": "楼道灯太暗"})
    assert refused.status_code == 422 and "楼道灯太暗" in refused.content.decode()
    assert client.post(met, {"met-opinions": "楼道灯太暗", "met-person_met": "钱女士"}).status_code == 303
    page = client.get(where).content.decode()
    assert "打开走访记录" in page and "记下走访" not in page
    assert "已走访 1 户" in client.get(reverse("patrols:phone")).content.decode()
    assert client.get(reverse("patrols:phone_home", args=[10**9])).status_code == 404


@pytest.mark.rule("G-01", "G-02")
def test_a_walk_without_signal_arrives_once_with_the_times_of_the_device(cast: Cast, route: Route) -> None:
    client, key = sitting(cast), f"r{route.pk}"
    begun = timezone.now() - timedelta(minutes=4)
    for number in (1, 2):
        told = begun + timedelta(minutes=number)
        sent = deed(cast, key, f"tick-{number}", device_at=told.isoformat(), **fine(number))
        first = send(client, sent)
        assert first["outcome"] == "done", first
        assert send(client, sent) == first
    third = deed(cast, key, "tick-3", **problem(3, photos=SimpleUploadedFile("a.pdf", PDF)))
    assert send(client, third)["outcome"] == "done"
    found = {
        "find-place": "大门",
        "find-kind": "hygiene",
        "find-text": "纸屑",
        "find-handling": "handled",
        "find-action": "清扫",
    }
    assert send(client, deed(cast, key, "find", **found))["outcome"] == "done"
    assert send(client, deed(cast, key, "end"))["outcome"] == "done"
    walk = Patrol.objects.get()
    assert (walk.state, walk.started_at) == ("ended", begun + timedelta(minutes=1))
    assert [tick.at for tick in walk.ticks.order_by("at")][:2] == [
        begun + timedelta(minutes=1),
        begun + timedelta(minutes=2),
    ]
    kinds = Event.objects.filter(kind__startswith="patrols.", device_at__isnull=False)
    assert list(kinds.values_list("kind", flat=True)) == [
        "patrols.started", "patrols.ticked", "patrols.ticked", "patrols.found", "patrols.found", "patrols.ended",
    ]  # fmt: skip
    assert Report.objects.count() == 1 and Finding.objects.count() == 2


@pytest.mark.rule("G-01")
def test_what_the_route_does_not_take_is_a_conflict_and_kept_as_a_note(cast: Cast, route: Route) -> None:
    client, key = sitting(cast), f"r{route.pk}"
    assert send(client, deed(cast, key, "tick-1", **fine(1)))["outcome"] == "done"
    again = send(client, deed(cast, key, "tick-1", uuid="another-uuid-1", **fine(1)))
    assert again["outcome"] == "conflict" and "已经记过" in again["words"]
    assert "tick-1" not in again["order"]["legal"] and "tick-2" in again["order"]["legal"]
    assert any("点位1" in label for label, _value in again["order"]["facts"])
    routes.retire_route(actor=cast.actor("supervisor"), record=route, at=timezone.now(), reason="封闭")
    Patrol.objects.update(state="ended", ended_at=timezone.now())
    late = send(client, deed(cast, key, "tick-2", **fine(2)))
    assert late["outcome"] == "conflict" and late["order"]["legal"] == []
    before = Finding.objects.count()
    note = deed(cast, key, "note", text="点位2 灯不亮")
    for _turn in range(2):
        sent = note | {"photos": SimpleUploadedFile("a.pdf", PDF)}
        assert send(client, sent)["outcome"] == "done"
    event = Event.objects.get(kind="patrols.note_kept")
    assert event.data["text"] == "点位2 灯不亮" and event.subject_id == route.pk
    assert Attachment.objects.count() == 1 and Finding.objects.count() == before
    assert send(client, deed(cast, key, "note", uuid="empty-note-1", text=" "))["outcome"] == "refused"
    ended = send(client, deed(cast, key, "end", **{"end-remark": "x"}))
    assert ended["outcome"] == "conflict" and "还没有开始" in ended["words"]


@pytest.mark.rule("G-03")
def test_a_home_that_a_colleague_visited_meanwhile_is_shown_side_by_side(cast: Cast) -> None:
    client, home = sitting(cast), cast.homes[0]
    now = timezone.now()
    visiting.visit_home(
        actor=cast.actor("assistant", now), at=now, household=home, result="met", person_met="钱先生", opinions="挺好"
    )  # fmt: skip
    sent = deed(cast, f"h{home.pk}", "met", **{"met-person_met": "钱女士", "met-opinions": "灯暗"})
    answer = send(client, sent)
    assert answer["outcome"] == "conflict" and "周助理" in answer["words"]
    assert ["见到了谁", "钱先生"] in answer["order"]["facts"] and answer["order"]["legal"] == []
    note = send(client, deed(cast, f"h{home.pk}", "note", text="钱女士说灯暗"))
    assert note["outcome"] == "done"
    assert Event.objects.get(kind="patrols.note_kept").subject_id == Visit.objects.get().pk
    gone = send(client, deed(cast, "h999999999", "met", **{"met-person_met": "谁"}))
    assert gone["outcome"] == "conflict" and gone["order"]["facts"]
    other = send(client, deed(cast, f"h{cast.homes[1].pk}", "absent"))
    assert other["outcome"] == "done" and other["order"]["state"] == "absent"


@pytest.mark.parametrize(
    ("key", "verb", "outcome"),
    [
        ("r0", "tick-1", "conflict"), ("x1", "tick-1", "conflict"), ("rx", "end", "conflict"), ("", "end", "conflict"),
        ("r{route}", "met", "refused"), ("h{home}", "end", "refused"), ("r{route}", "burn", "refused"),
        ("r{route}", "tick-1", "refused"), ("r{route}", "DROP TABLE", "refused"), ("r0", "note", "refused"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_in_words(
    cast: Cast, route: Route, key: str, verb: str, outcome: str
) -> None:
    key = key.format(route=route.pk, home=cast.homes[0].pk)
    before = Event.objects.count()
    answer = send(sitting(cast), deed(cast, key, verb, text="x"))
    assert answer["outcome"] == outcome and answer["words"]
    assert Event.objects.count() == before and not Patrol.objects.exists()


def test_who_does_not_walk_sends_nothing_and_keeps_nothing_of_it(cast: Cast, route: Route) -> None:
    client = sitting(cast, "engineering_head")
    state = client.get("/work/state/").json()
    assert not any("patrols" in path for path in state["pages"])
    sent = deed(cast, f"r{route.pk}", "tick-1", worker=cast.engineering_head.pk, **fine(1))
    assert client.post("/work/sync/", sent).json()["outcome"] == "conflict"
    assert not Patrol.objects.exists()
    assert client.get(reverse("patrols:phone")).status_code == 403
    assert reverse("patrols:phone") not in client.get("/work/").content.decode()


def test_a_supervisor_walks_with_plain_forms_and_without_tabs_of_orders(cast: Cast, route: Route) -> None:
    client = sitting(cast, "supervisor")
    page = client.get(reverse("patrols:phone_route", args=[route.pk])).content.decode()
    assert 'data-worker=""' in page and 'href="/work/pool/"' not in page
    where = reverse("patrols:phone_route_verb", args=[route.pk, "tick-1"])
    assert client.post(where, fine(1)).status_code == 303
    mine = sitting(cast).get(reverse("patrols:phone")).content.decode()
    assert f'data-worker="{cast.area_admin.pk}"' in mine and 'href="/work/pool/"' in mine


def test_a_deed_of_yesterday_does_not_end_the_walk_of_today(cast: Cast, route: Route) -> None:
    client, key = sitting(cast), f"r{route.pk}"
    assert send(client, deed(cast, key, "tick-1", **fine(1)))["outcome"] == "done"
    yesterday = timezone.now() - timedelta(days=1)
    late = deed(cast, key, "tick-2", device_at=yesterday.isoformat(), **fine(2))
    assert send(client, late)["outcome"] == "conflict"
    assert Patrol.objects.get().state == "walking"


def test_a_device_keeps_the_day_its_routes_its_points_and_its_homes(cast: Cast, route: Route) -> None:
    client = sitting(cast)
    pages = client.get("/work/state/").json()["pages"]
    point = route.points.get(number=1)
    for path in (
        reverse("patrols:phone"), reverse("patrols:phone_route", args=[route.pk]),
        reverse("patrols:phone_point", args=[point.key]), reverse("patrols:phone_home", args=[cast.homes[0].pk]),
    ):  # fmt: skip
        assert path in pages, path
    assert "点位3" in pages[reverse("patrols:phone_route", args=[route.pk])]
    assert 'href="/work/patrols/"' in client.get("/work/").content.decode()
    assert 'href="/work/patrols/"' in client.get("/work/shell/").content.decode()


def test_a_day_of_old_counts_as_its_own_day_and_a_far_one_as_now(cast: Cast, route: Route) -> None:
    client, key = sitting(cast), f"r{route.pk}"
    yesterday = timezone.now() - timedelta(days=1)
    sent = deed(cast, key, "tick-1", device_at=yesterday.isoformat(), **fine(1))
    assert send(client, sent)["outcome"] == "done"
    walk = Patrol.objects.get()
    assert walk.day == timezone.localtime(yesterday).date() and walk.started_at == yesterday
    assert send(client, deed(cast, key, "tick-1", uuid="today-uuid-1", **fine(1)))["outcome"] == "done"
    assert Patrol.objects.count() == 2
    old = datetime(2020, 1, 1, tzinfo=yesterday.tzinfo)
    walking.end_patrol(
        actor=cast.actor("area_admin", timezone.now()), record=Patrol.objects.get(state="walking"), at=timezone.now(),
        remark="x", device_at=old,
    )  # fmt: skip
    assert Patrol.objects.filter(ended_at__year=2020).count() == 0

"""Files sent by page or API: checked, confirmed by a person, brought in once by a worker, and then deleted."""

from __future__ import annotations

import io
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Person, Room
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import Forbidden
from yingsheng.ops.imports import rooms as rooms_import
from yingsheng.ops.imports import work
from yingsheng.ops.imports.jobs import clear_old, confirm_job, drop_job, report_of, send_file
from yingsheng.ops.imports.run import ImportKind, template_for
from yingsheng.ops.imports.work import do_next_job
from yingsheng.ops.models import ImportFile, ImportJob
from yingsheng.ops.worker import work_round

NOW = MONDAY_NINE
GOOD = "楼栋,单元,房号\n9栋,1单元,101\n9栋,1单元,102\n"
BAD = "楼栋,单元,房号\n9栋,1单元,101\n9栋,1单元,\n"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def sent(cast: Cast, text: str = GOOD, *, by: str = "supervisor", **more: Any) -> ImportJob:
    given: dict[str, Any] = {"kind": "rooms", "name": "房屋 9栋.csv", "body": text.encode(), **more}
    return send_file(actor=cast.actor(by), at=NOW, **given)


def worked(job: ImportJob) -> ImportJob:
    assert do_next_job(now=NOW)
    return ImportJob.objects.get(pk=job.pk)


def rooms(cast: Cast) -> int:
    return Room.objects.filter(site=cast.site, key__startswith="9-").count()


def test_a_good_file_comes_in_after_it_was_confirmed_and_then_is_gone(cast: Cast) -> None:
    job = worked(sent(cast))
    assert (job.state, job.row_count, job.problem_count, rooms(cast)) == ("checked", 2, 0, 0)
    confirm_job(actor=cast.actor("head"), job=job, at=NOW)
    job = worked(job)
    assert (job.state, rooms(cast), job.written["rooms"]) == ("done", 2, 2)
    assert not ImportFile.objects.exists()
    assert not do_next_job(now=NOW)
    kinds = list(
        Event.objects.filter(kind__startswith="ops.import_").order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == ["ops.import_sent", "ops.import_confirmed"]
    event = Event.objects.get(kind="estate.imported")
    assert (event.by, event.data["file"]) == (cast.head, job.file_name)


def test_a_bad_row_keeps_everything_out_and_is_shown(cast: Cast) -> None:
    job = worked(sent(cast, BAD))
    assert (job.state, job.problem_count, job.problems[0]["row"]) == ("checked", 1, 3)
    with pytest.raises(Refused):
        confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    body = report_of(job=job)
    assert body is not None
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    assert sheet.cell(row=2, column=1).value == 3
    assert rooms(cast) == 0
    drop_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    assert not ImportFile.objects.exists()
    with pytest.raises(Refused):
        drop_job(actor=cast.actor("supervisor"), job=job, at=NOW)


def test_what_became_bad_since_the_check_is_found_when_it_is_written(cast: Cast) -> None:
    first, second = worked(sent(cast)), worked(sent(cast))
    for job in (first, second):
        confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    assert worked(first).state == "done"
    again = worked(second)
    assert (again.state, again.problem_count, rooms(cast)) == ("checked", 2, 2)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", b""),
        ("a.exe", b"MZ"),
        ("a.xlsx", b"not an archive"),
        ("a.csv", b"PK\x03\x04\x00\x00"),
        ("a.csv", b"\x00" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_table_is_not_taken(cast: Cast, name: str, body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        sent(cast, name=name, body=body)
    assert refused.value.field == "file"
    assert not ImportJob.objects.exists()


def test_a_table_that_cannot_be_read_is_closed_with_the_reason(cast: Cast) -> None:
    job = worked(sent(cast, name="a.xlsx", body=b"PK\x03\x04 broken"))
    assert job.state == "refused"
    assert job.refusal["text"]
    assert not ImportFile.objects.exists()


def test_a_fault_of_ours_closes_the_job_and_writes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = worked(sent(cast))
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)

    def broken(**_given: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("yingsheng.ops.imports.rooms.note_import", broken)
    job = worked(job)
    assert (job.state, rooms(cast)) == ("refused", 0)


def test_only_who_may_import_sends_confirms_and_drops(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        sent(cast, by="front")
    job = worked(sent(cast))
    for verb in (confirm_job, drop_job):
        with pytest.raises(Forbidden):
            verb(actor=cast.actor("front"), job=job, at=NOW)


def test_a_dropped_job_is_not_taken_up(cast: Cast) -> None:
    job = worked(sent(cast))
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    drop_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    assert not do_next_job(now=NOW)
    assert rooms(cast) == 0


def test_a_job_dropped_while_it_is_read_stays_dropped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = sent(cast)

    def drop_meanwhile(**_given: object) -> None:
        drop_job(actor=cast.actor("supervisor"), job=job, at=NOW)
        raise Refused("x")

    monkeypatch.setattr(work, "run_import", drop_meanwhile)
    assert worked(job).state == "dropped"


def test_the_claim_of_a_dead_worker_runs_out(cast: Cast) -> None:
    job = worked(sent(cast))
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    ImportJob.objects.filter(pk=job.pk).update(state="writing", claimed_at=NOW)
    assert not do_next_job(now=NOW + timedelta(minutes=9))
    assert do_next_job(now=NOW + timedelta(minutes=11))
    assert rooms(cast) == 2


def test_a_file_nobody_confirms_is_deleted_after_a_day(cast: Cast) -> None:
    job = worked(sent(cast))
    assert clear_old(now=NOW + timedelta(hours=23)) == 0
    assert clear_old(now=NOW + timedelta(hours=25)) == 1
    job.refresh_from_db()
    assert job.state == "dropped"
    assert not ImportFile.objects.exists()
    event = Event.objects.get(kind="ops.import_dropped")
    assert (event.subject_id, event.by, event.data["file"]) == (job.pk, None, job.file_name)
    assert clear_old(now=NOW + timedelta(hours=26)) == 0


def test_a_confirmed_file_is_not_cleared_away(cast: Cast) -> None:
    job = worked(sent(cast))
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    assert clear_old(now=NOW + timedelta(hours=25)) == 0
    assert worked(job).state == "done"


def test_a_long_check_keeps_its_claim(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = sent(cast)
    passed = 0.0
    monkeypatch.setattr(work, "monotonic", lambda: passed)
    real = work.run_import

    def slow(**given: Any) -> Any:
        nonlocal passed
        for minutes in (9, 18, 27):
            passed = minutes * 60.0
            given["checking"](minutes, 100)
            assert not do_next_job(now=NOW + timedelta(minutes=minutes + 9))
        return real(**given)

    monkeypatch.setattr(work, "run_import", slow)
    assert worked(job).state == "checked"


def test_no_other_worker_takes_a_file_that_is_long_in_writing(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    job = worked(sent(cast))
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    real = rooms_import.note_import

    def other() -> bool:
        try:
            return do_next_job(now=NOW + timedelta(hours=1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        taken: list[Future[bool]] = []

        def long(**given: Any) -> None:
            real(**given)
            taken.append(pool.submit(other))
            time.sleep(0.5)  # what a second worker does meanwhile, he does before this one is through

        monkeypatch.setattr(rooms_import, "note_import", long)
        assert worked(job).state == "done"
        assert [one.result() for one in taken] == [False]
    assert rooms(cast) == 2


def test_the_database_knows_that_what_is_written_was_confirmed(cast: Cast) -> None:
    job = sent(cast)
    for change in ({"state": "writing"}, {"finished_at": NOW}, {"state": "dropped"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportJob.objects.filter(pk=job.pk).update(**change)


def test_two_workers_bring_a_file_in_once(committed_db: None) -> None:
    cast = make_cast()
    job = worked(sent(cast))
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)

    def one(_number: int) -> bool:
        try:
            return do_next_job(now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=3) as pool:
        taken = list(pool.map(one, range(3)))
    assert sum(taken) == 1
    assert rooms(cast) == 2
    assert Event.objects.filter(kind="estate.imported").count() == 1


def test_a_worker_round_brings_files_in(cast: Cast) -> None:
    sent(cast)
    done = work_round(now=NOW)
    assert (done.imports, done.idle) == (1, False)
    assert work_round(now=NOW).idle


def test_ten_thousand_rooms_come_in_within_half_a_minute(cast: Cast) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["楼栋*", "单元", "房号*", "片区", "楼层", "用途", "建筑面积", "曾用号"])
    for number in range(10_000):
        sheet.append(
            [
                f"{number // 500 + 10}栋",
                f"{number // 100 % 5 + 1}单元",
                str(101 + number % 100),
                "",
                "",
                "",
                "",
                "",
            ]
        )
    stream = io.BytesIO()
    book.save(stream)
    began = time.monotonic()
    job = worked(sent(cast, name="rooms.xlsx", body=stream.getvalue()))
    assert (job.row_count, job.problem_count) == (10_000, 0)
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    assert worked(job).state == "done"
    assert time.monotonic() - began < 30
    assert Room.objects.filter(site=cast.site).count() >= 10_000


def test_the_form_for_past_matters_is_read_by_its_own_map(cast: Cast) -> None:
    book = load_workbook(io.BytesIO(template_for(kind=ImportKind.CASES)))
    sheet = book.worksheets[0]
    titles = [str(cell.value).removesuffix("*") for cell in sheet[1]]
    values = {
        "编号": "A1", "事由": "厨房漏水", "受理时间": "2024-11-05 09:30", "办结时间": "2024-11-07 15:00",
        "状态": "已结", "来源": "来电", "类别": "维修", "电话": "13800000000",
    }  # fmt: skip
    for place, title in enumerate(titles, start=1):
        sheet.cell(row=2, column=place).value = values.get(title, "")
    stream = io.BytesIO()
    book.save(stream)
    job = worked(sent(cast, kind="cases", name="old.xlsx", body=stream.getvalue()))
    assert (job.map_name, job.row_count, job.problems) == ("standard", 1, [])
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    worked(job)
    case = Case.objects.get(number="A1")
    assert (case.channel, case.category, case.state) == ("phone", "repair", "closed")


def test_a_form_filled_in_english_is_read_like_any_other(cast: Cast) -> None:
    text = "Building,Entrance,Room,Name,Relation\n3栋,2单元,1802,孙住户,Tenant\n"
    job = worked(sent(cast, text, kind="people", name="people.csv"))
    assert job.problems == []
    confirm_job(actor=cast.actor("supervisor"), job=job, at=NOW)
    worked(job)
    assert Person.objects.filter(name="孙住户").exists()


def test_a_map_that_is_none_is_refused_at_once(cast: Cast) -> None:
    with pytest.raises(Refused):
        sent(cast, kind="cases", map_text="not toml [")
    with pytest.raises(Refused) as refused:
        sent(cast, kind="cases", map_name="nowhere")
    assert refused.value.field == "map_name"


def sitting(cast: Cast) -> Client:
    org.set_preferences(
        staff=cast.supervisor,
        site=cast.site,
        language="zh-hans",
        density="cosy",
        single_keys=True,
        at=NOW,
    )
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def test_the_whole_way_by_page(cast: Cast) -> None:
    client = sitting(cast)
    url = reverse("imports:new", args=["rooms"])
    empty = client.post(url, {})
    assert (empty.status_code, 'role="alert"' in empty.content.decode()) == (422, True)
    posted = client.post(url, {"file": SimpleUploadedFile("rooms.csv", BAD.encode())})
    assert posted.status_code == 303
    assert "等待核对" in client.get(posted["Location"]).content.decode()
    do_next_job(now=NOW)
    page = client.get(posted["Location"]).content.decode()
    assert "有 1 处有误" in page and "确认导入" not in page
    key = ImportJob.objects.get().key
    report = client.get(reverse("imports:report", args=[key]))
    assert report["Content-Disposition"].endswith('.xlsx"') and report.content.startswith(b"PK")
    assert client.post(reverse("imports:confirm", args=[key])).status_code == 422
    better = client.post(url, {"file": SimpleUploadedFile("rooms.csv", GOOD.encode())})
    do_next_job(now=NOW)
    assert "确认导入" in client.get(better["Location"]).content.decode()
    assert client.post(f"{better['Location']}confirm/").status_code == 303
    do_next_job(now=NOW)
    assert "已写入" in client.get(better["Location"]).content.decode()
    assert "rooms.csv" in client.get(reverse("imports:list")).content.decode()
    for kind in ImportKind:
        template = client.get(reverse("imports:template", args=[kind.value]))
        assert template.content.startswith(b"PK")
    assert client.get(reverse("imports:template", args=["none"])).status_code == 404
    assert client.get(reverse("imports:job", args=["none"])).status_code == 404

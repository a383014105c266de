"""Plans: owed by a day, handed in with a file, approved by the post of the rule."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.registers import PDF, make_plan
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.registers.models import Plan
from yingsheng.processes.registers.services.plans import approve_plan, hand_in_plan, return_plan, rule_of

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.mark.rule("X-10", "Z-01")
@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("hazard", "X-10"),
        ("environment", "X-10"),
        ("service", "Z-01"),
        ("annual", "Z-01"),
        ("budget", "Z-01"),
    ],
)
def test_a_plan_is_owed_by_its_rule(cast: Cast, kind: str, rule: str) -> None:
    row = make_plan(cast, kind=kind, handed_in=False)
    promise = Obligation.objects.get(subject_type="registers.plan", subject_id=row.pk)
    assert (rule_of(kind=kind), promise.rule, promise.responsible_staff) == (rule, rule, cast.supervisor)
    assert row.due_date == date(2025, 4, 2)  # thirty days on


@pytest.mark.rule("X-10", "Z-01")
def test_a_draft_is_handed_in_sent_back_and_approved(cast: Cast) -> None:
    before = Event.objects.count()
    row = make_plan(cast, due_date=date(2025, 3, 20))
    assert Obligation.objects.get(subject_type="registers.plan").state == "met"
    row = return_plan(actor=cast.actor("head"), record=row, at=later(1), reason="缺应急电话")
    assert Obligation.objects.filter(subject_type="registers.plan", state="armed").count() == 1
    row = hand_in_plan(actor=cast.actor("supervisor"), record=row, at=later(2), contribution="补上电话")
    with pytest.raises(Refused) as refused:
        approve_plan(actor=cast.actor("supervisor"), record=row, at=later(3))
    assert refused.value.rule == "X-10"
    row = approve_plan(actor=cast.actor("head"), record=row, at=later(3))
    assert (row.state, row.approved_by, row.file_count) == ("approved", cast.head, 1)
    assert Event.objects.count() == before + 5


@pytest.mark.rule("Z-01")
def test_what_cannot_be_is_refused(cast: Cast) -> None:
    row = make_plan(cast, handed_in=False)
    for change, field in (({}, "year"), ({"kind": "annual", "due_date": date(2025, 3, 2)}, "due_date")):
        with pytest.raises(Refused) as refused:
            make_plan(cast, handed_in=False, **change)  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(Refused) as refused:
        hand_in_plan(actor=cast.actor("supervisor"), record=row, at=NINE, contribution="没有文件")
    assert refused.value.field == "files"
    with pytest.raises(Refused):
        hand_in_plan(
            actor=cast.actor("supervisor"), record=row, at=NINE, contribution="坏文件",
            files=[ContentFile(b"MZ", name="a.exe")],
        )  # fmt: skip


@pytest.mark.rule("X-10")
def test_the_file_is_sent_on_the_page_and_read_there(cast: Cast) -> None:
    row = make_plan(cast, handed_in=False)
    client = Client()
    client.force_login(cast.supervisor, backend=BACKEND)
    step = reverse("registers:plans_step", args=[row.pk, "draft"])
    sent = {
        "draft-contribution": "列出危险源", "draft-files": SimpleUploadedFile("plan.pdf", PDF),
        "seen": str(row.version),
    }  # fmt: skip
    assert client.post(step, sent).status_code == 303
    page = client.get(reverse("registers:plans_one", args=[row.pk])).content.decode()
    assert f"/plans/{row.pk}/files/" in page
    key = page.split(f"/plans/{row.pk}/files/")[1].split("/")[0]
    kept = client.get(reverse("registers:plan_file", args=[row.pk, key]))
    assert (kept["Content-Type"], kept.content) == ("application/pdf", PDF)
    assert Plan.objects.get().state == "drafted"

"""The loop of improvement: seen, decided, judged, adjusted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import later, registered

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Improvement
from yingsheng.processes.complaints.services.improving import (
    adjust_improvement,
    evaluate_improvement,
    start_improvement,
)

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def started(cast: Cast, **fields: object) -> Improvement:
    values = {
        "site": cast.site, "source": "figures", "category": "repair", "pattern": "三号楼漏水一月五件",
        "measure": "换总阀", "responsible": cast.engineer, "done_by": date(2025, 3, 20), "by": cast.supervisor,
        "at": later(0), **fields,
    }  # fmt: skip
    return start_improvement(**values)  # type: ignore[arg-type]


def owed(row: Improvement) -> Obligation:
    return Obligation.objects.filter(subject_type="complaints.improvement", subject_id=row.pk).latest("round")


@pytest.mark.rule("C-79", "F-22")
@pytest.mark.parametrize(
    ("source", "rule", "day"), [("figures", "C-79", date(2025, 6, 20)), ("visits", "F-22", date(2025, 4, 20))]
)
def test_a_measure_is_judged_one_cycle_after_it_is_done(cast: Cast, source: str, rule: str, day: date):
    row = started(cast, source=source)
    assert row.evaluate_on == day
    promise = owed(row)
    assert (promise.rule, promise.responsible_staff) == (rule, cast.engineer)
    assert promise.due_at.astimezone(later(0).tzinfo).date() == day
    assert Message.objects.filter(to_staff=cast.engineer, rule=rule).count() == 1
    assert Event.objects.filter(kind="complaints.improvement_started").count() == 1


@pytest.mark.rule("C-79", "F-22")
def test_what_did_not_help_is_adjusted_and_judged_again(cast: Cast):
    row = started(cast, evaluate_on=date(2025, 4, 1))
    at = later(24 * 28)
    with pytest.raises(Refused):
        evaluate_improvement(improvement=row, effective=False, evaluation=" ", by=cast.supervisor, at=at)
    row = evaluate_improvement(
        improvement=row, effective=False, evaluation="又有四件", by=cast.supervisor, at=at
    )
    assert owed(row).state == "met"
    with pytest.raises(Refused):
        evaluate_improvement(improvement=row, effective=True, evaluation="好了", by=cast.supervisor, at=at)
    with pytest.raises(Conflict):
        adjust_improvement(
            improvement=row, measure="换立管", responsible=cast.engineer, done_by=at.date() + timedelta(days=9),
            by=cast.supervisor, at=at, seen=1,
        )  # fmt: skip
    row = adjust_improvement(
        improvement=row, measure="换立管", responsible=cast.engineering_head, done_by=at.date() + timedelta(days=9),
        by=cast.supervisor, at=at, seen=2,
    )  # fmt: skip
    assert (row.round, row.state, owed(row).round, owed(row).state) == (2, "running", 2, "armed")
    row = evaluate_improvement(
        improvement=row,
        effective=True,
        evaluation="两月一件没有",
        by=cast.supervisor,
        at=at + timedelta(days=60),
    )
    assert row.state == "effective"
    kinds = list(
        Event.objects.filter(kind__startswith="complaints.improvement")
        .order_by("seq")
        .values_list("kind", flat=True)
    )
    assert kinds == [
        "complaints.improvement_started",
        "complaints.improvement_found_ineffective",
        "complaints.improvement_adjusted",
        "complaints.improvement_evaluated",
    ]


@pytest.mark.rule("C-79")
@pytest.mark.parametrize(
    ("fields", "field"),
    [({"done_by": date(2025, 3, 1)}, "done_by"), ({"evaluate_on": date(2025, 3, 10)}, "evaluate_on")],
)
def test_days_that_cannot_be_are_refused(cast: Cast, fields: dict[str, date], field: str):
    with pytest.raises(Refused) as refused:
        started(cast, **fields)
    assert refused.value.field == field


@pytest.mark.rule("C-79")
def test_from_the_figures_to_the_measure_on_the_page(cast: Cast):
    registered(cast)
    client = Client()
    client.force_login(cast.supervisor, backend=BACKEND)
    month = client.get("/complaints/month/?year=2025&month=3").content.decode()
    assert "/complaints/improvements/?category=repair&amp;month=2025-03" in month
    words = {
        "source": "figures", "category": "repair", "pattern": "漏水多", "measure": "换阀",
        "responsible": cast.engineer.pk,
        "done_by": "2099-01-01", "month": "2025-03", "form_key": "a",
    }  # fmt: skip
    missing = client.post("/complaints/improvements/", {**words, "number": "TS-19990101-0001"})
    assert missing.status_code == 422 and "没有这个投诉编号" in missing.content.decode()
    sent = client.post("/complaints/improvements/", {**words, "form_key": "b"})
    assert sent.status_code == 303
    row = Improvement.objects.get()
    assert row.month == date(2025, 3, 1)
    page = client.get(sent["Location"]).content.decode()
    assert "漏水多" in page and "评估效果" in page
    step = f"/complaints/improvements/{row.pk}/evaluate/"
    assert client.post(step, {"evaluate-effective": "yes"}).status_code == 422
    done = client.post(
        step, {"evaluate-effective": "no", "evaluate-evaluation": "没用", "seen": "1", "form_key": "c"}
    )
    assert done.status_code == 303
    assert "调整措施" in client.get(f"/complaints/improvements/{row.pk}/").content.decode()

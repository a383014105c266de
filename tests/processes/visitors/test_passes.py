"""A pass is issued with the owner's consent, signed, used once; what a phone tells too late is kept and told."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.visitors import PDF, make_pass, travel
from tests.processes.story import later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.visitors.models import GateKey, Pass, SecondUse
from yingsheng.processes.visitors.queries.passes import known_to_phones, look_up, publics_of
from yingsheng.processes.visitors.rules.codes import read_code
from yingsheng.processes.visitors.services import gate, keys, passes
from yingsheng.processes.visitors.services.keeping import keep_gate

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def clock(row: Any, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type=row._meta.label_lower, subject_id=row.pk, milestone=milestone
    ).latest("round")


def release(cast: Cast, row: Pass, at: datetime, **more: Any) -> Pass:
    return gate.release_pass(actor=cast.actor("guard", at), record=row, at=at, **{"matches": "yes", **more})


@pytest.mark.rule("V-02", "V-09")
def test_an_owner_gets_a_signed_pass_with_its_list(cast: Cast) -> None:
    before = Event.objects.count()
    row = make_pass(cast, plate="粤b12345", arrears_remark="欠物业费两个月")
    assert Event.objects.count() == before + 1
    assert (row.state, row.consent_way, row.plate) == ("issued", "self", "粤B12345")
    assert row.valid_until == later(0) + timedelta(hours=24)
    slip = read_code(code=row.code, publics=publics_of(site=cast.site))
    assert (slip.key, slip.number, slip.room) == (row.key, row.number, "3栋2单元1802")
    assert [(one.name, one.count, one.is_bulky) for one in slip.lines] == [
        ("双门冰箱", 1, True),
        ("纸箱", 12, False),
    ]
    # arrears hinder nothing
    assert release(cast, row, later(1)).state == "released"


@pytest.mark.rule("V-02")
@pytest.mark.parametrize("relation", ["relative", "tenant", "company"])
def test_without_the_owner_nobody_else_gets_a_pass(cast: Cast, relation: str) -> None:
    with pytest.raises(Refused, match="业主的同意") as refused:
        make_pass(cast, relation=relation)
    assert refused.value.rule == "V-02"
    with pytest.raises(Refused, match="哪位业主"):
        make_pass(cast, relation=relation, consent_way="phone")
    with pytest.raises(Refused, match="拍照附上"):
        make_pass(cast, relation=relation, consent_way="letter", consent_name="钱女士")
    assert not Pass.objects.exists()
    row = make_pass(
        cast, relation=relation, consent_way="letter", consent_name="钱女士", letter=[ContentFile(PDF, name="a.pdf")]
    )  # fmt: skip
    assert (row.consent_by, row.consent_at) == (cast.front, later(0))


@pytest.mark.rule("V-02")
def test_the_owner_is_asked_first_and_the_pass_waits(cast: Cast) -> None:
    row = make_pass(cast, relation="tenant", consent_way="ask")
    assert (row.state, row.code) == ("waiting", "")
    owed = clock(row, "pass_consent")
    assert (owed.rule, owed.responsible_role, owed.due_at) == (
        "V-02",
        "FRONT_DESK",
        later(0) + timedelta(hours=1),
    )
    with pytest.raises(Conflict, match="还没有同意"):
        release(cast, row, later(0.1))
    with pytest.raises(Refused, match="业主的同意"):
        passes.note_consent(actor=cast.actor("front"), record=row, at=later(0.4), consent_way="ask")
    made = passes.note_consent(
        actor=cast.actor("front"), record=row, at=later(0.5), consent_way="phone", consent_name="钱女士"
    )
    owed.refresh_from_db()
    assert (made.state, made.consent_by, owed.state) == ("issued", cast.front, Obligation.State.MET)
    assert made.valid_until == later(0.5) + timedelta(hours=24)
    assert release(cast, made, later(1)).state == "released"


@pytest.mark.rule("V-09")
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"items": "冰箱"}, "items"), ({"items": "冰箱 1\n冰箱 2"}, "items"), ({"room": "9-9-9999"}, "room"),
        ({"plate": "xx"}, "plate"), ({"valid_until": MONDAY_NINE + timedelta(hours=25)}, "valid_until"),
        ({"valid_until": MONDAY_NINE - timedelta(hours=1)}, "valid_until"),
        ({"items": "\n".join(f"{'长' * 27}{sign} 1" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉")}, "items"),
    ],
)  # fmt: skip
def test_what_is_no_pass_is_refused(cast: Cast, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_pass(cast, **more)
    assert refused.value.field == field
    assert not Pass.objects.exists() and not Event.objects.filter(kind__startswith="visitors.").exists()


@pytest.mark.rule("V-02")
def test_another_figure_makes_another_time(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="V-02.valid_hours", value=2, active_from=later(0), reason="小区小", by=cast.head,
        at=later(0),
    )  # fmt: skip
    assert make_pass(cast).valid_until == later(2)


@pytest.mark.rule("V-02", "V-03")
def test_goods_go_out_once_by_a_guard(cast: Cast) -> None:
    row = make_pass(cast)
    with pytest.raises(Forbidden):
        gate.release_pass(actor=cast.actor("front"), record=row, at=later(1), matches="yes")
    with pytest.raises(Refused, match="换新条"):
        release(cast, row, later(1), matches="no")
    made = release(cast, row, later(1))
    assert (made.gate_by, made.gate_at) == (cast.guard, later(1))
    with pytest.raises(Conflict, match="已经用过"):
        release(cast, row, later(2))
    assert not SecondUse.objects.exists()


@pytest.mark.rule("V-02")
def test_a_mismatch_means_a_new_pass_and_the_old_one_is_over(cast: Cast) -> None:
    row = make_pass(cast)
    gate.keep_back(actor=cast.actor("guard"), record=row, at=later(1), reason="mismatch", remark="多一台电视")
    row.refresh_from_db()
    assert (row.state, row.ended_reason) == ("not_released", "mismatch")
    with pytest.raises(Refused, match="没有变"):
        passes.replace_pass(
            actor=cast.actor("front"), record=row, at=later(1.1), items="纸箱 12\n双门冰箱 1 大件", plate=""
        )
    passes.replace_pass(
        actor=cast.actor("front"), record=row, at=later(1.2), items="双门冰箱 1 大件\n纸箱 12\n电视机 1"
    )
    fresh = Pass.objects.get(replaces=row)
    row.refresh_from_db()
    assert (row.state, fresh.state, fresh.items.count()) == ("replaced", "issued", 3)
    with pytest.raises(Conflict, match="换新条"):
        release(cast, row, later(1.3))
    assert release(cast, fresh, later(1.3)).state == "released"


@pytest.mark.rule("V-02")
def test_the_gate_has_the_owner_asked_and_waits_for_the_answer(cast: Cast) -> None:
    row = make_pass(cast)
    gate.ask_owner(actor=cast.actor("guard"), record=row, at=later(1), question="说还有一台钢琴")
    owed = clock(row, "gate_answer")
    assert owed.due_at == later(1) + timedelta(minutes=30)
    with pytest.raises(Conflict, match="等前台回话"):
        release(cast, row, later(1.1))
    row.refresh_from_db()
    assert row.key in known_to_phones(actor=cast.actor("guard"), now=later(1.1))["blocked"]
    passes.answer_gate(
        actor=cast.actor("front"), record=row, at=later(1.2), answer="yes", remark="电话问钱女士，同意"
    )
    owed.refresh_from_db()
    assert owed.state == Obligation.State.MET
    assert release(cast, row, later(1.3)).state == "released"
    other = make_pass(cast)
    gate.ask_owner(actor=cast.actor("guard"), record=other, at=later(1), question="像是搬家")
    made = passes.answer_gate(
        actor=cast.actor("front"), record=other, at=later(1.2), answer="no", remark="钱女士说没有搬东西"
    )
    assert made.state == "not_released"


@pytest.mark.rule("V-02")
def test_a_revoked_pass_never_passes_and_phones_know(cast: Cast) -> None:
    row = make_pass(cast)
    with pytest.raises(Refused, match="撤销的原因"):
        passes.revoke_pass(actor=cast.actor("front"), record=row, at=later(1), reason=" ")
    passes.revoke_pass(actor=cast.actor("front"), record=row, at=later(1), reason="不搬了")
    with pytest.raises(Conflict, match="已经撤销"):
        release(cast, row, later(1.1))
    known = known_to_phones(actor=cast.actor("guard"), now=later(1.1))
    assert known["blocked"][row.key][0] == "revoked" and row.number not in known["open"]
    with pytest.raises(Refused, match="现在不能"):
        passes.revoke_pass(actor=cast.actor("front"), record=row, at=later(2), reason="再撤")


@pytest.mark.rule("V-02")
def test_time_runs_out_by_itself_but_a_guard_without_signal_was_in_time(cast: Cast) -> None:
    row, other = make_pass(cast), make_pass(cast)
    keep_gate(now=later(25))
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("expired", later(24))
    assert keep_gate(now=later(26)) == 0
    with pytest.raises(Conflict, match="过期"):
        release(cast, row, later(26))
    made = release(cast, other, later(26), device_at=later(3))
    assert (made.state, made.gate_at, made.gate_told_at) == ("released", later(3), later(26))


@pytest.mark.rule("V-02")
def test_a_code_altered_or_of_another_site_is_no_pass(cast: Cast) -> None:
    row, actor = make_pass(cast), cast.actor("guard")
    assert look_up(actor=actor, text=row.code).row == row
    assert look_up(actor=actor, text=f" {row.number.lower()} ").row == row
    altered = row.code[:-1] + ("A" if row.code[-1] != "A" else "B")
    for text in (altered, row.code.replace("FX1", "FX2"), "FX-20250303-9999", "."):
        with pytest.raises(Refused):
            gate.pass_named(actor=actor, code=text)
    there = make_pass(make_cast(code="other"))
    with pytest.raises(Refused, match="不是本项目"):
        gate.pass_named(actor=actor, code=there.code)
    # nor by its number, which both sites may have
    assert look_up(actor=actor, text=there.number).row == row


@pytest.mark.rule("V-02")
def test_keys_lie_sealed_and_old_ones_still_open(cast: Cast) -> None:
    row = make_pass(cast)
    key = GateKey.objects.get()
    assert key.private_sealed.startswith("v1:")
    fresh = keys.renew_key(actor=cast.actor("supervisor"), at=later(1), reason="每年换一次")
    assert GateKey.objects.filter(retired_at__isnull=True).get() == fresh
    other = make_pass(cast, at=later(1))
    for one in (row, other):
        assert look_up(actor=cast.actor("guard"), text=one.code).row == one


# -- what a phone tells -----------------------------------------------------------------------------------------


def phone(cast: Cast, who: str = "guard") -> Client:
    client = Client()
    client.force_login(cast.staff[who], backend=BACKEND)
    return client


def send(client: Client, cast: Cast, row: Pass, *, told: datetime, who: str = "guard", **more: str) -> Any:
    fields = {
        "uuid": uuid.uuid4().hex, "verb": "release", "order": f"gate:{row.key}", "worker": str(cast.staff[who].pk),
        "seen": "0", "device_at": told.isoformat(), "release-code": row.code, "release-matches": "yes", **more,
    }  # fmt: skip
    return client.post(reverse("ui:work_sync"), fields).json()


@pytest.mark.rule("V-02", "V-03")
def test_two_phones_without_signal_use_one_pass_and_both_moments_stay(cast: Cast) -> None:
    row = make_pass(cast)
    second = cast.staff["security_two"] = _second_guard(cast)
    with travel(later(3)):
        first = send(phone(cast), cast, row, told=later(1))
        assert first["outcome"] == "done"
        again = send(phone(cast, "security_two"), cast, row, told=later(2), who="security_two")
    assert again["outcome"] == "conflict" and "已经用过" in again["words"]
    assert ["门岗", "尤保安"] in again["order"]["facts"]
    row.refresh_from_db()
    use = SecondUse.objects.get()
    assert (row.gate_at, use.at, use.by, use.told_at) == (later(1), later(2), second, later(3))
    told = Message.objects.filter(to_staff=cast.supervisor, tone="late").get()
    assert told.params["number"] == row.number
    assert Event.objects.filter(kind="visitors.used_again", subject_id=row.pk).count() == 1
    with travel(later(3.1)):
        send(phone(cast, "security_two"), cast, row, told=later(2), who="security_two")
    assert SecondUse.objects.count() == 1


@pytest.mark.rule("V-02")
def test_what_fails_at_the_gate_leaves_nothing_half_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, before = make_pass(cast), Event.objects.count()

    def fail(**_told: object) -> None:
        raise RuntimeError("no event")

    monkeypatch.setattr(gate, "tell", fail)
    with pytest.raises(RuntimeError):
        release(cast, row, later(1))
    row.refresh_from_db()
    assert row.state == "issued" and Event.objects.count() == before


def _second_guard(cast: Cast) -> Any:
    from yingsheng.kernel.org import services as org

    staff = org.hire(
        site=cast.site, username="yunxi-g2", name="滕保安", password=None, by=None, at=later(-99)
    )
    org.appoint(staff=staff, site=cast.site, role="GUARD", department="security", by=None, at=later(-99))
    return staff


@pytest.mark.rule("V-02")
def test_a_deed_with_a_code_of_another_pass_or_an_altered_one_is_refused(cast: Cast) -> None:
    row, other = make_pass(cast), make_pass(cast)
    client = phone(cast)
    with travel(later(2)):
        assert send(client, cast, row, told=later(1), **{"release-code": other.code})["outcome"] == "refused"
        altered = row.code.replace(".", "!", 1)
        assert send(client, cast, row, told=later(1), **{"release-code": altered})["outcome"] == "refused"
        assert send(client, cast, row, told=later(1), **{"release-matches": ""})["outcome"] == "refused"
        assert send(client, cast, row, told=later(1), verb="burn")["outcome"] == "refused"
        kept = send(client, cast, row, told=later(1), verb="note", text="没放行，人走了")
        assert kept["outcome"] == "done"
    row.refresh_from_db()
    assert row.state == "issued" and not SecondUse.objects.exists()
    assert Event.objects.filter(kind="visitors.note_kept").count() == 1


@pytest.mark.rule("V-02", "V-03")
def test_the_page_works_as_plain_forms_and_is_kept_on_the_device(cast: Cast) -> None:
    row, client, here = make_pass(cast), phone(cast), reverse("visitors:gate")
    with travel(later(1)):
        page = client.get(here, {"code": row.number}).content.decode()
        assert "可以放行" in page and "双门冰箱 × 1" in page
        assert "签名不对" in client.get(here, {"code": row.code[:-2] + "AA"}).content.decode()
        state = client.get(reverse("ui:work_state")).json()
        assert row.code in state["pages"][here]
        address = reverse("visitors:gate_verb", args=["release"])
        wrong = client.post(address, {"release-code": row.code, "release-matches": "no"})
        assert wrong.status_code == 422 and "换新条" in wrong.content.decode()
        done = client.post(address, {"release-code": row.code, "release-matches": "yes"})
        assert done.status_code == 303
        assert "已经用过" in client.get(here, {"code": row.code}).content.decode()
        assert client.post(reverse("visitors:gate_verb", args=["burn"]), {}).status_code == 404
    row.refresh_from_db()
    assert row.state == "released"

"""The register of release passes as declared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.plates import format_plate
from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.visitors.models import Pass
from yingsheng.processes.visitors.process import forms
from yingsheng.processes.visitors.queries import passes as queries
from yingsheng.processes.visitors.rules.passes import ASKED as OWNER_ASKED
from yingsheng.processes.visitors.rules.passes import ISSUED, KEPT_BACK, OPEN, WAITING, write_list
from yingsheng.processes.visitors.services import passes
from yingsheng.processes.visitors.services.writing import ISSUE, SEE

TONES = {
    "waiting": "soon",
    "issued": "plain",
    "owner_asked": "soon",
    "released": "met",
    "not_released": "waiting",
    "expired": "waiting",
    "revoked": "waiting",
    "replaced": "waiting",
}


def items_words(row: Pass) -> str:
    """The items of a pass on one line each, as they are read."""
    return "\n".join(
        _("%(name)s × %(count)s（大件）") % {"name": one.name, "count": one.count}
        if one.is_bulky
        else f"{one.name} × {one.count}"
        for one in queries.lines_of(row)
    )


def _consent(row: Pass) -> str:
    words = str(_(Pass.Consent(row.consent_way).label))
    if row.consent_at is None:
        return words
    asked = _("%(when)s由%(who)s问") % {
        "when": queries.clock(row.consent_at), "who": row.consent_by.name if row.consent_by else "",
    }  # fmt: skip
    return "，".join(part for part in (words, row.consent_name, asked) if part)


def reason_words(row: Pass) -> str:
    """Why a pass ended: what was chosen at the gate, or as it was written."""
    chosen = dict(forms.KEPT_BACK)
    return str(_(chosen[row.ended_reason])) if row.ended_reason in chosen else row.ended_reason


def second_use_words(row: Pass) -> str:
    """When and by whom goods went out on a pass that was no longer good."""
    return "\n".join(
        f"{queries.clock(one.at)} {one.by.name}"
        for one in sorted(row.second_uses.all(), key=lambda use: use.at)
    )


def _of_home(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    return {"room": asked.removeprefix("home-")} if asked.startswith("home-") else {}


PASSES = RecordBook(
    code="passes", title=N("放行条"), icon="door-exit",
    hint=N("大件、成批的东西出门凭放行条；不是业主本人的要有业主同意，欠费只作提醒。"), rules=("V-02", "V-09"), see=SEE,
    states=tuple(
        State(
            code=code, label=str(label), tone=TONES[code], final=code not in (*OPEN, KEPT_BACK)
        )
        for code, label in Pass.State.choices
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.number),
    attrs=(
        Attr(name="room", label=N("房号"), value=lambda row: row.household.room.label, listed=True),
        Attr(name="applicant", label=N("申请人"), value=lambda row: row.applicant, listed=True),
        Attr(
            name="relation", label=N("与住户的关系"), value=lambda row: row.relation, words=dict(forms.RELATIONS),
            listed=True,
        ),
        Attr(name="items", label=N("物品清单"), value=items_words, wide=True),
        Attr(name="consent", label=N("业主同意"), value=_consent, wide=True),
        Attr(name="plate", label=N("车牌"), value=lambda row: format_plate(plate=row.plate) if row.plate else ""),
        Attr(name="valid_from", label=N("从什么时候有效"), value=lambda row: row.valid_from, kind="moment"),
        Attr(
            name="valid_until", label=N("有效到"), value=lambda row: row.valid_until, kind="moment", listed=True,
        ),
        Attr(name="arrears_remark", label=N("欠费提醒"), value=lambda row: row.arrears_remark, wide=True),
        Attr(name="issued_by", label=N("开具人"), value=lambda row: row.issued_by.name, listed=True),
        Attr(name="issued_at", label=N("开具时间"), value=lambda row: row.issued_at, kind="moment"),
        Attr(name="owner_question", label=N("门岗要问的"), value=lambda row: row.owner_question, wide=True),
        Attr(
            name="owner_answer", label=N("业主回话"), value=lambda row: row.owner_answer, words=dict(forms.ANSWERS),
        ),
        Attr(name="gate_by", label=N("门岗"), value=lambda row: row.gate_by.name if row.gate_by else ""),
        Attr(name="gate_at", label=N("核验时间"), value=lambda row: row.gate_at, kind="moment", listed=True),
        Attr(name="gate_remark", label=N("门岗说明"), value=lambda row: row.gate_remark, wide=True),
        Attr(name="ended_reason", label=N("原因"), value=reason_words, wide=True),
        Attr(name="second_uses", label=N("不能用了又放行"), value=second_use_words, wide=True),
        Attr(name="replaces", label=N("替代"), value=lambda row: row.replaces.number if row.replaces else ""),
        Attr(
            name="replaced_by", label=N("换成"),
            value=lambda row: row.replaced_by.number if hasattr(row, "replaced_by") else "",
        ),
    ),
    rows=queries.list_passes, find=queries.find_pass, newest_by="issued_at",
    verbs=(
        Verb(
            code="consent", form=forms.PASS_CONSENT, permission=ISSUE, run=passes.note_consent, sources=(WAITING,)
        ),
        Verb(
            code="answer", form=forms.PASS_ANSWER, permission=ISSUE, run=passes.answer_gate, sources=(OWNER_ASKED,),
            fits=lambda *, actor, record: not record.owner_answer,
        ),
        Verb(
            code="replace", form=forms.PASS_REPLACE, permission=ISSUE, run=passes.replace_pass,
            sources=(ISSUED, OWNER_ASKED, KEPT_BACK),
            fill=lambda row: {"items": write_list(lines=queries.lines_of(row)), "plate": row.plate},
        ),
        Verb(code="revoke", form=forms.PASS_REVOKE, permission=ISSUE, run=passes.revoke_pass, sources=OPEN),
    ),
    create=forms.PASS, create_permission=ISSUE, make=passes.issue_pass, start=_of_home,
)  # fmt: skip

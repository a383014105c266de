"""The printed sheets of keys: looking is free, printing is counted."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.money import format_fen
from yingsheng.base.numbering import whole_number
from yingsheng.kernel.custody.counting import judged
from yingsheng.kernel.custody.models import Item, Move
from yingsheng.kernel.custody.queries import list_moves, moves_of, shown_id
from yingsheng.kernel.custody.rules import DIFFERENCES, GONE
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.process import sheets
from yingsheng.processes.keys.process.books import REPORT, SEE
from yingsheng.processes.keys.process.forms import CLASSES, PAPERS
from yingsheng.processes.keys.queries import find_key, list_keys, list_loans, overdue_loans
from yingsheng.processes.keys.rules import ENTRUSTED, OF_A_HOME, register_forms
from yingsheng.processes.keys.services.month import bounds, count_of_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.papers import paper
from yingsheng.ui.parts import SignatureLine

MOST_LABELS = 200
MOST_LOANS = 400
BOTH = {"FM-37": sheets.LOANS, "FM-38": sheets.SECURITY_LOANS}


@require_http_methods(["GET", "POST"])
@desk(SEE)
def labels(request: DeskRequest) -> HttpResponse:
    """Labels with a code each, to be cut out: one key, or all of a class (K-03)."""
    rows = list_keys(actor=request.actor).exclude(state=GONE).order_by("place", "number")
    chosen, kind = request.GET.get("key", ""), request.GET.get("kind", "")
    if chosen:
        rows = rows.filter(pk=whole_number(text=chosen) or 0)
    if kind in dict(CLASSES):
        rows = rows.filter(kind=kind)
    words = dict(CLASSES)
    lines = [
        (
            row,
            _(words[row.kind]) if row.kind in words else "",
            request.build_absolute_uri(reverse("keys:scanned", args=[row.key])),
        )
        for row in rows[:MOST_LABELS]
    ]
    if chosen and not lines:
        raise Http404
    query = f"?key={chosen}" if chosen else f"?kind={kind}" if kind in words else ""
    return paper(
        request, process="keys", declared=sheets.LABELS, subject=lines[0][0] if chosen else request.actor.site,
        number=lines[0][0].number if chosen else kind or "ALL",
        context={"lines": lines, "kinds": [(code, _(label)) for code, label in CLASSES], "one": bool(chosen)},
        here=f"{reverse('keys:labels')}{query}",
    )  # fmt: skip


def _key(request: DeskRequest, pk: int, kinds: frozenset[str]) -> Item:
    row = find_key(actor=request.actor, pk=pk)
    if row is None or row.kind not in kinds:
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
@desk(SEE)
def receipt(request: DeskRequest, pk: int) -> HttpResponse:
    """What the owner took over: which keys, how many, on which paper, signed (K-07)."""
    row = _key(request, pk, OF_A_HOME)
    moves: list[Move] = [one for one in moves_of(item=row) if one.act == "to_owner"]
    given = moves[0] if moves else None
    papers = dict(PAPERS)
    context = {
        "item": row,
        "given": given,
        "paper": _(papers[given.id_kind]) if given is not None and given.id_kind in papers else "",
        "id_number": shown_id(move=given) if given is not None else "",
    }
    return paper(
        request, process="keys", declared=sheets.RECEIPT, subject=row, number=row.number, context=context,
        here=reverse("keys:receipt", args=[pk]),
        signatures=(SignatureLine(label=_("业主签名")), SignatureLine(label=_("经办人"))),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def pledge(request: DeskRequest, pk: int) -> HttpResponse:
    """单元钥匙托管承诺书 FM-71 for the owner to sign (K-10)."""
    row = _key(request, pk, frozenset({ENTRUSTED}))
    return paper(
        request, process="keys", declared=sheets.PLEDGE, subject=row, number=row.number, context={"item": row},
        here=reverse("keys:pledge", args=[pk]),
        signatures=(
            SignatureLine(label=_("业主签名"), name=row.held_key.pledged_by),
            SignatureLine(label=_("客户服务中心")),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def loans(request: DeskRequest) -> HttpResponse:
    """The register of loans of a month as FM-37 or FM-38, as the adopted layout has it (K-04, CF-32)."""
    year, number = chosen_month(request)
    since, until = bounds(year=year, month=number)
    layout = str(
        figure(path="K-04.register_layout", site=request.actor.site, at=request.now) or "one_register"
    )
    forms = register_forms(layout=layout)
    asked = request.GET.get("form", "")
    code, security = next((one for one in forms if one[0] == asked), forms[0])
    rows = list_loans(actor=request.actor).filter(lent_at__gte=since, lent_at__lt=until)
    if security is not None:
        rows = rows.filter(item__held_key__is_security_door=security)
    found = list(rows[:MOST_LOANS])
    shown = _shown(found)
    lines = [
        (row, *shown.get(row.pk, ("", "")), _fen(row.deposit_fen), _fen(row.refund_fen)) for row in found
    ]
    query = f"{month_query(year=year, month=number)}&form={code}"
    here = reverse("keys:loan_sheet")
    return paper(
        request, process="keys", declared=BOTH[code], subject=request.actor.site, number=f"{year}-{number:02d}",
        context={
            "lines": lines, "before": f"{month_query(year=year, month=number, by=-1)}&form={code}",
            "after": f"{month_query(year=year, month=number, by=1)}&form={code}",
            "others": [one for one, _security in forms if one != code], "query": month_query(year=year, month=number),
        },
        here=f"{here}{query}", layout="wide",
    )  # fmt: skip


def _fen(fen: int) -> str:
    return format_fen(fen=fen) if fen else ""


def _shown(loans: list[Loan]) -> dict[int, tuple[str, str]]:
    """By loan: which paper was shown, its number masked, and who signed when the key went out; one statement."""
    papers = dict(PAPERS)
    moves = {
        (one.item_id, one.at): one for one in list_moves(items=[loan.item_id for loan in loans], act="lent")
    }
    told = {}
    for loan in loans:
        move = moves.get((loan.item_id, loan.lent_at))
        if move is not None:
            words = [_(papers[move.id_kind]) if move.id_kind in papers else "", shown_id(move=move)]
            told[loan.pk] = " ".join(word for word in words if word), move.signed_by
    return told


@require_http_methods(["GET", "POST"])
@desk(REPORT)
def count_report(request: DeskRequest) -> HttpResponse:
    """The count of a month on paper: numbers, each difference with its reason, what is overdue (K-08)."""
    year, number = chosen_month(request)
    site = request.actor.site
    count = count_of_month(site=site, year=year, month=number, at=request.now)
    lines = [one for one in judged(stocktake=count) if one.result in DIFFERENCES] if count is not None else []
    return paper(
        request, process="keys", declared=sheets.COUNT, subject=site, number=f"{year}-{number:02d}",
        context={"count": count, "lines": lines, "overdue": list(overdue_loans(site=site, now=request.now)[:60])},
        here=f"{reverse('keys:count_sheet')}{month_query(year=year, month=number)}",
        signatures=(SignatureLine(label=_("清点人")), SignatureLine(label=_("审核人"))),
    )  # fmt: skip

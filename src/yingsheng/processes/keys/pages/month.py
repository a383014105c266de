"""钥匙月报: the count of the month, loans with their rows, keys by class, and the report (K-08, PO-04)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yingsheng.base.money import format_fen
from yingsheng.kernel.custody.models import Stocktake
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.kernel.timers.periods import period_name
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.process.books import LOANS, REPORT
from yingsheng.processes.keys.process.forms import CLASSES, FILE_MONTH
from yingsheng.processes.keys.queries import PERIOD, LoanFigures, keys_by_class, list_loans, loan_figures
from yingsheng.processes.keys.services.month import bounds, count_of_month, export_keys, file_month, window_of
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

PAGE = 50


@require_http_methods(["GET", "POST"])
@desk(REPORT)
def month(request: DeskRequest) -> HttpResponse:
    """The month of the keys; sent in, it is reported with its count as it stands now."""
    year, number = chosen_month(request)
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=FILE_MONTH, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            file_month(actor=request.actor, year=year, month=number, at=request.now, **values.cleaned_data)
            return f"{reverse('keys:month')}{month_query(year=year, month=number)}&did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show(request, year=year, number=number, tried=form)


def _narrowed(rows: QuerySet[Loan], asked: str, request: DeskRequest) -> QuerySet[Loan]:
    if asked in Loan.Kind.values:
        return rows.filter(kind=asked)
    if asked == "late":
        overdue = Q(state=Loan.State.OPEN, due_at__lt=request.now)
        return rows.filter(Q(returned_at__gt=F("due_at")) | overdue)
    return rows.filter(state=asked) if asked in Loan.State.values else rows


def _show(request: DeskRequest, *, year: int, number: int, tried: SpecForm | None) -> HttpResponse:
    site, base = request.actor.site, month_query(year=year, month=number)
    since, until = bounds(year=year, month=number)
    count = count_of_month(site=site, year=year, month=number, at=request.now)
    found = loan_figures(site=site, since=since, until=until, now=request.now)
    classes, words = keys_by_class(site=site), dict(CLASSES)
    rows = list_loans(actor=request.actor).filter(lent_at__gte=since, lent_at__lt=until)
    page = Paginator(_narrowed(rows, request.GET.get("loans", ""), request), PAGE).get_page(
        request.GET.get("page")
    )
    periods = Period.objects.filter(site=site, code=PERIOD)
    filings = (
        Filing.objects.filter(period__in=periods).select_related("by", "period").order_by("-at", "-pk")[:12]
    )
    names = [_(words[one.kind]) if one.kind in words else one.kind for one in classes]
    context: dict[str, Any] = {
        "figures": [*_count_figures(count), *_loan_figures(found, base)],
        "chart": Chart(
            id="keys-by-class", title=_("各类钥匙"), kind="bar", labels=names,
            series=[
                (_("在柜"), [one.held for one in classes]), (_("借出"), [one.out for one in classes]),
                (_("遗失"), [one.lost for one in classes]),
            ],
            unit=_("把"),
        ),
        "drill": [
            {"label": name, "count": one.total, "url": f"{reverse('keys:keys')}?kind={one.kind}"}
            for name, one in zip(names, classes, strict=True)
        ],
        "window": window_of(year=year, month=number, site=site, at=request.now), "year": year, "number": number,
        "query": base, "columns": _columns(), "rows": [_row(one) for one in page], "paging": page,
        "caption": _("本月借用"), "empty": Empty(text=_("这个月没有借用。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "filings": [(one, period_name(period=one.period)) for one in filings],
        "form": tried or build_form(spec=FILE_MONTH, actor=request.actor)(), "verb": _(FILE_MONTH.verb),
        "now": request.now, "result": Result(text=_("钥匙清点已上报")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "keys/month.html", context, status=status_of(form=tried))


def _rule(rule: str) -> dict[str, Any]:
    return {"rule": rule, "rule_url": reverse("ui:rule", args=[rule])}


def _count_figures(count: Stocktake | None) -> list[Figure]:
    """What the count of the month found; without one, that it is still to be made."""
    if count is None:
        return [
            Figure(
                label=_("钥匙清点"), value="—", note=_("还没有清点"), tone="soon", word=_("待清点"),
                url=reverse("keys:keys_stocktakes"), **_rule("K-08"),
            )
        ]  # fmt: skip
    url = reverse("keys:keys_stocktakes_one", args=[count.pk])
    odd = count.missing + count.surplus
    return [
        Figure(
            label=_("账上钥匙"), value=count.total, unit=_("件"), url=url,
            note=_("在位 %(here)s，在外 %(away)s") % {"here": count.in_place, "away": count.away}, **_rule("K-08"),
        ),
        Figure(
            label=_("账实不符"), value=odd, unit=_("件"), url=url, tone="late" if odd else "met",
            word=_("有差异") if odd else _("相符"),
            note=_("缺少 %(missing)s，多出 %(surplus)s") % {"missing": count.missing, "surplus": count.surplus},
            **_rule("K-08"),
        ),
    ]  # fmt: skip


def _loan_figures(found: LoanFigures, base: str) -> list[Figure]:
    rate = round(found.on_time * 100 / found.due) if found.due else "—"
    return [
        Figure(
            label=_("借用"), value=found.loans, unit=_("次"), url=base,
            note=_("本公司 %(inside)s，外单位 %(outside)s") % {"inside": found.inside, "outside": found.outside},
            **_rule("K-04"),
        ),
        Figure(
            label=_("按时归还"), value=rate, unit="%" if found.due else "", numerator=found.on_time,
            denominator=found.due, url=f"{base}&loans=late", **_rule("K-04"),
        ),
        Figure(label=_("未还"), value=found.open, unit=_("次"), url=f"{base}&loans=open", **_rule("K-12")),
        Figure(
            label=_("遗失"), value=found.lost, unit=_("次"), url=f"{base}&loans=lost",
            tone="late" if found.lost else "plain", **_rule("K-04"),
        ),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(label=_("状态"), kind="chip"), Column(label=_("编号"), kind="code"), Column(label=_("钥匙")),
        Column(label=_("借用人")), Column(label=_("借用原因"), kind="long"),
        Column(label=_("押金（元）"), kind="number"), Column(label=_("借出时间"), kind="moment"),
        Column(label=_("应还时间"), kind="moment"),
        Column(label=_("归还时间"), kind="moment"),
    ]  # fmt: skip


def _row(loan: Loan) -> Row:
    state, url = LOANS.state(loan.state), reverse("keys:key_loans_one", args=[loan.pk])
    return Row(
        name=loan.number,
        url=url,
        cells=[
            Cell(text=_(state.label), tone=state.tone),  # type: ignore[arg-type]
            Cell(text=loan.number, url=url), f"{loan.item.number} {loan.item.name}",
            " ".join(one for one in (loan.organisation, loan.borrower) if one), loan.purpose,
            format_fen(fen=loan.deposit_fen) if loan.deposit_fen else "", loan.lent_at, loan.due_at,
            loan.returned_at or "",
        ],
    )  # fmt: skip


@require_POST
@desk(REPORT)
def month_export(request: DeskRequest) -> HttpResponse:
    """The loans of a month as Excel; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    since, until = bounds(year=year, month=number)
    rows = list(list_loans(actor=request.actor).filter(lent_at__gte=since, lent_at__lt=until))
    reason = request.POST.get("reason", "").strip()[:200]
    export_keys(actor=request.actor, what="key_loans", rows=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("钥匙借用"), columns=_columns(), rows=[_row(one) for one in rows], reason=reason,
        name=f"key-loans-{year}-{number:02d}",
    )  # fmt: skip

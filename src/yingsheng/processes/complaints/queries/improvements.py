"""Reading the register of improvement measures."""

from __future__ import annotations

from django.db.models import QuerySet

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.complaints.models import Improvement


def list_improvements(*, site: Site) -> QuerySet[Improvement]:
    """The measures of a site: those to be adjusted or judged first, the ended ones after them, newest first."""
    rows = Improvement.objects.filter(site=site).select_related("responsible", "case", "started_by")
    return rows.order_by("-state", "evaluate_on", "-pk")


def find_improvement(*, site: Site, pk: int) -> Improvement | None:
    """One measure of the site."""
    return (
        Improvement.objects.filter(site=site, pk=pk)
        .select_related("responsible", "case", "started_by")
        .first()
    )


def group_named(*, actor: Actor, number: str) -> Case | None:
    """The complaint a measure is drawn from, by its number; Refused for one that is not there."""
    if not number:
        return None
    found = visible_cases(actor=actor).filter(process="complaints", number__iexact=number.strip()).first()
    if found is None:
        raise Refused(gettext_noop("没有这个投诉编号"), field="number", rule="C-79")
    return found

"""Paper of a case: every print of a sheet is an event, and from the second on a reprint (补打)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Staff

PRINTED = "cases.sheet_printed"


@transaction.atomic
def record_print(*, case: Case, mark: str, form_number: str, medium: str, by: Staff, at: datetime) -> int:
    """Count a print of one of a case's sheets and return which it is: 1 is no reprint, n is reprint n - 1.

    `mark` names the sheet (its code, for a visit's sheet with the visit), `medium` is page or pdf.
    """
    # the row of the case makes two printers queue, so that no two sheets carry the same number
    held = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    count = print_counts(case=held)[mark] + 1
    events.record(
        site_id=held.site_id,
        kind=PRINTED,
        subject=held,
        by=by,
        at=at,
        data={"sheet": mark, "form": form_number, "count": count, "medium": medium},
    )
    return count


def print_counts(*, case: Case) -> Counter[str]:
    """How often each sheet of a case was printed, by its mark; one statement."""
    rows = Event.objects.filter(subject_type=SUBJECT, subject_id=case.pk, kind=PRINTED)
    return Counter(data["sheet"] for data in rows.values_list("data", flat=True))


def counts_in(*, events: Iterable[Event]) -> Counter[str]:
    """The same from the whole story of a case that somebody has read already."""
    return Counter(event.data["sheet"] for event in events if event.kind == PRINTED)

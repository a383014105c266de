"""记录校验: the proof, part by part, that nobody altered, removed or inserted a line of the site's book."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.events.models import ChainHead, Event
from yingsheng.kernel.events.queries import PROBLEMS, verify_part
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings.area import draw
from yingsheng.ui.pages.words import event_words
from yingsheng.ui.parts import Fact

HERE = "ui:records"
SHOWN = 20


@require_GET
@desk(Allow.AUDIT)
def records(request: DeskRequest) -> HttpResponse:
    """How long the book is and how it ends; with `?from=` a part of it is read and judged."""
    site = request.actor.site
    head = ChainHead.objects.get(site=site)
    wanted = request.GET.get("from", "")
    context: dict[str, object] = {}
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 16:
        context = _read(request, start=max(1, int(wanted)))
        head.refresh_from_db()
    newest = Event.objects.filter(site=site).select_related("by").order_by("-seq").first()
    context["facts"] = [
        Fact(label=_("事件"), value=head.seq, number=True),
        Fact(label=_("最近一条"), value=newest.at if newest else "—", number=True),
        Fact(label=_("最近一条的内容"), value=event_words(event=newest) if newest else "—"),
        Fact(
            label=_("末条校验码"),
            value=head.hash,
            wide=True,
            note=_("抄下来另存，以后可以证明这之前的记录没有被重写"),
        ),
    ]
    return draw(request, here=HERE, template="ui/settings/records.html", context=context)


def _read(request: DeskRequest, *, start: int) -> dict[str, object]:
    found = verify_part(site_id=request.actor.site.pk, from_seq=start)
    earlier = request.GET.get("flaws", "")
    flaw_count = len(found.flaws) + (whole_number(text=earlier, digits=8) or 0)
    through = found.last_seq if found.next_seq is None else found.next_seq - 1
    on = f"{reverse('ui:records')}?from={found.next_seq}&flaws={flaw_count}" if found.next_seq else ""
    return {
        "checked": found,
        "start": start,
        "flaw_count": flaw_count,
        "flaws": [(flaw.seq, _(PROBLEMS[flaw.problem])) for flaw in found.flaws[:SHOWN]],
        "progress": {"label": _("已核验"), "value": through, "max": found.last_seq},
        "on_url": on,
    }

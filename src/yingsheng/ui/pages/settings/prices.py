"""价目表: what labour, material and special services cost here from now on (R-08, S-04)."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yingsheng.base.money import format_fen
from yingsheng.kernel.charges.forms import PRICE
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import list_prices
from yingsheng.kernel.charges.services import end_price, set_price
from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings.area import draw
from yingsheng.ui.submit import take_form

HERE = "ui:prices"


@require_http_methods(["GET", "POST"])
@desk(Allow.EDIT_PRICES)
def prices(request: DeskRequest) -> HttpResponse:
    """The list in force, and a form that puts a price on it."""
    form = build_form(spec=PRICE, actor=request.actor)(request.POST if request.method == "POST" else None)

    def run() -> str:
        set_price(actor=request.actor, at=request.now, **form.cleaned_data)
        return f"{reverse(HERE)}?did=set"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    words = {"set": _("已定价"), "ended": _("已停用")}
    context = {
        "verb": _(PRICE.verb),
        "lines": [
            (item, _(PriceItem.Kind(item.kind).label), format_fen(fen=item.price_fen))
            for item in list_prices(site=request.actor.site)
        ],
    }
    return draw(
        request, here=HERE, template="ui/settings/prices.html", context=context, form=form,
        done=words.get(request.GET.get("did", ""), ""),
    )  # fmt: skip


@require_POST
@desk(Allow.EDIT_PRICES)
def price_end(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a price off the list."""
    item = PriceItem.objects.filter(pk=pk, site=request.actor.site).first()
    if item is None:
        raise Http404
    end_price(actor=request.actor, item=item, at=request.now)
    return HttpResponseRedirect(f"{reverse(HERE)}?did=ended", status=303)

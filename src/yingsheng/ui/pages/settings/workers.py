"""工种与班次: who can do what, and in which hours work is given to him (R-11)."""

from __future__ import annotations

from datetime import time

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import build_form
from yingsheng.kernel.orders.models import Trade, WorkerProfile
from yingsheng.kernel.orders.queries import on_shift
from yingsheng.kernel.orders.services import set_profile
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings.area import draw
from yingsheng.ui.pages.settings.forms import WEEKDAYS
from yingsheng.ui.submit import take_form

HERE = "ui:workers"
DAYS = tuple((str(number), name) for number, name in enumerate(WEEKDAYS))
WORKER = FormSpec(
    name="worker",
    title=N("工种与班次"),
    verb=N("登记"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="staff", kind=Kind.STAFF, label=N("人员"), required=True, rules=("R-11",)),
                Field(
                    name="trades",
                    kind=Kind.CHOICES,
                    label=N("工种"),
                    rules=("R-11",),
                    choices=tuple((str(code), str(label)) for code, label in Trade.choices),
                ),
                Field(name="weekdays", kind=Kind.CHOICES, label=N("当班日"), choices=DAYS, rules=("R-11",)),
                Field(
                    name="shift_from",
                    kind=Kind.LINE,
                    label=N("几点上班"),
                    required=True,
                    max_length=5,
                    rules=("R-11",),
                    hint=N("例如 08:00；全天当班就上下班写同一时刻"),
                ),
                Field(
                    name="shift_to",
                    kind=Kind.LINE,
                    label=N("几点下班"),
                    required=True,
                    max_length=5,
                    rules=("R-11",),
                ),
                Field(name="away_until", kind=Kind.MOMENT, label=N("请假到"), rules=("R-11",)),
                Field(name="off", kind=Kind.FLAG, label=N("不再派单"), rules=("R-11",)),
            ),
        ),
    ),
)


def _clock(*, text: str, field: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(N("这里要填时刻，例如 08:00"), field=field, rule="R-11") from error


@require_http_methods(["GET", "POST"])
@desk(Allow.KEEP_CREW)
def workers(request: DeskRequest) -> HttpResponse:
    """Everybody work is given to, and a form that adds or changes one."""
    form = build_form(spec=WORKER, actor=request.actor)(request.POST if request.method == "POST" else None)

    def run() -> str:
        typed = dict(form.cleaned_data)
        set_profile(
            actor=request.actor, at=request.now, staff=typed["staff"], trades=typed["trades"],
            weekdays=[int(day) for day in typed["weekdays"]],
            shift_from=_clock(text=typed["shift_from"], field="shift_from"),
            shift_to=_clock(text=typed["shift_to"], field="shift_to"), away_until=typed["away_until"],
            active=not typed["off"],
        )  # fmt: skip
        return f"{reverse(HERE)}?did=set"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    profiles = WorkerProfile.objects.filter(site=request.actor.site, active=True).select_related("staff")
    context = {
        "verb": _(WORKER.verb),
        "lines": [
            {
                "profile": profile,
                "trades": _("、").join(str(_(Trade(code).label)) for code in profile.trades),
                "days": _("、").join(str(_(WEEKDAYS[day])) for day in profile.weekdays),
                "here": on_shift(profile=profile, at=request.now),
            }
            for profile in profiles.order_by("staff__name", "pk")
        ],
    }
    words = _("已登记") if request.GET.get("did") else ""
    return draw(
        request, here=HERE, template="ui/settings/workers.html", context=context, form=form, done=words
    )

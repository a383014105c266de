"""Taking a form in: validate, run one service once, and show a refusal where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.forms.build import SpecForm
from yingsheng.kernel.forms.submissions import Answer, fingerprint, once
from yingsheng.ui.desk import DeskRequest

NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "form_key"})


def content_mark(*, request: DeskRequest, without: Collection[str] = ()) -> str:
    """A digest of what was typed, without the keys that differ from page to page, and without these."""
    values: dict[str, Any] = {
        name: request.POST.getlist(name)
        for name in request.POST
        # not even a digest of a password is kept
        if name not in NOT_CONTENT and name not in without and not name.endswith("password")
    }
    for name, files in request.FILES.lists():
        values[f"file:{name}"] = [[file.name, file.size] for file in files]
    return fingerprint(values=values)


def take_form(*, request: DeskRequest, form: SpecForm, run: Callable[[], str]) -> HttpResponse | None:
    """Run the service behind a valid form, once however often it is sent, and go to the address it returns.

    None means the form has to be shown again: invalid, or refused with the words put on the form.
    """
    if not form.is_valid():
        return None
    actor = request.actor
    try:
        answer = once(
            scope=f"page:{actor.site.pk}:{actor.staff.pk}:{request.path}",
            key=request.POST.get("form_key", "")[:200],
            mark=content_mark(request=request),
            at=request.now,
            run=lambda: Answer(status=303, body={"url": run()}),
        )
    except (Conflict, Refused) as refusal:
        form.refuse(refusal)
        return None
    return HttpResponseRedirect(str(answer.body["url"]), status=303)


def status_of(*, form: SpecForm | None) -> int:
    """422 for a page that shows a form again, 200 for a fresh one."""
    return 422 if form is not None and form.errors else 200

"""Adding files to a case from its page, and taking one back."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.attachments import Sent, add_files, find_case_of, remove_file
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import find_case
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.org.access import demand
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.attachments import add_form, files_panel, get_file
from yingsheng.ui.pages.cases import show_case
from yingsheng.ui.submit import take_form


@require_http_methods(["POST"])
@desk()
def case_files(request: DeskRequest, key: str) -> HttpResponse:
    """Add files to a case; refused ones come back with the reason and the name of the file."""
    case = _case(request, key)
    demand(actor=request.actor, permission=processes.get(case.process).attach_permission)
    form = add_form(request, sent=True)

    def run() -> str:
        values = form.cleaned_data
        sent = [_sent(file) for file in (*values["photos"], *values["files"])]
        add_files(actor=request.actor, case=case, files=sent, note=values["note"], at=request.now)
        return f"{reverse('ui:case', args=[case.key])}?did=files"

    done = take_form(request=request, form=form, run=run)
    if done is not None:
        return done
    return show_case(request, case=case, files=files_panel(request, case=case, form=form))


def _sent(file: UploadedFile[bytes]) -> Sent:
    return Sent(name=str(file.name or ""), body=file.read())


@require_http_methods(["POST"])
@desk()
def file_remove(request: DeskRequest, key: str) -> HttpResponse:
    """Take a file back with a reason; it stays in the list."""
    found = get_file(request, key)
    case = find_case_of(actor=request.actor, attachment=found)
    assert case is not None  # or the file would not have been found
    try:
        remove_file(
            actor=request.actor, attachment=found, reason=request.POST.get("reason", ""), at=request.now
        )
    except Refused as refusal:
        panel = files_panel(request, case=case, refused=key, refusal=words_of(refusal))
        response = show_case(request, case=_case(request, case.key), files=panel)
        response.status_code = 422
        return response
    return HttpResponseRedirect(f"{reverse('ui:case', args=[case.key])}?did=file_removed#files", status=303)


def _case(request: DeskRequest, key: str) -> Case:
    case = find_case(actor=request.actor, key=key)
    if case is None:
        raise Http404
    return case

"""What may be done with a matter of the desk; each kind is offered its own way and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yingsheng.base.process import Step
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.enquiries import services
from yingsheng.processes.enquiries.process.forms import (
    ANSWER,
    ASSIGN,
    CHECK,
    CONTACT,
    DECIDE,
    HELP_DONE,
    PASS_PRAISE,
    SEND_HELP,
    THANK,
)
from yingsheng.processes.enquiries.rules import HELP, PRAISE, SUGGESTION, needs_case


def _by(service: Callable[..., Any]) -> Callable[..., Any]:
    def run(*, actor: Any, **fields: Any) -> Any:
        return service(by=actor.staff, **fields)

    return run


def _is(kind: str) -> Callable[[Any], bool]:
    return lambda case: bool(case.category == kind)


def _plain(case: Any) -> bool:
    return not needs_case(kind=case.category)


def _not_assigned(case: Any) -> tuple[str, str] | None:
    return None if case.department_id else (N("还没有派给责任部门"), "B-05")


def _not_told(case: Any) -> tuple[str, str] | None:
    return None if case.enquiry.praised_id else (N("还没有转告被表扬的人"), "B-07")


STEPS = (
    Step(
        code="answer", label=N("答复"), permission="enquiries.answer", sources=("open",), targets=("answered",),
        form=ANSWER, run=_by(services.answer_enquiry), rules=("B-02", "B-03", "B-07"), fits=_plain, main=True,
    ),
    Step(
        code="decide", label=N("建议处理"), permission="enquiries.decide", sources=("open",),
        targets=("answered", "improving"), form=DECIDE, run=_by(services.decide_suggestion), rules=("B-08",),
        fits=_is(SUGGESTION),
    ),
    Step(
        code="check", label=N("检查改进"), permission="enquiries.decide", sources=("improving",), targets=("answered",),
        form=CHECK, run=_by(services.check_improvement), rules=("B-08",),
    ),
    Step(
        code="send_help", label=N("派人去帮"), permission="enquiries.answer", sources=("open", "helping"),
        targets=("helping",), form=SEND_HELP, run=_by(services.send_help), rules=("B-07",), fits=_is(HELP),
    ),
    Step(
        code="help_done", label=N("告知结果"), permission="enquiries.answer", sources=("helping",),
        targets=("answered",), form=HELP_DONE, run=_by(services.finish_help), rules=("B-07",), fits=_is(HELP),
    ),
    Step(
        code="pass_praise", label=N("转告表扬"), permission="enquiries.answer", sources=("open",), targets=(),
        form=PASS_PRAISE, run=_by(services.pass_praise), rules=("B-07",), fits=_is(PRAISE),
    ),
    Step(
        code="thank", label=N("回谢住户"), permission="enquiries.answer", sources=("open",), targets=("answered",),
        form=THANK, run=_by(services.thank_back), rules=("B-07",), fits=_is(PRAISE), blocked=_not_told,
    ),
    Step(
        code="assign", label=N("派给责任部门"), permission="enquiries.assign", sources=("open",), targets=(),
        form=ASSIGN, run=_by(services.assign_enquiry), rules=("B-05", "B-07", "B-15"),
    ),
    Step(
        code="contact", label=N("联系客户"), permission="enquiries.contact", sources=("open",), targets=(),
        form=CONTACT, run=_by(services.contact_customer), rules=("B-05",), blocked=_not_assigned,
    ),
)  # fmt: skip

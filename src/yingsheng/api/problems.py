"""Every error as a problem document (RFC 9457), in the reader's language, with a code for programs."""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import ValidationError as Unfit

from yingsheng.api.fields import Shape
from yingsheng.base.process import processes
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.org.permissions import PERMISSIONS

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: N("请求不完整"),
    401: N("需要令牌"),
    403: N("没有权限"),
    404: N("没有找到"),
    405: N("不支持这种请求方法"),
    409: N("与别人的更新冲突"),
    413: N("内容太大"),
    415: N("只收JSON"),
    422: N("内容有误"),
    429: N("请求太频繁"),
    500: N("系统出错"),
}
# what the shape checker finds, in words; %(…)s are filled from its own context
WORDS: Mapping[str, str] = {
    "missing": N("请填写这一项"),
    "extra_forbidden": N("没有这一项"),
    "string_type": N("应是文字"),
    "string_unicode": N("文字里有无法保存的字符"),
    "string_too_long": N("最多%(max_length)s个字"),
    "string_too_short": N("请填写这一项"),
    "string_pattern_mismatch": N("格式不对"),
    "literal_error": N("只能是：%(expected)s"),
    "int_type": N("应是整数"),
    "int_parsing": N("应是整数"),
    "bool_type": N("应是true或false"),
    "bool_parsing": N("应是true或false"),
    "list_type": N("应是列表"),
    "too_short": N("至少要有%(min_length)s项"),
    "too_long": N("最多%(max_length)s项"),
    "model_type": N("应是JSON对象"),
    "model_attributes_type": N("应是JSON对象"),
    "greater_than_equal": N("不能小于%(ge)s"),
    "less_than_equal": N("不能大于%(le)s"),
    "moment_text": N("应是带时区的ISO时间，例如2025-03-03T09:00:00+08:00"),
    "moment_naive": N("时间要带时区，例如2025-03-03T09:00:00+08:00"),
    "moment_range": N("年份要在2000到2099之间"),
    "date_text": N("应是日期，例如2025-03-03"),
    "nul": N("文字里有无法保存的字符"),
}
UNFIT = N("这一项填得不对")


class FieldProblem(Shape):
    """What is wrong with one input; `field` is its path, parts joined by dots."""

    field: str
    code: str
    detail: str


class Problem(Shape):
    """An error: `code` is stable for programs, `rule` names the rule that refuses, `field` the input to correct."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    rule: str = ""
    field: str = ""
    errors: list[FieldProblem] = []
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One wrong input found after the shape was right; `text` is a message id."""

    field: str
    code: str
    text: str


class ApiProblem(Exception):
    """An answer other than success that the interface itself decides; `text` is a message id."""

    def __init__(
        self,
        *,
        status: int,
        code: str,
        text: str,
        field: str = "",
        mistakes: Iterable[Mistake] = (),
        **params: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text
        self.field = field
        self.mistakes = tuple(mistakes)
        self.params = params


class TooMany(Exception):
    """The client asked more often than agreed; `wait_seconds` until it may ask again."""

    def __init__(self, *, wait_seconds: float) -> None:
        super().__init__(wait_seconds)
        self.wait_seconds = wait_seconds


def not_found(*, text: str = "") -> ApiProblem:
    """404, the same for what does not exist and for what the client may not know of."""
    return ApiProblem(status=404, code="not_found", text=text or N("没有这条记录，或者您不能查看"))


def unknown(*, field: str, text: str) -> ApiProblem:
    """422 for a code, key or name that stands for nothing here."""
    return ApiProblem(
        status=422,
        code="unknown",
        text=text,
        field=field,
        mistakes=[Mistake(field=field, code="unknown", text=text)],
    )


def problem_response(
    *,
    status: int,
    code: str,
    detail: str,
    rule: str = "",
    field: str = "",
    errors: Iterable[FieldProblem] = (),
    reference: str = "",
) -> HttpResponse:
    """The response for a problem."""
    problem = Problem(
        type=f"urn:yingsheng:problem:{code}",
        title=str(_(TITLES.get(status, TITLES[400]))),
        status=status,
        detail=detail,
        code=code,
        rule=rule,
        field=field,
        errors=list(errors),
        reference=reference,
    )
    return HttpResponse(problem.model_dump_json(), status=status, content_type=MEDIA_TYPE)


def unfit_errors(*, errors: Iterable[Mapping[str, Any]], skip: int = 0) -> list[FieldProblem]:
    """What the shape checker found, field by field, in our words; the first `skip` parts of a path are left out."""
    found = []
    for error in errors:
        kind = str(error["type"])
        text = str(_(WORDS.get(kind, UNFIT)))
        path = ".".join(str(part) for part in tuple(error["loc"])[skip:])
        found.append(FieldProblem(field=path[:200], code=kind, detail=text % error.get("ctx", {})))
    return found


def unfit_response(*, errors: list[FieldProblem]) -> HttpResponse:
    """422 for input of the wrong shape; the first error stands in `field` and `detail`."""
    first = errors[0]
    detail = f"{first.field}：{first.detail}" if first.field else first.detail
    return problem_response(status=422, code="unfit", detail=detail, field=first.field, errors=errors)


def register_handlers(*, api: NinjaAPI) -> None:
    """Turn every exception of an operation into its problem document."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    status = 409 if isinstance(error, Conflict) else 422
    words = words_of(error)
    errors = [FieldProblem(field=error.field, code=error.code, detail=words)] if error.field else []
    return problem_response(
        status=status, code=error.code, detail=words, rule=error.rule, field=error.field, errors=errors
    )


def _forbidden(request: HttpRequest, error: Any) -> HttpResponse:
    label = next((item.label for item in _all_permissions() if item.code == error.permission), "")
    words = _("需要权限%(code)s（%(label)s）") % {
        "code": error.permission,
        "label": _(label) if label else "",
    }
    return problem_response(status=403, code="forbidden", detail=words, field="")


def _all_permissions() -> Iterable[Any]:
    return (*PERMISSIONS, *(item for process in processes for item in process.permissions))


def _own(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [FieldProblem(field=one.field, code=one.code, detail=str(_(one.text))) for one in error.mistakes]
    words = str(_(error.text))
    return problem_response(
        status=error.status,
        code=error.code,
        detail=words % error.params if error.params else words,
        field=error.field,
        errors=errors,
    )


def _anonymous(request: HttpRequest, error: Any) -> HttpResponse:
    words = _("请用Authorization: Bearer加上有效的令牌")
    response = problem_response(status=401, code="no_token", detail=words)
    response["WWW-Authenticate"] = 'Bearer realm="yingsheng"'
    return response


def _too_many(request: HttpRequest, error: Any) -> HttpResponse:
    seconds = max(1, math.ceil(error.wait_seconds))
    words = _("请在%(seconds)s秒后再试") % {"seconds": seconds}
    response = problem_response(status=429, code="too_many", detail=words)
    response["Retry-After"] = str(seconds)
    return response


def _bad_query(request: HttpRequest, error: Any) -> HttpResponse:
    # loc is ("query", "filters", "limit"): where, which argument, which field
    errors = []
    for one in error.errors:
        loc = tuple(one["loc"])
        errors.append({**one, "loc": loc[-1:] if len(loc) > 1 else loc})
    return unfit_response(errors=unfit_errors(errors=errors))


def _bad_body(request: HttpRequest, error: Any) -> HttpResponse:
    return unfit_response(errors=unfit_errors(errors=error.errors(include_url=False, include_input=False)))


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    status = error.status_code
    return problem_response(status=status, code="bad_request", detail=str(_(TITLES.get(status, TITLES[400]))))


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return _own(request, not_found())


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(status=413, code="too_big", detail=_("一次请求最多12 MB"))


def _bug(request: HttpRequest, error: Any) -> HttpResponse:
    # the number is all that the client learns; the log has it with the whole story
    reference = secrets.token_hex(4)
    log.error("API error %s for %s %s", reference, request.method, request.path, exc_info=error)
    words = _("系统出错，没有写入任何内容。请把编号%(reference)s告诉管理员") % {"reference": reference}
    return problem_response(status=500, code="error", detail=words, reference=reference)


_HANDLERS: Mapping[type[Exception], Any] = {
    Exception: _bug,
    Refused: _refused,
    Forbidden: _forbidden,
    ApiProblem: _own,
    AuthenticationError: _anonymous,
    TooMany: _too_many,
    ValidationError: _bad_query,
    Unfit: _bad_body,
    HttpError: _http,
    Http404: _missing,
    RequestDataTooBig: _too_big,
}

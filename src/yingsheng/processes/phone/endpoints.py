"""The telephone over the API: signed signals of a telephone system, the calls, how soon they are answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.security import APIKeyHeader
from pydantic import Field

from yingsheng.api.fields import MomentIn, Shape
from yingsheng.api.problems import TooMany
from yingsheng.api.records import record_router
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest, window
from yingsheng.api.writing import body_doc, json_response, read_body
from yingsheng.kernel.calls.models import Exchange
from yingsheng.kernel.calls.queries import ring_figures
from yingsheng.kernel.calls.rules import Signal, is_fresh, is_signed
from yingsheng.kernel.calls.services import key_of, take_in
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.phone.process import CALLS, SEE

router = Router(tags=["phone"])
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
MOST_A_MINUTE = 3000


class Signed(APIKeyHeader):
    """A signed post: X-Exchange names the telephone system, X-Stamp says when, X-Signature proves stamp and body."""

    param_name = "X-Signature"

    def authenticate(self, request: HttpRequest, key: str | None) -> Exchange | None:
        """The telephone system, None for one that is unknown or retired, a stale stamp or a wrong signature."""
        stamp = request.headers.get("X-Stamp", "")
        code = request.headers.get("X-Exchange", "")
        exchange = Exchange.objects.select_related("site").filter(code=code[:20], active=True).first()
        if exchange is None or not key or not _is_fresh(stamp, cast(ApiRequest, request).now):
            return None
        if not is_signed(secret=key_of(exchange=exchange), stamp=stamp, body=request.body, given=key):
            return None
        wait = window.take(client_id=-exchange.pk, limit=MOST_A_MINUTE)
        if wait > 0:
            raise TooMany(wait_seconds=wait)
        return exchange


def _is_fresh(stamp: str, now: datetime) -> bool:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return at.tzinfo is not None and is_fresh(stamp=at, now=now)


class SignalIn(Body):
    """One thing that happened to a call; `ref` names the call in the telephone system, in all of its signals."""

    ref: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Literal["ring", "answer", "transfer", "hangup"]
    at: MomentIn
    direction: Literal["in", "out"] = "in"
    number: Annotated[str, Field(max_length=40)] = ""
    line: Annotated[str, Field(max_length=24)] = ""
    extension: Annotated[str, Field(max_length=12)] = ""
    rings: Annotated[int, Field(ge=1, le=99)] | None = None


class SignalOut(Shape):
    """How the call stands now."""

    call: int
    state: str


class RingQuery(Shape):
    """Which calendar month."""

    month: Month


class RingsOut(Shape):
    """Incoming calls of a month (KPI-11); `limit` is the rings of the rule, null where nothing is asked."""

    month: str
    limit: int | None
    incoming: int
    answered: int
    kept: int
    missed: int
    called_back: int
    hotline_out: int


@router.post(
    "/signals",
    response=SignalOut,
    auth=Signed(),
    operation_id="take_phone_signal",
    openapi_extra=body_doc(SignalIn),
)
def take_signal(request: ApiRequest) -> HttpResponse:
    """Take in what a telephone system tells; sent twice or out of order, it comes to the same."""
    sent: Any = read_body(request=request, model=SignalIn)
    exchange = cast(Exchange, request.auth)
    call = take_in(exchange=exchange, signal=Signal(**sent.model_dump()), now=request.now)
    return json_response(status=200, values=SignalOut(call=call.pk, state=call.state).model_dump(mode="json"))


@router.get("/figures", response=RingsOut, operation_id="show_ring_figures")
def show_figures(request: ApiRequest, query: Query[RingQuery]) -> RingsOut:
    """How soon calls were answered, and who was called back (KPI-11, B-06, D-10)."""
    session = request.auth
    session.demand(SEE)
    zone = ZoneInfo(settings.TIME_ZONE)
    first = date.fromisoformat(f"{query.month}-01")
    start = datetime(first.year, first.month, 1, tzinfo=zone)
    following = (first + timedelta(days=32)).replace(day=1)
    limit = figure(path="D-10.rings", site=session.actor.site, at=session.now)
    found = ring_figures(
        site=session.actor.site, start=start, end=datetime(following.year, following.month, 1, tzinfo=zone),
        ring_limit=int(limit or 0),
    )  # fmt: skip
    return RingsOut(
        month=query.month, limit=limit, incoming=found.incoming, answered=found.answered,
        kept=found.kept if limit is not None else found.answered, missed=found.missed, called_back=found.called_back,
        hotline_out=found.hotline_out,
    )  # fmt: skip


router.add_router("", record_router(book=CALLS, named="phone_calls"))

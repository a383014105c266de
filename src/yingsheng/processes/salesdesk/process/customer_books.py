"""The registers of receptions, calls and referrals as declared, and their sheets FM-60, FM-61, FM-62, FM-65."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yingsheng.base.process import MenuEntry, Sheet, State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.salesdesk.models import Visit
from yingsheng.processes.salesdesk.process import customer_forms as forms
from yingsheng.processes.salesdesk.process.customer_words import known, missing_words, name_of
from yingsheng.processes.salesdesk.queries import customers as queries
from yingsheng.processes.salesdesk.queries.allow import SEE, SEE_ALL, TAKE
from yingsheng.processes.salesdesk.services import calls, correcting, finding, referring, registering

RECEIVING, REGISTERED, LEFT = (one.value for one in Visit.State)
ONGOING, ENTERED, EITHER, KEPT = (RECEIVING,), (REGISTERED,), (RECEIVING, REGISTERED), ("kept",)
GROUP = N("售楼接待")
RELATIONS = {code.value: text for code, text in forms.RELATIONS.items()}
PUBLIC_KINDS = {code.value: text for code, text in forms.PUBLIC_KINDS.items()}
CODES: Mapping[str, Mapping[str, str]] = {
    "field": forms.FIELDS, "what": forms.TOLD, "relation": RELATIONS, "reach": dict(forms.REACH),
    "noticed": dict(forms.NOTICED),
}  # fmt: skip
HOWS = {one.value: str(one.label) for one in Visit.How}


def _receives(*, actor: Actor, record: Any) -> bool:
    return record.receiver_id == actor.staff.pk or actor.may(SEE_ALL)


def _may_agree(*, actor: Actor, record: Any) -> bool:
    """The original agent on his own screen, or the receiver whose screen he signs on."""
    found = registering.originals(visit=record)
    return bool(found) and (actor.staff.pk in found or record.receiver_id == actor.staff.pk)


def _corrects(*, actor: Actor, record: Any) -> bool:
    return actor.staff.pk in (record.entry.agent_id, record.entry.by_id) or actor.may(SEE_ALL)


def _facts(row: Visit) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in registering.TOLD if name not in ("named", "named_too_late")},
        "named": row.named_id, "named_when": "afterwards" if row.named_too_late else "during" if row.named_id else "",
    }  # fmt: skip


def _told_so_far(row: Visit) -> dict[str, Any]:
    """What was told of the reception before he is entered."""
    facts = _facts(row)
    return {"named": facts["named"], "named_when": facts["named_when"], "companions": row.remark}


def _known(name: str) -> Callable[[Any], str]:
    return lambda row: known(entry=row.entry, is_own=row.is_own)[name]


def _attr(name: str, *, listed: bool = False, wide: bool = False, kind: str = "text") -> Attr:
    return Attr(name=name, label=forms.FIELDS[name], value=_known(name), listed=listed, wide=wide, kind=kind)


def _person(name: str) -> Callable[[Any], str]:
    return lambda row: getattr(row, name).name if getattr(row, name) is not None else ""


def _article(row: Visit) -> str:
    return str(row.decision.get("article", "")) if row.decision else ""


def _start_referral(*, actor: Actor, asked: str, at: Any) -> dict[str, Any]:
    """Somebody introduced by the visitor whose entry was asked for."""
    return {"introduced_by": asked} if asked.startswith("KH-") else {}


CORRECT = {"form": forms.CORRECT, "permission": TAKE, "run": correcting.correct, "fits": _corrects}
WHO = (
    _attr("contact", listed=True),
    _attr("employer_or_address"),
    _attr("intention", listed=True, kind="long"),
    _attr("source"),
    _attr("surname"),
    _attr("car_brand"),
    _attr("plate"),
)
MISSING = Attr(name="missing", label=N("七项里还缺"), value=lambda row: missing_words(row.entry), wide=True)
IMPLIED = Attr(name="project", label=N("项目"), value=lambda row: row.entry.project.name)

VISITS = RecordBook(
    code="sales_visits", title=N("客户登记本"), icon="notebook",
    hint=N("接待的每位客户：七项信息、先前有没有人登记过、归谁、依据哪一条。登记后只能补记更正，不能改。"),
    rules=("J-04", "J-05", "J-15", "J-29"), see=SEE,
    states=(
        State(code=RECEIVING, label=N("接待中"), tone="soon"),
        State(code=REGISTERED, label=N("已登记"), tone="met", final=True),
        State(code=LEFT, label=N("未留资料"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {name_of(row)}".strip(),
    attrs=(
        Attr(name="arrived_at", label=N("到访时间"), value=lambda row: row.arrived_at, kind="moment", listed=True),
        Attr(name="entry", label=N("登记号"), value=lambda row: row.entry.number if row.entry else "", kind="code"),
        *WHO,
        Attr(name="receiver", label=N("接待业务员"), value=_person("receiver"), listed=True),
        Attr(name="how", label=N("怎样接待"), value=lambda row: row.how, words=HOWS),
        Attr(name="help_of", label=N("帮哪位同事"), value=_person("help_of")),
        Attr(name="owner", label=N("归属"), value=_person("owner"), listed=True),
        Attr(name="article", label=N("依据条款"), value=_article, listed=True),
        Attr(name="needs_ruling", label=N("等销售经理裁定"), value=lambda row: row.needs_ruling or None),
        Attr(name="named", label=N("点名找"), value=_person("named")),
        Attr(name="named_too_late", label=N("接待完才点名"), value=lambda row: row.named_too_late or None),
        Attr(
            name="brought_by", label=N("带来的老客户"),
            value=lambda row: row.brought_by.number if row.brought_by else "", kind="code",
        ),
        Attr(name="public_kind", label=N("公共客户"), value=lambda row: row.public_kind, words=PUBLIC_KINDS),
        Attr(name="public_after", label=N("接待完才认定公共客户"), value=lambda row: row.public_after or None),
        Attr(name="card_given", label=N("给了名片"), value=lambda row: row.card_given or None),
        Attr(name="is_group", label=N("团购客户"), value=lambda row: row.is_group or None),
        Attr(name="knew", label=N("接待前就知道是同事的客户"), value=lambda row: row.knew or None),
        Attr(name="went_on", label=N("知道以后仍继续接待"), value=lambda row: row.went_on or None),
        Attr(name="project", label=N("项目"), value=lambda row: row.project.name),
        Attr(
            name="companions", label=N("同行人和关系"),
            value=lambda row: row.remark if row.is_own else "••••" if row.remark else "", wide=True,
        ),
        _attr("remark", wide=True), MISSING,
    ),
    rows=queries.list_visits, find=queries.find_visit, newest_by="arrived_at",
    verbs=(
        Verb(
            code="register", form=forms.REGISTER, permission=TAKE, run=registering.register, sources=ONGOING,
            fits=_receives, fill=_told_so_far,
        ),
        Verb(code="look", form=forms.LOOK, permission=TAKE, run=finding.look, sources=ONGOING, fits=_receives),
        Verb(
            code="find", form=forms.FIND, permission=TAKE, run=finding.find_earlier, sources=EITHER, fits=_receives,
        ),
        Verb(
            code="tell", form=forms.TELL, permission=TAKE, run=registering.tell_facts, sources=EITHER, fits=_receives,
            fill=_facts,
        ),
        Verb(
            code="consent", form=forms.CONSENT, permission=TAKE, run=registering.give_consent, sources=EITHER,
            fits=_may_agree,
        ),
        Verb(code="correct", sources=ENTERED, **CORRECT),  # type: ignore[arg-type]
        Verb(
            code="leave", form=forms.LEAVE, permission=TAKE, run=registering.leave, sources=ONGOING, fits=_receives,
        ),
    ),
    filters=(Filter(name="how", label=N("怎样接待"), choices=tuple(HOWS.items())),),
)  # fmt: skip

CALLS = RecordBook(
    code="sales_calls", title=N("电话咨询登记本"), icon="phone",
    hint=N("谁接的、客户找谁、问了什么、归谁；各接面前的电话，同事忙时要帮接。"),
    rules=("J-06",), see=SEE, states=(State(code="kept", label=N("已登记"), tone="met", final=True),),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {name_of(row)}",
    attrs=(
        Attr(name="called_at", label=N("来电时间"), value=lambda row: row.called_at, kind="moment", listed=True),
        *WHO,
        Attr(name="content", label=N("问了什么"), value=lambda row: row.content, wide=True),
        Attr(name="answered_by", label=N("接听业务员"), value=_person("answered_by"), listed=True),
        Attr(name="helped", label=N("帮哪位同事接的"), value=_person("helped")),
        Attr(name="named", label=N("点名找"), value=_person("named")),
        Attr(name="owner", label=N("归属"), value=lambda row: row.entry.agent.name, listed=True),
        IMPLIED, _attr("remark", wide=True),
    ),
    rows=queries.list_calls, find=queries.find_call, newest_by="called_at",
    verbs=(Verb(code="correct", sources=KEPT, **CORRECT),),  # type: ignore[arg-type]
    create=forms.CALL, create_permission=TAKE, make=calls.register_call,
)  # fmt: skip

REFERRALS = RecordBook(
    code="sales_referrals", title=N("来访登记本"), icon="users",
    hint=N("看房人提到或介绍、自己还没来过的人也登记；他来的时候没有点名的，登记齐全才能据此移交。"),
    rules=("J-14",), see=SEE, states=(State(code="kept", label=N("已登记"), tone="met", final=True),),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {name_of(row)}",
    attrs=(
        Attr(name="told_at", label=N("登记时间"), value=lambda row: row.told_at, kind="moment", listed=True),
        *WHO,
        Attr(
            name="introduced_by", label=N("介绍的看房人"), value=lambda row: row.introduced_by.number, kind="code",
            listed=True,
        ),
        Attr(name="relation", label=N("与看房人的关系"), value=lambda row: row.relation, words=RELATIONS, listed=True),
        Attr(name="owner", label=N("归属"), value=lambda row: row.entry.agent.name, listed=True),
        IMPLIED, _attr("remark", wide=True), MISSING,
    ),
    rows=queries.list_referrals, find=queries.find_referral, newest_by="told_at",
    verbs=(Verb(code="correct", sources=KEPT, **CORRECT),),  # type: ignore[arg-type]
    create=forms.REFERRAL, create_permission=TAKE, make=referring.register_referral, start=_start_referral,
)  # fmt: skip

BOOKS: tuple[RecordBook, ...] = (VISITS, CALLS, REFERRALS)
MENU: tuple[MenuEntry, ...] = (
    MenuEntry(group=GROUP, label=N("我的客户"), icon="users", url_name="salesdesk:mine", permission=SEE, order=134),
    MenuEntry(
        group=GROUP, label=VISITS.title, icon=VISITS.icon, url_name="salesdesk:sales_visits", permission=SEE, order=131
    ),
    MenuEntry(
        group=GROUP, label=CALLS.title, icon=CALLS.icon, url_name="salesdesk:sales_calls", permission=SEE, order=132
    ),
    MenuEntry(
        group=GROUP, label=REFERRALS.title, icon=REFERRALS.icon, url_name="salesdesk:sales_referrals", permission=SEE,
        order=133,
    ),
)  # fmt: skip


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


def _sheet(code: str, title: str, number: str) -> Sheet:
    return Sheet(
        code=f"sales_{code}",
        title=title,
        form_number=number,
        template=f"salesdesk/sheets/{code}.html",
        build=_as_is,
    )


CUSTOMER_BOOK = _sheet("customer_book", N("客户登记本"), "FM-60")
PHONE_BOOK = _sheet("phone_book", N("电话咨询登记本"), "FM-61")
REGISTER_FORM = _sheet("register_form", N("客户登记表"), "FM-62")
VISITOR_BOOK = _sheet("visitor_book", N("来访登记本"), "FM-65")
SHEETS: tuple[Sheet, ...] = (CUSTOMER_BOOK, PHONE_BOOK, REGISTER_FORM, VISITOR_BOOK)

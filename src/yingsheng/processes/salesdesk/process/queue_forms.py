"""What is asked at the board and of a project."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import Visit
from yingsheng.processes.salesdesk.models.queue import KINDS
from yingsheng.processes.salesdesk.rules.facts import PublicKind
from yingsheng.processes.salesdesk.services.listing import MOVES, OWN_MOVES, WITH_REASON
from yingsheng.processes.salesdesk.services.receiving import CASES

PUBLIC_KINDS = (
    (PublicKind.PEER.value, N("同行")), (PublicKind.PRINCIPAL.value, N("甲方领导带来参观")),
    (PublicKind.MARKETING.value, N("乙方营销领导带来或通知")), (PublicKind.SOLICITOR.value, N("推销，不买房")),
)  # fmt: skip
MOST_AGENTS = 20


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _moves(kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((kind.value, text) for kind, text in KINDS.items() if kind in kinds)


CALLED = Field(
    name="called_as", kind=Kind.LINE, label=N("怎么称呼"), hint=N("先记个称呼，资料接待时再登记"), max_length=60,
    example="王先生，两位", rules=("J-04",),
)  # fmt: skip
AGENT = Field(name="agent", kind=Kind.STAFF, label=N("售楼员"), required=True, rules=("J-01",))
REASON = Field(name="reason", kind=Kind.LINE, label=N("原因"), max_length=200, rules=("J-03",))
NEXT = _spec(
    "sales_next", N("下一位接待"), N("下一位接待"), CALLED,
    Field(name="is_group", kind=Kind.FLAG, label=N("团购客户"), hint=N("按轮次接待，业绩不全归接待者"),
          rules=("J-26",)),
)  # fmt: skip
OUT_OF_TURN = _spec(
    "sales_receive", N("不占轮次的接待"), N("开始接待"), AGENT,
    Field(
        name="how", kind=Kind.CHOICE, label=N("谁的客户"), required=True, rules=("J-02",),
        choices=tuple((how.value, str(how.label)) for how in Visit.How if how in CASES),
    ),
    Field(
        name="colleague", kind=Kind.STAFF, label=N("哪位同事"), hint=N("同事的客户或帮同事时选"), rules=("J-02",)
    ),
    CALLED,
)  # fmt: skip
OWN_RECEPTION = OUT_OF_TURN.without({"agent"})  # where the agent stands in the address
PUBLIC = _spec(
    "sales_public", N("公共客户"), N("开始接待"),
    Field(name="kind", kind=Kind.CHOICE, label=N("哪一种"), choices=PUBLIC_KINDS, required=True, rules=("J-09",)),
    Field(
        name="agents_count", kind=Kind.INTEGER, label=N("几位售楼员接待"), required=True, minimum=1,
        maximum=MOST_AGENTS, rules=("J-10",),
    ),
    Field(name="said_himself", kind=Kind.FLAG, label=N("客户自己说明"), rules=("J-09",)),
    Field(name="colleagues_know", kind=Kind.FLAG, label=N("有同事认识"), rules=("J-09",)),
    Field(name="card_given", kind=Kind.FLAG, label=N("给了名片"), hint=N("给了名片就算轮排接待"), rules=("J-09",)),
    CALLED,
)  # fmt: skip
MOVE = _spec(
    "sales_move", N("调整轮排"), N("记下"), AGENT,
    Field(name="kind", kind=Kind.CHOICE, label=N("做什么"), choices=_moves(MOVES), required=True, rules=("J-01",)),
    REASON,
)  # fmt: skip
PRESENCE = _spec(
    "sales_presence", N("签到签退"), N("记下"),
    Field(name="kind", kind=Kind.CHOICE, label=N("做什么"), choices=_moves(OWN_MOVES), required=True, rules=("J-01",)),
)  # fmt: skip
ABSENCE = _spec(
    "sales_absence", N("休假、外出、退出"), N("记下"),
    Field(
        name="kind", kind=Kind.CHOICE, label=N("做什么"), choices=_moves(WITH_REASON), required=True, rules=("J-03",)
    ),
    Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("J-03",)),
)  # fmt: skip
JOIN = _spec("sales_join", N("排入轮排"), N("排入"), AGENT)
PROJECT = _spec(
    "sales_project", N("新项目"), N("开设"),
    Field(
        name="name", kind=Kind.LINE, label=N("项目名称"), required=True, max_length=60, example="云溪一期",
        rules=("J-01",),
    ),
)  # fmt: skip
CLOSE = _spec(
    "sales_project_close", N("停售"), N("停售"),
    Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("J-01",)),
)  # fmt: skip

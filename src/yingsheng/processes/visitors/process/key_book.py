"""The register of the keys by which a site signs its passes."""

from __future__ import annotations

from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.visitors.process.forms import RENEW_KEY
from yingsheng.processes.visitors.queries.passes import find_gate_key, list_gate_keys
from yingsheng.processes.visitors.services.keys import renew_key
from yingsheng.processes.visitors.services.writing import REPORT

GATE_KEYS = RecordBook(
    code="gate_keys", title=N("放行条密钥"), icon="lock",
    hint=N("放行条上的码用这对密钥签名，门岗手机离线核验；泄露或每隔一段时间换一次。"), rules=("V-02",), see=REPORT,
    states=(
        State(code="in_use", label=N("在用"), tone="met"),
        State(code="retired", label=N("已停用"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.code),
    attrs=(
        Attr(name="made_at", label=N("启用时间"), value=lambda row: row.made_at, kind="moment", listed=True),
        Attr(name="retired_at", label=N("停用时间"), value=lambda row: row.retired_at, kind="moment", listed=True),
        Attr(name="public", label=N("公钥"), value=lambda row: row.public, wide=True),
    ),
    rows=list_gate_keys, find=find_gate_key, newest_by="made_at", verbs=(),
    create=RENEW_KEY, create_permission=REPORT, make=renew_key,
)  # fmt: skip

"""The columns of our own form for past matters; `content/maps/standard.toml` reads them back."""

from __future__ import annotations

from yingsheng.base.words import gettext_noop
from yingsheng.ops.imports.tables import Column

SOURCES = ("来电", "来访", "来信", "传真", "电子邮件", "公司热线", "意见箱", "历史导入")
SUBJECTS = ("安全", "清洁", "绿化", "维修", "收发", "装修", "服务态度", "其他")
TIME_HINT = gettext_noop("例如 2025-03-03 09:30")

# the words of the lists stay Chinese in every language: the map reads them, not the program
STANDARD_COLUMNS = (
    Column(name="number", title="编号", required=True, as_text=True, width=18),
    Column(name="title", title="事由", required=True, width=30),
    Column(
        name="created",
        title="受理时间",
        required=True,
        as_text=True,
        width=20,
        hint=TIME_HINT,
    ),
    Column(
        name="due",
        title="时限",
        as_text=True,
        width=20,
        hint=gettext_noop("未结的必须填写，否则无从提醒"),
    ),
    Column(
        name="closed",
        title="办结时间",
        as_text=True,
        width=20,
        hint=gettext_noop("已结的必须填写"),
    ),
    Column(
        name="status",
        title="状态",
        required=True,
        choices=(("已结", "已结"), ("未结", "未结")),
    ),
    Column(name="channel", title="来源", choices=tuple((one, one) for one in SOURCES)),
    Column(name="category", title="类别", choices=tuple((one, one) for one in SUBJECTS)),
    Column(name="place", title="地点", width=22),
    Column(name="caller_name", title="投诉人"),
    Column(name="caller_phone", title="电话", as_text=True),
    Column(name="note", title="经过", width=40),
)

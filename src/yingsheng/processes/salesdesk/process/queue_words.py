"""The rotation in words: what an agent is at, what a make-up is owed for, articles as people cite them."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.queries.board import Doing, Owed
from yingsheng.processes.salesdesk.rules.decision import ARTICLES

# word, tone and sign
DOING = {
    Doing.FREE: (N("空着"), "met", "circle-check"),
    Doing.RECEIVING: (N("接待中"), "soon", "users"),
    Doing.ORDERED: (N("外出办事"), "soon", "route"),
    Doing.LEAVE: (N("休假"), "waiting", "calendar"),
    Doing.OFF: (N("已签退"), "waiting", "door-exit"),
    Doing.AWAY: (N("未签到"), "waiting", "clock"),
}
# the cases of article 2; nothing of them where another article makes up
CASES = {
    0: N("不占名额的接待"), 1: N("接待自己的老客户或来电客户"), 2: N("接待同事的老客户"), 3: N("帮助同事"),
    4: N("项目组安排其他工作"),
}  # fmt: skip
_ARTICLE = re.compile(r"第(\d+)条((?:\(\d+\))?)$")


def article_words(article: str) -> str:
    """An article of the regulation as it is cited at the desk: 第2条(1)."""
    found = _ARTICLE.search(article)
    return _("第%(number)s条%(case)s") % {"number": found[1], "case": found[2]} if found else article


def owed_words(owed: Owed) -> str:
    """Why a make-up is owed, by which article."""
    return _("补接：%(why)s，%(article)s") % {
        "why": _(CASES.get(owed.case, CASES[0])), "article": article_words(owed.article),
    }  # fmt: skip


def cases_words(*, count: int) -> list[str]:
    """The cases of article 2 that are made up for, as a site has them."""
    article = ARTICLES["J-02"]
    return [
        f"{_(text)} {article_words(f'{article}({case})')}"
        for case, text in CASES.items()
        if 1 <= case <= count
    ]

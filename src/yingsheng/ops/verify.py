"""The proof that nobody touched log, cash or what is in our hands: every site's books are read from end to end."""

from __future__ import annotations

from django.db.models import QuerySet

from yingsheng.kernel.cash.queries import check_books
from yingsheng.kernel.custody.queries import find_flaws
from yingsheng.kernel.events.models import ChainHead, Event
from yingsheng.kernel.events.queries import PROBLEMS, verify_chain
from yingsheng.kernel.org.models import Site
from yingsheng.ops.words import failed, say

SHOWN = 50  # flaws printed per site; the count is always of all


def verify(*, site_code: str | None, expected_head: str | None) -> int:
    """Check one site or all; prints each flaw and each site's head, returns 0 if all hold, else 1.

    `expected_head` is a head printed earlier and kept elsewhere: it must still be in the log, which no
    re-calculation of the whole chain could bring about. Raises CommandFailed for an unknown site.
    """
    sites = _sites(code=site_code)
    checks = (_verify_site, _verify_cash, _verify_custody)
    sound = [check(site=site) for site in sites for check in checks]
    if expected_head is not None and not _still_there(sites=sites, head=expected_head):
        say(
            zh=f"没有找到先前记下的 {expected_head}：记录被重写过。",
            en=f"{expected_head} is gone: the log was rewritten.",
        )
        return 1
    return 0 if all(sound) else 1


def _sites(*, code: str | None) -> QuerySet[Site]:
    sites = Site.objects.order_by("code")
    if code is None:
        return sites
    if not sites.filter(code=code).exists():
        raise failed(zh=f"没有代码为“{code}”的项目。", en=f"There is no site “{code}”.")
    return sites.filter(code=code)


def _verify_site(*, site: Site) -> bool:
    count = 0
    for flaw in verify_chain(site_id=site.pk):
        count += 1
        if count <= SHOWN:
            say(
                zh=f"{site.code} 第 {flaw.seq} 条：{PROBLEMS.get(flaw.problem, flaw.problem)}",
                en=f"{site.code} line {flaw.seq}: {flaw.problem}",
            )
    head = ChainHead.objects.filter(site_id=site.pk).first()
    if head is None:
        say(zh=f"{site.code}：没有事件簿。", en=f"{site.code}: has no log at all.")
        return False
    if count:
        say(zh=f"{site.code}：共 {count} 处不符。", en=f"{site.code}: {count} flaws.")
        return False
    say(
        zh=f"{site.code}：{head.seq} 条事件完好，末条 {head.hash}",
        en=f"{site.code}: {head.seq} events are sound, head {head.hash}",
    )
    return True


def _verify_cash(*, site: Site) -> bool:
    """Whether every balance is the sum of what moved, and nothing that moved is missing (P-07, O-06)."""
    flaws = list(check_books(site=site))
    for flaw in flaws[:SHOWN]:
        say(
            zh=f"{site.code} 现金账不符（{flaw.what}）{flaw.where}：记着 {flaw.stands}，应为 {flaw.ought}（分）",
            en=f"{site.code} cash {flaw.what} {flaw.where}: stands {flaw.stands}, ought to be {flaw.ought} (fen)",
        )
    if flaws:
        say(
            zh=f"{site.code}：现金账共 {len(flaws)} 处不符。",
            en=f"{site.code}: {len(flaws)} flaws in the cash book.",
        )
    return not flaws


def _verify_custody(*, site: Site) -> bool:
    """Whether each thing in our hands is where the last line of its story says, and no line is missing (K-04)."""
    count = 0
    for item, serial in find_flaws(site=site):
        count += 1
        if count <= SHOWN:
            say(
                zh=f"{site.code} {item.number} 的交接记录第 {serial} 行接不上",
                en=f"{site.code} {item.number}: line {serial} of its hand-overs does not join",
            )
    if count:
        say(
            zh=f"{site.code}：代管物品共 {count} 件不符。",
            en=f"{site.code}: {count} things whose hand-overs do not hold.",
        )
    return not count


def _still_there(*, sites: QuerySet[Site], head: str) -> bool:
    return Event.objects.filter(site__in=sites, hash=head).exists()

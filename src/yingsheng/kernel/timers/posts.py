"""Which post a figure names, and whether somebody holds it or a higher one."""

from __future__ import annotations

from datetime import datetime

from yingsheng.base.refusal import Refused
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Role, Site
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.queries import figure


def owed_role(*, path: str, site: Site, at: datetime) -> str:
    """The post that a figure names; where the adopted regulation is silent, the one the rule itself names."""
    rule_id, _, name = path.partition(".")
    found = figure(path=path, site=site, at=at)
    if found is None:
        found = load_book().rules[rule_id].parameter(name).value
    return str(found[0] if isinstance(found, list) else found)


def demand_post(*, actor: Actor, path: str, at: datetime, text: str, code: str = "") -> None:
    """Refused, with this text, unless the actor holds the post that a figure names, or a higher one."""
    role = owed_role(path=path, site=actor.site, at=at)
    rank = Role.objects.filter(code=role).values_list("rank", flat=True).first()
    if rank is None or not any(post.rank <= rank for post in actor.posts):
        raise Refused(text, code=code or "refused", rule=path.partition(".")[0])

"""Adopting presets, changing figures, and keeping the version a promise was made under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.revisions import new_revision
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.book import SILENT, Parameter, Value, load_book
from yingsheng.kernel.policies.models import Adoption, Override, RuleVersion
from yingsheng.kernel.policies.queries import Resolved

AMOUNTS = frozenset(
    {
        "minutes", "hours", "days", "calendar_days", "working_days", "working_minutes", "working_hours", "months",
        "same_day", "percent", "households", "persons", "count", "day_of_month", "weekday", "fen", "years", "seconds",
    }
)  # fmt: skip
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@transaction.atomic
def adopt_preset(
    *, site: Site, preset: str, active_from: datetime, reason: str, by: Staff | None, at: datetime
) -> Adoption:
    """Follow one regulation for its module from a moment on; promises already made are not touched."""
    book = load_book()
    if preset not in book.presets:
        raise Refused(gettext_noop("没有名为“%(preset)s”的方案"), field="preset", preset=preset)
    if active_from < at:
        raise Refused(gettext_noop("生效时间不能早于现在：已作出的承诺不改写"), field="active_from")
    module = book.presets[preset].module
    row, _ = Adoption.objects.update_or_create(
        site=site,
        module=module,
        active_from=active_from,
        defaults={"preset": preset, "by": by, "reason": reason},
    )
    _raise_revision(site)
    events.record(
        site_id=site.pk,
        kind="policies.adopted",
        subject=row,
        by=by,
        at=at,
        data={"module": module, "preset": preset, "from": active_from.isoformat(), "reason": reason},
    )
    return row


@transaction.atomic
def override_parameter(
    *, site: Site, path: str, value: Value, active_from: datetime, reason: str, by: Staff | None, at: datetime
) -> Override:
    """Use another value for "C-33.contact_within" from a moment on; None returns to the preset's value."""
    rule_id, _, name = path.partition(".")
    try:
        parameter = load_book().rules[rule_id].parameter(name)
    except KeyError as error:
        raise Refused(gettext_noop("没有参数“%(path)s”"), field="path", path=path) from error
    if active_from < at:
        raise Refused(gettext_noop("生效时间不能早于现在：已作出的承诺不改写"), field="active_from")
    if not reason.strip():
        raise Refused(gettext_noop("请写明调整的原因"), field="reason")
    check_value(parameter=parameter, value=value)
    row, _ = Override.objects.update_or_create(
        site=site,
        parameter=path,
        active_from=active_from,
        defaults={"value": value, "by": by, "reason": reason},
    )
    _raise_revision(site)
    events.record(
        site_id=site.pk,
        kind="policies.overridden",
        subject=row,
        by=by,
        at=at,
        rule=rule_id,
        data={"path": path, "value": value, "from": active_from.isoformat(), "reason": reason},
    )
    return row


def check_value(*, parameter: Parameter, value: Value) -> None:
    """Refuse a value that the parameter's unit cannot hold; None and "silent" always pass."""
    if value is None or value == SILENT:
        return
    if parameter.unit in AMOUNTS and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise Refused(gettext_noop("这里要填不小于零的整数"), field="value")
    # marks of an appraisal are given and taken in halves
    if parameter.unit == "points" and (type(value) not in (int, float) or value < 0 or value * 2 % 1):
        raise Refused(gettext_noop("这里要填不小于零的整数"), field="value")
    if parameter.unit == "percent" and value > 100:
        raise Refused(gettext_noop("百分比不能超过100"), field="value")
    if parameter.unit == "day_of_month" and not 1 <= value <= 31:
        raise Refused(gettext_noop("日期要在1至31之间"), field="value")
    if parameter.unit == "weekday" and not 1 <= value <= 7:
        raise Refused(gettext_noop("星期要在1至7之间"), field="value")
    if parameter.choices and value not in parameter.choices:
        raise Refused(gettext_noop("只能从给出的选项里选"), field="value")
    if parameter.unit == "time_of_day" and not (isinstance(value, str) and CLOCK.fullmatch(value)):
        raise Refused(gettext_noop("这里要填时刻，例如 09:00"), field="value")
    if parameter.unit == "flag" and not isinstance(value, bool):
        raise Refused(gettext_noop("这里只能选是或否"), field="value")


_known_versions: dict[tuple[int, str, str], int] = {}


def keep_versions(*, resolved: Sequence[Resolved], at: datetime) -> dict[tuple[str, str], int]:
    """The ids of the stored versions by (rule, digest); written when a version is used for the first time.

    Ids already committed are remembered, so the usual cost is no statement at all.
    """
    found: dict[tuple[str, str], int] = {}
    missing: dict[tuple[str, str], Resolved] = {}
    for item in resolved:
        known = _known_versions.get((item.site_id, item.rule.id, item.digest))
        if known is None:
            missing[item.rule.id, item.digest] = item
        else:
            found[item.rule.id, item.digest] = known
    if missing:
        site_id = resolved[0].site_id
        RuleVersion.objects.bulk_create(
            (_version_row(item, at) for item in missing.values()), ignore_conflicts=True
        )
        stored = RuleVersion.objects.filter(
            site_id=site_id, digest__in=[item.digest for item in missing.values()]
        ).values_list("rule", "digest", "pk")
        fresh = {(rule, print_): pk for rule, print_, pk in stored}
        found.update(fresh)
        # only what is committed may be remembered: a rolled back id would point nowhere
        transaction.on_commit(
            lambda: _known_versions.update({(site_id, rule, mark): pk for (rule, mark), pk in fresh.items()})
        )
    return found


def _version_row(resolved: Resolved, at: datetime) -> RuleVersion:
    return RuleVersion(
        site_id=resolved.site_id,
        rule=resolved.rule.id,
        digest=resolved.digest,
        preset=resolved.preset,
        source=list(resolved.rule.source),
        text_zh=resolved.rule.text["zh"],
        text_en=resolved.rule.text["en"],
        values=dict(resolved.values),
        first_used_at=at,
    )


def _raise_revision(site: Site) -> None:
    site.policy_revision = new_revision()
    site.save(update_fields=["policy_revision"])

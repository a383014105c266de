"""What applies at a site at a moment: presets and overrides laid over the rule book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.book import SILENT, Rule, RuleBook, Value, digest, load_book
from yingsheng.kernel.policies.models import Adoption, Override


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """A rule with the figures in force: `values` by parameter name, None where the preset is silent."""

    rule: Rule
    values: Mapping[str, Value]
    preset: str
    site_id: int
    digest: str

    def __getitem__(self, name: str) -> Value:
        """The value of a parameter, None if the adopted regulation is silent about it."""
        return self.values[name]


@dataclass(frozen=True)
class _SitePolicy:
    """Everything a site ever adopted or overrode, oldest first."""

    adoptions: Mapping[str, tuple[tuple[datetime, str], ...]]
    overrides: Mapping[str, tuple[tuple[datetime, Value], ...]]


@lru_cache(maxsize=512)
def _site_policy(site_id: int, revision: int) -> _SitePolicy:
    # the revision is part of the key, so a change by another process is seen with the site's row
    adoptions: dict[str, list[tuple[datetime, str]]] = {}
    for row in Adoption.objects.filter(site_id=site_id).order_by("active_from"):
        adoptions.setdefault(row.module, []).append((row.active_from, row.preset))
    overrides: dict[str, list[tuple[datetime, Value]]] = {}
    for change in Override.objects.filter(site_id=site_id).order_by("active_from"):
        overrides.setdefault(change.parameter, []).append((change.active_from, change.value))
    return _SitePolicy(
        adoptions={module: tuple(rows) for module, rows in adoptions.items()},
        overrides={path: tuple(rows) for path, rows in overrides.items()},
    )


def _latest(rows: tuple[tuple[datetime, Value], ...], at: datetime) -> Value:
    found = None
    for active_from, value in rows:
        if active_from <= at:
            found = value
    return found


def adopted_preset(*, site: Site, module: str, at: datetime) -> str:
    """The preset in force for a module, "" if the module has none."""
    policy = _site_policy(site.pk, site.policy_revision)
    chosen = _latest(policy.adoptions.get(module, ()), at)
    if chosen:
        return str(chosen)
    default = load_book().default_preset(module)
    return default.id if default else ""


def resolve(*, rule_id: str, site: Site, at: datetime, preset: str = "") -> Resolved:
    """The rule with the figures that apply at the site at the moment; no query when warm.

    With `preset`, as if the site had adopted that one for its module; the site's own overrides stay on top.
    """
    book: RuleBook = load_book()
    rule = book.rules[rule_id]
    supposed = book.presets.get(preset)
    if supposed is None or supposed.module != rule.module:
        supposed = book.presets.get(adopted_preset(site=site, module=rule.module, at=at))
    preset_id = supposed.id if supposed is not None else ""
    policy = _site_policy(site.pk, site.policy_revision)
    values: dict[str, Value] = {}
    for parameter in rule.parameters:
        path = f"{rule.id}.{parameter.name}"
        value: Value = parameter.value
        if supposed is not None:
            value = None if path in supposed.silent else supposed.values.get(path, value)
        changed = _latest(policy.overrides.get(path, ()), at)
        if changed is not None:
            value = None if changed == SILENT else changed
        values[parameter.name] = value
    return Resolved(
        rule=rule,
        values=values,
        preset=preset_id,
        site_id=site.pk,
        digest=digest(rule=rule, values=values, preset=preset_id),
    )


def figure(*, path: str, site: Site, at: datetime) -> Value:
    """One figure by "C-33.contact_within"; None where the adopted regulation is silent."""
    rule_id, _, name = path.partition(".")
    return resolve(rule_id=rule_id, site=site, at=at)[name]

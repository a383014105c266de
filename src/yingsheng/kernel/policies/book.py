"""The rule book as content: rules, parameters, presets and conflicts read from TOML. Pure, read once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

Value = Any  # int, str, bool, list: what TOML holds under the parameter's unit
SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A figure of a rule. `tag` is "I" or "G" when the sources do not state it plainly."""

    name: str
    unit: str
    value: Value
    label: Mapping[str, str]
    tag: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the catalogue, restated in one sentence of our own."""

    id: str
    module: str
    source: tuple[str, ...]
    text: Mapping[str, str]
    in_force: bool
    process: str
    tag: str = ""
    conflicts: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name; KeyError if the rule has none."""
        for item in self.parameters:
            if item.name == name:
                return item
        raise KeyError(f"{self.id} has no parameter {name}")


@dataclass(frozen=True, kw_only=True)
class Module:
    """A letter of the catalogue and the process that serves it."""

    letter: str
    title: Mapping[str, str]
    process: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What one regulation document says about a module: other values, and what it is silent about."""

    id: str
    module: str
    title: Mapping[str, str]
    source: str = ""
    default: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One side of a conflict."""

    key: str
    source: str
    text: Mapping[str, str]
    preset: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleConflict:
    """Where regulations disagree, and what is proposed."""

    id: str
    rules: tuple[str, ...]
    subject: Mapping[str, str]
    default: Mapping[str, str]
    variants: tuple[Variant, ...]


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """The whole content, by ID."""

    modules: Mapping[str, Module]
    rules: Mapping[str, Rule]
    presets: Mapping[str, Preset]
    conflicts: Mapping[str, RuleConflict]

    def default_preset(self, module: str) -> Preset | None:
        """The preset a module starts with, if it has presets at all."""
        for preset in self.presets.values():
            if preset.module == module and preset.default:
                return preset
        return None

    def presets_of(self, module: str) -> tuple[Preset, ...]:
        """The presets a module may adopt, default first."""
        found = [preset for preset in self.presets.values() if preset.module == module]
        return tuple(sorted(found, key=lambda preset: (not preset.default, preset.id)))


def _read(path: Traversable) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rule(row: Mapping[str, Any], head: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        module=head["module"],
        source=tuple(row["source"]),
        text={"zh": row["zh"], "en": row["en"]},
        in_force=bool(row.get("in_force", head["in_force"])),
        process=head["process"],
        tag=row.get("tag", ""),
        conflicts=tuple(row.get("conflicts", ())),
        parameters=tuple(
            Parameter(
                name=item["name"],
                unit=item["unit"],
                value=item["value"],
                label=item["label"],
                tag=item.get("tag", ""),
                choices=tuple(item.get("choices", ())),
            )
            for item in row.get("parameter", ())
        ),
    )


def _modules(folder: Traversable) -> Iterator[Module]:
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.name[1:2] != "-":
            continue
        head = _read(path)
        yield Module(
            letter=head["module"],
            title=head["title"],
            process=head["process"],
            rules=tuple(_rule(row, head) for row in head["rule"]),
        )


@lru_cache(maxsize=1)
def load_book() -> RuleBook:
    """Read the content once; ValueError if an ID appears twice or a preset names what does not exist."""
    folder = resources.files("yingsheng.content").joinpath("rules")
    modules = {module.letter: module for module in _modules(folder)}
    rules: dict[str, Rule] = {}
    for module in modules.values():
        for rule in module.rules:
            if rule.id in rules:
                raise ValueError(f"rule {rule.id} stands twice in the rule book")
            rules[rule.id] = rule
    presets = {
        row["id"]: Preset(
            id=row["id"],
            module=row["module"],
            title=row["title"],
            source=row.get("source", ""),
            default=bool(row.get("default", False)),
            values=row.get("values", {}),
            silent=frozenset(row.get("silent", ())),
        )
        for row in _read(folder.joinpath("presets.toml"))["preset"]
    }
    for preset in presets.values():
        for path in (*preset.values, *preset.silent):
            rule_id, _, name = path.partition(".")
            rules[rule_id].parameter(name)
    conflicts = {
        row["id"]: RuleConflict(
            id=row["id"],
            rules=tuple(row["rules"]),
            subject=row["subject"],
            default=row["default"],
            variants=tuple(
                Variant(
                    key=item["key"],
                    source=item.get("source", ""),
                    text={"zh": item["zh"], "en": item["en"]},
                    preset=item.get("preset", ""),
                )
                for item in row["variant"]
            ),
        )
        for row in _read(folder.joinpath("conflicts.toml"))["conflict"]
    }
    return RuleBook(modules=modules, rules=rules, presets=presets, conflicts=conflicts)


def digest(*, rule: Rule, values: Mapping[str, Value], preset: str) -> str:
    """A fingerprint of a rule as it applied: text, clause, figures and preset; 32 hex digits."""
    content = [rule.id, list(rule.source), dict(rule.text), dict(values), preset]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]

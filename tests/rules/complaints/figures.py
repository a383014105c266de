"""Figures straight from the rule book, under any preset, without a database."""

from __future__ import annotations

from yingsheng.kernel.policies.book import load_book
from yingsheng.processes.complaints.rules.facts import Figure, Figures


def book_figures(preset: str = "C/composite", **changes: object) -> Figures:
    """Look figures up as the preset has them; `changes` are overrides with "__" for "." and "_" for "-"."""
    book = load_book()
    chosen = book.presets[preset]
    overrides = {path.replace("__", ".").replace("_", "-", 1): value for path, value in changes.items()}

    def look(path: str) -> Figure | None:
        rule_id, _, name = path.partition(".")
        parameter = book.rules[rule_id].parameter(name)
        value = None if path in chosen.silent else chosen.values.get(path, parameter.value)
        value = overrides.get(path, value)
        return None if value is None else Figure(path=path, value=value, unit=parameter.unit)

    return look

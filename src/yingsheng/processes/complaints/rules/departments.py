"""Which department a complaint of a category is proposed for. Pure."""

from __future__ import annotations

from yingsheng.processes.complaints.rules.facts import Figures, known

TABLE = {
    "security": "C-27.security",
    "cleaning": "C-27.cleaning",
    "greening": "C-27.greening",
    "repair": "C-27.repair",
    "mail": "C-27.mail",
    "renovation": "C-27.renovation",
    "staff_attitude": "C-27.staff_attitude",
    "other": "C-27.other",
}


def proposed_department(*, category: str, figures: Figures) -> str:
    """The code of the department that the site's table names for a category (C-27); "" where it names none."""
    path = TABLE.get(category)
    return str(known(figures, path) or "").removesuffix("_department") if path else ""

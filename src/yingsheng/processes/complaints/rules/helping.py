"""Who is asked next when a matter cannot be solved here. Pure."""

from __future__ import annotations

from yingsheng.processes.complaints.rules.answering import ASK_SITE_HEAD, Tell, dissatisfied_path
from yingsheng.processes.complaints.rules.facts import MAJOR, SERIOUS, Facts, Figures, known, stated


def help_ladder(*, facts: Facts, figures: Figures) -> tuple[Tell, ...]:
    """The posts that help, one after the other, each with the rule that names it.

    A mall, which settles the same day, coordinates first and reports what is beyond its remit (C-52); where the site
    head instructs, he is asked first (C-57), else whoever helps first (C-54). A serious or major matter is the
    divisional manager's to decide (C-40); the company's complaint office helps when the site cannot (C-54).
    """
    paths = [
        "C-57.instructs" if dissatisfied_path(figures=figures) == ASK_SITE_HEAD else "C-54.first_help_from"
    ]
    if known(figures, "C-52.same_day_fix") is not None:
        paths = ["C-52.coordinated_by", "C-52.beyond_remit_to"]
    if facts.severity in (SERIOUS, MAJOR):
        paths.append("C-40.decides")
    paths.append("C-54.second_help_from")
    found: dict[str, Tell] = {}
    for path in paths:
        role = stated(figures, path)
        found.setdefault(role, Tell(role=role, rule=path.partition(".")[0]))
    return tuple(found.values())


def next_help(*, facts: Facts, figures: Figures, asked: str) -> Tell | None:
    """The post to ask after the one asked last ("" for none yet); None when the last of them was asked."""
    ladder = help_ladder(facts=facts, figures=figures)
    roles = [one.role for one in ladder]
    after = roles.index(asked) + 1 if asked in roles else 0
    return ladder[after] if after < len(ladder) else None

"""One emergency as its page, its steps and its sheet look at it, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingsheng.processes.emergencies.models import Affected, Alarmed, Emergency, OutsideCall, Tick
from yingsheng.processes.emergencies.queries import list_affected, list_alarmed, list_outside, list_ticks
from yingsheng.processes.emergencies.rules.kinds import KindOfEmergency, load_kinds
from yingsheng.processes.emergencies.rules.life import LIVE, OPEN, next_unticked


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """A line of the checklist in the reader's language, with its tick if it has one."""

    number: int
    text: str
    tick: Tick | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The emergency with everything that hangs on it."""

    emergency: Emergency
    kind: KindOfEmergency
    alarmed: list[Alarmed]
    ticks: list[Tick]
    outside: list[OutsideCall]
    affected: list[Affected]

    @property
    def lines(self) -> list[CheckLine]:
        """The checklist, line by line."""
        return checklist(kind=self.kind, ticks={tick.number: tick for tick in self.ticks})

    @property
    def waiting(self) -> int:
        """Households not called back yet."""
        return sum(row.called_back_at is None for row in self.affected)

    @property
    def next_line(self) -> int | None:
        """The first line that is not ticked."""
        return next_unticked(count=len(self.kind.steps), done=[tick.number for tick in self.ticks])


def language() -> str:
    """The code of the reader's language."""
    return get_language() or "zh-hans"


def checklist(*, kind: KindOfEmergency, ticks: dict[int, Tick] | None = None) -> list[CheckLine]:
    """The lines of a kind in the reader's language, with their ticks."""
    done = ticks or {}
    return [
        CheckLine(number=number, text=words.read(language()), tick=done.get(number))
        for number, words in enumerate(kind.steps, start=1)
    ]


def post_words(row: Any) -> str:
    """Under which post somebody was told."""
    return str(row.post or _("班组"))


def scene_of(case: Any) -> Scene:
    """The emergency of a case; read once for a page, which asks for it several times."""
    found: Scene | None = getattr(case, "emergency_scene", None)
    if found is None:
        emergency = case.emergency
        found = Scene(
            emergency=emergency,
            kind=load_kinds()[emergency.kind],
            alarmed=list(list_alarmed(case=case, english=language().startswith("en"))),
            ticks=list(list_ticks(case=case)),
            outside=list(list_outside(case=case)),
            affected=list(list_affected(case=case)),
        )
        case.emergency_scene = found
    return found


def part_of_page(*, case: Any, actor: Any, now: datetime) -> dict[str, Any]:
    """What the page of an emergency shows beside its facts: checklist, who knows, who called, who was called in."""
    scene = scene_of(case)
    may_act = actor.may("emergencies.act")
    return {
        "scene": scene,
        "may_tick": may_act and case.state in LIVE,
        "may_call_back": actor.may("emergencies.register") and case.state == "resolved",
        "running": case.state in OPEN,
        "reassure": scene.kind.reassure.read(language()),
        "taken": sum(row.acknowledged_at is not None for row in scene.alarmed),
        "alarmed": [(row, post_words(row)) for row in scene.alarmed],
        "outside": [(row, _(row.get_body_display())) for row in scene.outside],
        "now": now,
    }

"""What an emergency shows on its page, and its report on paper (FM-20)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.emergencies.process.scene import post_words, scene_of


def describe(case: Any) -> list[tuple[str, Any]]:
    """(label, value) pairs of what is known of an emergency, empty ones left out; labels are message ids."""
    emergency = case.emergency
    rows: list[tuple[str, Any]] = [
        (N("地点"), emergency.place),
        (N("发生了什么"), case.body),
        (N("接警时间"), emergency.acknowledged_at),
        (N("预计到场时间"), emergency.eta_at),
        (N("到场时间"), emergency.arrived_at),
        (N("止损时间"), emergency.harm_stopped_at),
        (N("止损措施"), emergency.harm_measure),
        (N("原因"), emergency.cause),
        (N("采取的措施"), emergency.measures),
        (N("损失（元）"), "" if emergency.loss_fen is None else format_fen(fen=emergency.loss_fen)),
        (N("受伤人数"), emergency.injured),
        (N("误报说明"), emergency.false_reason),
        (N("特别事件报告"), emergency.reported_at),
        (N("批示意见"), emergency.opinion),
        (N("签批时间"), emergency.signed_at),
    ]
    return [(label, value) for label, value in rows if value not in ("", None)]


def _report(case: Any) -> dict[str, Any]:
    """FM-20: the event, its households, to whom it was reported, measures, result."""
    scene = scene_of(case)
    loss = scene.emergency.loss_fen
    return {
        "case": case,
        "emergency": scene.emergency,
        "kind": _(scene.emergency.get_kind_display()),
        "reported_to": [(row, post_words(row)) for row in scene.alarmed if row.role],
        "scene": scene,
        "outside": [(row, _(row.get_body_display())) for row in scene.outside],
        "loss": "" if loss is None else format_fen(fen=loss),
    }


SHEETS = (
    Sheet(
        code="emergency_report",
        title=N("特别事件报告单"),
        form_number="FM-20",
        template="emergencies/sheets/report.html",
        build=_report,
    ),
)

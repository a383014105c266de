"""Project: what is sold, with its rotation. Day: how that stood in the morning. QueueEvent: what happened to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import columns
from yingsheng.processes.salesdesk.rules.queue import Kind

KINDS = {
    Kind.JOIN: N("排入轮排"), Kind.DEPART: N("退出轮排"), Kind.SIGN_IN: N("签到"), Kind.SIGN_OFF: N("签退"),
    Kind.LEAVE: N("休假"), Kind.NEW: N("接待新客户"), Kind.RECEIVE: N("不占轮次的接待"), Kind.PUBLIC: N("接待公共客户"),
    Kind.ORDERED: N("项目组安排其他工作"), Kind.FREE: N("回到轮排"), Kind.CREDIT: N("记补接"),
    Kind.CHARGE: N("补记轮次"),
}  # fmt: skip


class Project(models.Model):
    """楼盘: a project whose customers are received in one rotation (J-01). Writing to the rotation holds this row."""

    class State(models.TextChoices):
        SELLING = "selling", N("在售")
        CLOSED = "closed", N("停售")

    site = columns.site()
    number = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.SELLING)
    opened_at = models.DateTimeField()
    opened_by = columns.staff()
    reason = models.CharField(max_length=200, blank=True)
    last_number = models.PositiveIntegerField(default=0)  # of its queue events
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_project_number"),
            models.UniqueConstraint(fields=["site", "name"], name="sales_project_name"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-opened_at", "-id"], name="sales_projects")]

    def __str__(self) -> str:
        return self.name


class Day(models.Model):
    """轮排表 of a day: how the rotation stood before anything happened; the rest follows from the events (J-01)."""

    project = columns.project(related_name="days")
    date = models.DateField()
    opening = models.JSONField()  # rules.snapshots
    after_number = models.PositiveIntegerField()  # the last event of the days before

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "date"], name="sales_day_once"),
        ]


class QueueEvent(models.Model):
    """One thing that happened to the rotation; never changed, so the rotation can be replayed (J-01, J-02)."""

    project = columns.project(related_name="queue_events")
    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=14, choices=[(kind.value, text) for kind, text in KINDS.items()])
    agents = models.JSONField()  # primary keys of staff
    cause = models.CharField(max_length=40, blank=True)
    case = models.PositiveSmallIntegerField(default=0)  # of article 2
    article = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            # two desks that take the same turn: the database lets one of them
            models.UniqueConstraint(fields=["project", "number"], name="sales_queue_event_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["day", "number"], name="sales_queue_of_day")]

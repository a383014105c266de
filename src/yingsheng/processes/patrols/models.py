"""Routes with their points, patrols and what they find, daily reports, household visits, inspections, the diary."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.keys import new_key


def _staff(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _site() -> Any:
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


def _case() -> Any:
    return models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")


class Route(models.Model):
    """A walk through a building or an area, with what it is for (G-01)."""

    class State(models.TextChoices):
        ACTIVE = "active", N("在用")
        RETIRED = "retired", N("停用")

    site = _site()
    area = models.ForeignKey(
        "estate.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=60)
    focus = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    made_at = models.DateTimeField()
    made_by = _staff()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "name"], condition=Q(state="active"), name="route_one_name_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Point(models.Model):
    """A place on a route that is looked at; `key` stands in the code on its wall."""

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="points", db_index=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=120, blank=True)
    look_at = models.CharField(max_length=300)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "number"], name="point_one_number_on_a_route")
        ]

    def __str__(self) -> str:
        return self.name


class Patrol(models.Model):
    """One walk of one person along a route on one day."""

    class State(models.TextChoices):
        WALKING = "walking", N("巡视中")
        ENDED = "ended", N("已结束")

    site = _site()
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="patrols", db_index=False)
    staff = _staff()
    day = models.DateField()
    focus = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WALKING)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["route", "staff"], condition=Q(state="walking"), name="patrol_one_open_a_person"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-started_at", "-id"], name="patrol_register"),
            models.Index(fields=["site", "staff", "day"], name="patrol_of_a_day"),
        ]


class Tick(models.Model):
    """A point was looked at: when by our clock, when by the device, whether something was found."""

    patrol = models.ForeignKey(Patrol, on_delete=models.PROTECT, related_name="ticks", db_index=False)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    found = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patrol", "point"], name="tick_once_a_patrol")
        ]


class Finding(models.Model):
    """Something a patrol met: a fault, dirt, a danger, a breach of the rules (G-02, G-05)."""

    class Kind(models.TextChoices):
        FAULT = "fault", N("设施损坏")
        HYGIENE = "hygiene", N("环境卫生")
        SAFETY = "safety", N("安全隐患")
        BREACH = "breach", N("违规违约")
        OTHER = "other", N("其它")

    class State(models.TextChoices):
        OPEN = "open", N("待处理")
        HANDLED = "handled", N("已处理")
        PASSED = "passed", N("已转办")

    site = _site()
    patrol = models.ForeignKey(Patrol, null=True, on_delete=models.PROTECT, related_name="findings")
    point = models.ForeignKey(Point, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    place = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    acts = models.JSONField(default=list, blank=True)  # of a breach: educated, corrected, stopped
    action = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    found_by = _staff()
    case = _case()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="passed") | Q(case__isnull=False), name="finding_passed_on_has_case"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-found_at", "-id"], name="finding_register"),
            models.Index(fields=["site", "found_by", "found_at"], name="finding_of_a_day"),
        ]


class Report(models.Model):
    """巡视日报表 of one person for one day: handed up, and returned with a remark (G-02, G-09; FM-58)."""

    class State(models.TextChoices):
        DRAFT = "draft", N("未交")
        HANDED_UP = "handed_up", N("已交")
        RETURNED = "returned", N("已批回")

    site = _site()
    staff = _staff()
    day = models.DateField()
    area = models.CharField(max_length=80, blank=True)
    route = models.CharField(max_length=200, blank=True)
    time = models.CharField(max_length=200, blank=True)
    focus = models.CharField(max_length=300, blank=True)
    findings = models.TextField(blank=True)
    action = models.TextField(blank=True)
    open_items = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    handed_up_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=500, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = _staff(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "staff", "day"], name="patrol_report_once_a_day")
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-opened_at", "-id"], name="patrol_report_register")
        ]


class Visit(models.Model):
    """A household is to be visited on a day, or was: who was met, what was said, what comes next (G-03)."""

    class State(models.TextChoices):
        PLANNED = "planned", N("待走访")
        MET = "met", N("已走访")
        ABSENT = "absent", N("家中无人")
        REFUSED = "refused", N("不愿接受")
        DROPPED = "dropped", N("不再走访")

    site = _site()
    household = models.ForeignKey(
        "estate.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    staff = _staff()
    day = models.DateField()
    arranged_by = _staff(null=True)
    person_met = models.CharField(max_length=60, blank=True)
    publicity = models.CharField(max_length=300, blank=True)
    opinions = models.TextField(blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    visited_at = models.DateTimeField(null=True)
    case = _case()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "day"], condition=~Q(state="dropped"), name="visit_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "dropped")) | Q(visited_at__isnull=False),
                name="visit_made_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-made_at", "-id"], name="visit_register"),
            models.Index(fields=["household", "state", "-visited_at"], name="visit_of_a_home"),
            models.Index(fields=["site", "day", "staff"], name="visit_of_a_day"),
        ]


class Inspection(models.Model):
    """One look at one member of staff: appearance and conduct, point by point (G-06, W-02)."""

    class State(models.TextChoices):
        FINE = "fine", N("合格")
        FAULTY = "faulty", N("有不合格项")

    site = _site()
    staff = _staff()
    day = models.DateField()
    at = models.DateTimeField()
    by = _staff()
    note = models.CharField(max_length=300, blank=True)
    faults = models.TextField(blank=True)  # in the words and figures of that day
    checked_count = models.PositiveSmallIntegerField()
    fault_count = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "-at", "-id"], name="inspection_register"),
            models.Index(fields=["site", "staff", "day"], name="inspection_of_a_person"),
        ]


class Mark(models.Model):
    """One point of an inspection as a flat row: what was looked at, by which rule, and whether it was in order."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="marks", db_index=False)
    item = models.CharField(max_length=30)
    rule = models.CharField(max_length=10)
    is_fine = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "item"], name="mark_once_an_inspection")
        ]


class DiaryEntry(models.Model):
    """A line of the supervisor's 《工作日记》 (G-06, G-07; FM-15); nothing of it is ever changed."""

    class Kind(models.TextChoices):
        CONDUCT = "conduct", N("仪容与言行检查")
        SERVICE = "service", N("本组服务检查")
        CALLER = "caller", N("来人来电事项")
        OTHER = "other", N("其它")

    class State(models.TextChoices):
        WRITTEN = "written", N("已记")

    site = _site()
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField()
    measure = models.CharField(max_length=300, blank=True)
    inspection = models.ForeignKey(
        Inspection, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    by = _staff()
    state = models.CharField(max_length=8, choices=State, default=State.WRITTEN)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "-at", "-id"], name="diary_register"),
            models.Index(fields=["site", "by", "day"], name="diary_of_a_day"),
        ]

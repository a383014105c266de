"""DutyPost: what must be manned. Shift: its hours. Roster: the plan of a month. Assignment: somebody's turn."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.rosters.rules import Span, is_night, span_of


class DutyPost(models.Model):
    """A place or task that somebody is on duty for, such as the front desk or the night repair duty."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    roles = models.JSONField(default=list)  # codes of the roles whose holders may stand here
    is_key = models.BooleanField(default=True)  # never unattended (D-05)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "code"], name="duty_post_one_code")]
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """The hours of a post that somebody is rostered for as one piece; those after midnight belong to its first day."""

    post = models.ForeignKey(DutyPost, on_delete=models.PROTECT, related_name="shifts")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40, blank=True)
    starts = models.TimeField()
    ends = models.TimeField()  # no later than `starts`: on the next day
    needs = models.PositiveSmallIntegerField(default=1)  # persons present at least (D-04)
    weekdays = models.JSONField(default=list)  # 0 Monday … 6 Sunday
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "code"], name="shift_one_code"),
            models.CheckConstraint(condition=Q(needs__gte=1), name="shift_needs_somebody"),
        ]
        ordering: ClassVar = ["starts", "pk"]

    def __str__(self) -> str:
        return self.name

    def span(self, *, day: date) -> Span:
        """When the shift of this day runs."""
        return span_of(day=day, starts=self.starts, ends=self.ends, zone=ZoneInfo(settings.TIME_ZONE))

    @property
    def is_night(self) -> bool:
        """Whether it counts as a night shift."""
        return is_night(starts=self.starts, ends=self.ends)


class Roster(models.Model):
    """The plan of a month: worked on as a draft, then published (D-01)."""

    class State(models.TextChoices):
        DRAFT = "draft", N("编排中")
        PUBLISHED = "published", N("已发布")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()  # its first day
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "month"], name="roster_once_a_month"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False, published_by__isnull=False),
                name="roster_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Assignment(models.Model):
    """A turn: a shift of a day, or a part of it covered for somebody else. Taken back, never removed."""

    class Origin(models.TextChoices):
        PLANNED = "planned", N("编排")
        SUBSTITUTE = "substitute", N("替班")
        SWAP = "swap", N("换班")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="assignments")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()  # the day of the shift, also of its hours after midnight
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments", db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PLANNED)
    is_fixed = models.BooleanField(default=False)  # set by a person: the planner leaves it alone
    covers = models.ForeignKey(  # whose turn is taken over
        "self", null=True, on_delete=models.PROTECT, related_name="covered_by", db_index=False
    )
    active = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="assignment_lasts"),
            models.CheckConstraint(
                condition=Q(active=True) | Q(ended_at__isnull=False), name="assignment_ended_at_a_moment"
            ),
            models.UniqueConstraint(
                fields=["shift", "day", "staff", "starts_at"],
                condition=Q(active=True),
                name="assignment_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "day"], condition=Q(active=True), name="assignment_of_day"),
            models.Index(
                fields=["staff", "starts_at"], condition=Q(active=True), name="assignment_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.shift_id} {self.staff_id}"

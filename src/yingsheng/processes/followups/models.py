"""FollowUp: one visit owed after a matter was handled (FM-18, FM-28). VisitMatter: a matter of the desk's own."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household


class FollowUp(models.Model):
    """A visit owed, agreed, made or exempted. Only a person can make it."""

    class State(models.TextChoices):
        DUE = "due", N("待回访")
        SCHEDULED = "scheduled", N("已约定")
        SATISFIED = "satisfied", N("满意")
        UNSATISFIED = "unsatisfied", N("不满意")
        EXEMPT = "exempt", N("免访")
        VOID = "void", N("已取消")
        RESERVE = "reserve", N("备选")  # took part in an event and is not of the sample that is visited

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="follow_ups")
    matter = models.CharField(max_length=20)  # complaints, repairs …: which rate it counts in
    # what of the matter is visited for itself, with rounds of its own: "" all of it, mid and end of a service, a home
    part = models.CharField(max_length=24, blank=True)
    household = models.ForeignKey(  # where it is not that of the case: one home of several
        "estate.Household", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.DUE)
    version = models.PositiveIntegerField(default=1)
    handled_at = models.DateTimeField()
    due_at = models.DateTimeField()
    limited = models.BooleanField(default=True)  # False: owed by a regulation that sets no time (CF-10)
    heads_needed = models.BooleanField(default=False)  # F-13
    appointment_at = models.DateTimeField(null=True)
    appointment_note = models.CharField(max_length=200, blank=True)
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # the plan of the month: on which day, and which ranks join (F-12)
    planned_day = models.DateField(null=True)
    planned_roles = models.JSONField(default=list)
    mode = models.CharField(max_length=10, blank=True)
    no_visit_reason = models.CharField(max_length=200, blank=True)  # F-10: made by phone, why nobody went
    visited_at = models.DateTimeField(null=True)
    visitors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", through="Visitor")
    # F-09: the five evaluations
    quality = models.PositiveSmallIntegerField(null=True)
    effect = models.PositiveSmallIntegerField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    shortcomings = models.TextField(blank=True)
    suggestions = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    signed_by = models.CharField(max_length=60, blank=True)
    exempt_reason = models.CharField(max_length=200, blank=True)
    # F-24: a head's own visit to check; it is recorded as a visit and does not take the place of the one owed
    by_check = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "part", "round"], name="follow_up_once_per_round"),
            models.CheckConstraint(
                condition=~Q(state__in=["satisfied", "unsatisfied"])
                | Q(by_check=True, visited_at__isnull=False)
                | (
                    Q(visited_at__isnull=False)
                    & Q(quality__isnull=False)
                    & Q(effect__isnull=False)
                    & Q(satisfaction__isnull=False)
                ),
                name="follow_up_visited_is_evaluated",
            ),
            models.CheckConstraint(
                condition=~Q(state="exempt") | ~Q(exempt_reason=""), name="follow_up_exempt_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "due_at"], condition=Q(state__in=["due", "scheduled"]), name="follow_up_owed"
            ),
            models.Index(fields=["site", "matter", "handled_at", "state"], name="follow_up_rate"),
        ]

    @property
    def home(self) -> Household | None:
        """The home that is visited: its own, else that of the case."""
        return self.household or self.case.household

    @property
    def place(self) -> str:
        """Where the visit goes, as people say it: the room, else who called."""
        if self.household is not None:
            return self.household.room.label
        return self.case.room.label if self.case.room is not None else self.case.caller_name

    @property
    def who(self) -> str:
        """Who is asked for: the caller, or the home where it is one of several."""
        return self.case.caller_name if self.household is None else self.household.room.label


class VisitMatter(models.Model):
    """A matter that is visited and has no process of its own: an event, another service, a survey, a key customer."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="visit_matter"
    )
    kind = models.CharField(max_length=20)
    finished_date = models.DateField()
    percent = models.PositiveSmallIntegerField()  # how many of its homes are to be visited
    outcome = models.TextField(blank=True)  # what was done: the answer that the visit asks about
    rectified = models.TextField(blank=True)  # what was put right after an unhappy visit
    rectified_at = models.DateTimeField(null=True)


class Visitor(models.Model):
    """Who went, and with which roles: the quota by rank counts roles as they were then (F-12)."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="visits")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["follow_up", "staff"], name="visitor_once")]


class CallOrder(models.Model):
    """A call that a leader ordered or a plan lays down, and what it brought (F-15)."""

    class Kind(models.TextChoices):
        LEADER = "leader", N("领导交办回访")
        NOTICE = "notice", N("活动通知电话")

    class State(models.TextChoices):
        OPEN = "open", N("待打")
        REACHED = "reached", N("已通话")
        GIVEN_UP = "given_up", N("打不通，已结束")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("estate.Household", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    plan = models.CharField(max_length=120, blank=True)
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ordered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.TextField(blank=True)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(household__isnull=False), name="call_order_about_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | (Q(called_at__isnull=False) & ~Q(outcome="")),
                name="call_order_ended_has_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "state", "ordered_at"], name="call_order_open"),
        ]

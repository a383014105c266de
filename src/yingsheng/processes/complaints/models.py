"""What only a complaint has, beside its case: the fields of the complaint forms (FM-01 … FM-05, FM-16, FM-17)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


class Complaint(models.Model):
    """One complaint record; the matter, the people and the clocks stand in its case."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="complaint"
    )

    # intake (C-09, C-10)
    happened_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=120, blank=True)
    respondent = models.CharField(max_length=120, blank=True)  # person or department complained about
    respondent_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    demand = models.TextField(blank=True)
    situation = models.CharField(max_length=20, blank=True)  # C-26
    heard_at = models.DateTimeField(null=True)  # C-13: when it was heard, where it was entered only later
    written = models.BooleanField(default=False)
    ongoing_harm = models.BooleanField(default=False)  # C-17
    harm_stopped_at = models.DateTimeField(null=True)
    harm_measure = models.TextField(blank=True)
    first_heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    forwarded_by_hq = models.BooleanField(default=False)  # C-55
    household_limit_at = models.DateTimeField(null=True)  # C-39: "within the time the household wants"
    # C-11: who confirmed the record, when, by signature on which paper or in what words of his own
    record_confirmed_by = models.CharField(max_length=60, blank=True)
    record_confirmed_at = models.DateTimeField(null=True)
    record_reference = models.CharField(max_length=60, blank=True)
    record_statement = models.TextField(blank=True)
    # C-80: taken in at night, no emergency; who of the day desk opened it in the morning
    night = models.BooleanField(default=False)
    taken_over_at = models.DateTimeField(null=True)
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    # classification (C-18 … C-23)
    cause = models.CharField(max_length=20, blank=True)
    validity_detail = models.CharField(max_length=20, blank=True)
    severity_reason = models.CharField(max_length=20, blank=True)
    severity_since = models.DateTimeField(null=True)
    classified_at = models.DateTimeField(null=True)
    complex = models.BooleanField(default=False)
    loss_fen = models.BigIntegerField(default=0)
    injury = models.BooleanField(default=False)

    # C-82: whose part of the building it is, and the other household it touches
    liable = models.CharField(max_length=10, blank=True)
    other_room = models.ForeignKey(
        "estate.Room", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    other_contact = models.TextField(blank=True)
    other_contacted_at = models.DateTimeField(null=True)

    # handling
    tracker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # C-41
    # C-31: who took the form for the department, and when
    signed_for_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signed_for_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)  # C-30: when it last went to a department
    contacted_at = models.DateTimeField(null=True)
    contacted_person = models.CharField(max_length=60, blank=True)  # C-81: who was told
    agreed_reply_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verification = models.TextField(blank=True)  # C-16
    plan_at = models.DateTimeField(null=True)
    plan = models.TextField(blank=True)
    plan_consent = models.BooleanField(default=False)  # C-58
    external_body = models.CharField(max_length=80, blank=True)  # C-46 … C-48
    outside_told_at = models.DateTimeField(
        null=True
    )  # C-66: when the household last heard of that body's work
    asked_at = models.DateTimeField(null=True)  # C-43: another department was asked
    asked_question = models.TextField(blank=True)
    asked_answer = models.TextField(blank=True)
    asked_answered_at = models.DateTimeField(null=True)
    # C-53, C-54: when a superior was asked who has not decided yet, and the post asked last
    handed_up_at = models.DateTimeField(null=True)
    handed_up_to = models.CharField(max_length=20, blank=True)
    on_spot = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True)  # solved, explained, refused
    method = models.CharField(max_length=200, blank=True)
    result = models.TextField(blank=True)
    alternative = models.TextField(blank=True)  # C-50
    prevention = models.TextField(blank=True)  # C-68

    # answer
    replied_at = models.DateTimeField(null=True)
    reply_modes = models.JSONField(default=list)
    no_visit_reason = models.CharField(max_length=200, blank=True)  # C-63: answered by phone, why nobody went
    opinion = models.TextField(blank=True)
    signed_by = models.CharField(max_length=60, blank=True)
    hq_reported_at = models.DateTimeField(null=True)
    follow_up = models.CharField(
        max_length=10, blank=True
    )  # done, exempt, unhappy: what the last visit showed
    is_group = models.BooleanField(default=False)
    reopened_at = models.DateTimeField(null=True)  # C-59, F-11: when the household last sent it back to work

    class Meta:
        # what came in at night and waits for the morning (C-80)
        indexes: ClassVar = [
            models.Index(
                fields=["case"],
                condition=models.Q(night=True, taken_over_at__isnull=True),
                name="complaint_of_the_night",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(loss_fen__gte=0), name="complaint_loss_not_negative"),
        ]


class SpotCheck(models.Model):
    """A check by the site head or supervisor that the records are complete, or that a complainant is content."""

    class Kind(models.TextChoices):
        RECORDS = "records", N("记录抽查")  # C-76
        COMPLAINANT = "complainant", N("走访投诉人")  # C-77

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    found_count = models.PositiveSmallIntegerField(default=0)  # complaints heard on the visit
    recorded_count = models.PositiveSmallIntegerField(default=0)  # of these, found in the records (KPI-27)
    satisfied = models.BooleanField(null=True)
    finding = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(recorded_count__lte=models.F("found_count")),
                name="spot_check_recorded_within_found",
            )
        ]


class Improvement(models.Model):
    """A measure drawn from figures, a group or visits: what is seen, what is done, whether it helped (C-79, F-22)."""

    class Source(models.TextChoices):
        FIGURES = "figures", N("投诉统计")
        GROUP = "group", N("集体投诉")
        VISITS = "visits", N("回访分析")
        CHECKS = "checks", N("抽查走访")

    class State(models.TextChoices):
        RUNNING = "running", N("执行中")
        EFFECTIVE = "effective", N("有效")
        INEFFECTIVE = "ineffective", N("无效，待调整")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=10, choices=Source)
    category = models.CharField(max_length=20, blank=True)
    month = models.DateField(null=True)  # the first day of the month whose figures showed it
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    pattern = models.TextField()
    measure = models.TextField()
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    done_by = models.DateField()
    evaluate_on = models.DateField()
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    version = models.PositiveIntegerField(default=1)
    evaluation = models.TextField(blank=True)
    evaluated_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(evaluate_on__gte=models.F("done_by")), name="improvement_evaluated_after_done"
            ),
            models.CheckConstraint(
                condition=Q(state="running") | (Q(evaluated_at__isnull=False) & ~Q(evaluation="")),
                name="improvement_ended_is_evaluated",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "state", "evaluate_on"], name="improvement_open")]

"""Page: one shift's page of a post's duty log. Handover: the crossing to the next. Line: what was written by hand.

What came in by itself (calls, visits, orders, emergencies) is not copied: the page reads it from the book of events,
from the event that opened it to the event that signed it off, so that nothing falls between two pages.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N


class Page(models.Model):
    """A shift of a duty post: scheduled by the roster, then a numbered page of the log."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", N("待接班")
        ON_DUTY = "on_duty", N("值班中")
        HANDING = "handing", N("待交接")
        SIGNED = "signed", N("已交班")
        CHECKED = "checked", N("主管已签")
        MISSED = "missed", N("无人接班")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey("rosters.DutyPost", on_delete=models.PROTECT, related_name="+", db_index=False)
    shift = models.ForeignKey("rosters.Shift", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    starts_at = models.DateTimeField()  # as rostered
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.SCHEDULED)
    version = models.PositiveIntegerField(default=1)

    number = models.PositiveIntegerField(null=True)  # of the page in the post's log; given when it is opened
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    first_seq = models.BigIntegerField(null=True)  # the event that opened it; the page begins after it
    last_seq = models.BigIntegerField(null=True)  # the event that signed it off; the page ends with it
    digest = models.CharField(max_length=64, blank=True)  # the book's fingerprint at its end
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    remark = models.CharField(max_length=300, blank=True)  # the supervisor's

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "number"], name="duty_page_one_number"),
            models.UniqueConstraint(fields=["shift", "day"], name="duty_page_once_a_shift"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(state__in=("on_duty", "handing")), name="duty_page_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("scheduled", "missed"))
                | Q(number__isnull=False, opened_at__isnull=False, first_seq__isnull=False),
                name="duty_page_opened_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("signed", "checked"))
                | Q(closed_at__isnull=False, last_seq__gte=F("first_seq")),
                name="duty_page_closed_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="duty_page_checked_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-starts_at", "-id"], name="duty_page_register"),
            models.Index(fields=["site", "state"], condition=~Q(state="checked"), name="duty_page_going_on"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.shift_id}"


class Handover(models.Model):
    """From one page to the next: what was tidied, checked, told and taken over, and who signed.

    Without `before` somebody opened a post that was empty, without `after` the post is empty from then on.
    """

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    before = models.OneToOneField(Page, null=True, on_delete=models.PROTECT, related_name="handed")
    after = models.OneToOneField(Page, null=True, on_delete=models.PROTECT, related_name="taken")

    tidied_at = models.DateTimeField(null=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    property = models.JSONField(default=list)  # codes of the things that were there
    property_note = models.CharField(max_length=300, blank=True)
    evidence = models.BooleanField(default=False)
    told = models.TextField(blank=True)  # unfinished work in words
    accepted = models.JSONField(default=list)  # [key, who, reason] of what the supervisor let go over
    refusals = models.JSONField(default=list)  # [moment, who, reason]

    arrived_at = models.DateTimeField(null=True)
    has_read = models.BooleanField(default=False)
    area_is_normal = models.BooleanField(default=True)
    area_note = models.CharField(max_length=300, blank=True)
    area_explained = models.CharField(max_length=300, blank=True)
    to_follow = models.TextField(blank=True)
    is_rostered = models.BooleanField(default=True)
    carried = models.JSONField(default=list)  # what went over, as it was called then
    outgoing = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    incoming = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField(null=True)


class Line(models.Model):
    """An entry written by hand; it is never changed, a correction is a further entry (D-14)."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", N("咨询")
        HELP = "help", N("求助、委托")
        COMPLAINT = "complaint", N("投诉")
        REPAIR = "repair", N("报修")
        SUDDEN = "sudden", N("突发情况")
        OTHER = "other", N("其它")

    class Power(models.TextChoices):
        MOBILISE = "mobilise", N("调动其他部门人员")
        PROTECT = "protect", N("采取临时保护措施")

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="lines")
    seq = models.BigIntegerField(unique=True)  # the event it was written with: its place in the book
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    room = models.ForeignKey(
        "estate.Room", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    caller = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    content = models.TextField()
    action = models.TextField(blank=True)
    department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    told = models.CharField(max_length=60, blank=True)  # whom
    told_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    power = models.CharField(max_length=10, choices=Power, blank=True)
    level = models.CharField(max_length=6, blank=True)  # "hard", "major": reported upwards (D-09)
    important = models.BooleanField(default=False)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrections", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(content=""), name="duty_line_says_something")
        ]


class OpenItem(models.Model):
    """A line that something is still to come of: settled by words, or opened as a case (D-15, D-19, D-25)."""

    class State(models.TextChoices):
        OPEN = "open", N("未完")
        SETTLED = "settled", N("已办完")
        OPENED = "opened", N("已开单")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="item")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    to_be_opened = models.BooleanField(default=False)  # a form is owed at the next handover (D-25)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.CharField(max_length=300, blank=True)
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="opened") | Q(case__isnull=False), name="duty_item_opened_as_case"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ended_at__isnull=False), name="duty_item_ended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "id"], condition=Q(state="open"), name="duty_item_open")
        ]


class Absence(models.Model):
    """Somebody left the post for a while, and who covered (D-04, D-08)."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="absences")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200)
    left_at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page", "staff"], condition=Q(back_at__isnull=True), name="duty_away_once"
            )
        ]


class SpotCheck(models.Model):
    """The supervisor looked in on a shift (D-22)."""

    class State(models.TextChoices):
        GOOD = "good", N("正常")
        WANTING = "wanting", N("有问题")
        MENDED = "mended", N("已整改")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    page = models.ForeignKey(Page, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    found = models.TextField()
    demanded = models.CharField(max_length=300, blank=True)
    mended = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "-at", "-id"], name="duty_spot_checks")]

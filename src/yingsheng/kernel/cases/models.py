"""Case: a matter somebody raised, of whatever process, with what every list, search and clock needs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.keys import new_key


class NumberSeries(models.Model):
    """The last number given out in a series; raising it in the case's transaction leaves no gap."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=8)
    period = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "prefix", "period"], name="number_series_once")
        ]


class Case(models.Model):
    """One matter from first word to archive. What only one process knows stands in that process's table."""

    class Channel(models.TextChoices):
        PHONE = "phone", N("来电")
        VISIT = "visit", N("来访")
        LETTER = "letter", N("来信")
        FAX = "fax", N("传真")
        EMAIL = "email", N("电子邮件")
        ORAL = "oral", N("口头")
        HOTLINE = "hotline", N("公司热线")
        COMPANY_FAX = "company_fax", N("公司传真")
        COMPANY_MAIL = "company_mail", N("公司邮箱")
        BOX = "box", N("意见箱")
        FORUM = "forum", N("业主论坛")
        SURVEY = "survey", N("满意度调查")
        FOLLOW_UP = "follow_up", N("回访")
        RELAY = "relay", N("员工转告")
        NIGHT_LOG = "night_log", N("夜间记录")
        IMPORTED = "imported", N("历史导入")

    class Confidentiality(models.TextChoices):
        NORMAL = "normal", "一般"
        SEALED = "sealed", "涉密"

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=16, unique=True, default=new_key)  # what stands in addresses
    number = models.CharField(max_length=40)
    process = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)  # raised by every step; two people at once, one is told

    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    channel = models.CharField(max_length=12, choices=Channel)
    category = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    validity = models.CharField(max_length=12, blank=True)
    confidentiality = models.CharField(max_length=8, choices=Confidentiality, default=Confidentiality.NORMAL)
    # who must not know of it whatever his post: the one it is about (C-78)
    kept_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    room = models.ForeignKey(
        "estate.Room", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    building = models.ForeignKey(
        "estate.Building", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(
        "estate.Household", null=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    person = models.ForeignKey(
        "estate.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    caller_name = models.CharField(max_length=60, blank=True)
    caller_phone = models.CharField(max_length=24, blank=True)

    department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # another department that was asked and has not answered yet; until then it sees the case (C-43)
    asked_department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)  # the earliest running promise
    satisfied = models.BooleanField(null=True)

    group = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    origin = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="successors", db_index=False
    )
    source_system = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="case_one_number"),
        ]
        indexes: ClassVar = [
            # worklist: what is open, in due order
            models.Index(
                fields=["site", "process", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_open_by_due",
            ),
            models.Index(
                fields=["site", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_open_all",
            ),
            # my work, and work nobody took
            models.Index(
                fields=["handler", "next_due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_open_of",
            ),
            # register: newest first
            models.Index(fields=["site", "process", "-received_at", "-id"], name="case_register"),
            # what somebody took in himself, newest first
            models.Index(fields=["received_by", "-received_at"], name="case_taken_in"),
            # month figures come from this index alone
            models.Index(
                fields=["site", "process", "received_at", "category", "validity", "severity", "satisfied"],
                name="case_month",
            ),
            # household card, "already known" hints in the building, members of a group, later complaints
            models.Index(
                fields=["household", "-received_at"],
                condition=Q(household__isnull=False),
                name="case_of_household",
            ),
            models.Index(
                fields=["building", "process", "category", "-received_at"],
                condition=Q(closed_at__isnull=True, building__isnull=False),
                name="case_open_in_building",
            ),
            models.Index(
                fields=["person", "-received_at"], condition=Q(person__isnull=False), name="case_of_person"
            ),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="case_of_group"),
            models.Index(fields=["origin"], condition=Q(origin__isnull=False), name="case_after"),
        ]

    def __str__(self) -> str:
        return self.number


class SavedView(models.Model):
    """A query of a worklist that somebody keeps under a name."""

    site = models.ForeignKey("org.Site", on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    process = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "site", "process", "name"], name="saved_view_one_name")
        ]

    def __str__(self) -> str:
        return self.name

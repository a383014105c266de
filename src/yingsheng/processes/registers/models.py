"""Key customers and contacts, typical cases, plans."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from yingsheng.base.words import gettext_noop as N


def _staff(*, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, on_delete=models.PROTECT, related_name="+", db_index=False
    )


def _site() -> Any:
    return models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+", db_index=False)


class KeyCustomer(models.Model):
    """A household that gets particular care: why, by whom, how often (Z-05, FM-67)."""

    class Reason(models.TextChoices):
        LARGE = "large", N("大户")
        VULNERABLE = "vulnerable", N("老弱病残")
        COMPLAINTS = "complaints", N("多次投诉")
        INFLUENCE = "influence", N("业委会或热心业主")
        DISPUTE = "dispute", N("有未了争议")
        OTHER = "other", N("其它")

    class State(models.TextChoices):
        PROPOSED = "proposed", N("待审批")
        ACTIVE = "active", N("在册")
        REMOVED = "removed", N("已移出")

    site = _site()
    household = models.ForeignKey(
        "estate.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contact_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=12, choices=Reason)
    why = models.CharField(max_length=300)
    every_days = models.PositiveSmallIntegerField()
    care_by = _staff()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = _staff()
    approved_at = models.DateTimeField(null=True)
    approved_by = _staff(null=True)
    last_contact_at = models.DateTimeField(null=True)
    next_contact_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household"], condition=~Q(state="removed"), name="key_customer_once_on_the_list"
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | ~Q(removed_reason=""), name="key_customer_removed_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-proposed_at", "-id"], name="key_customer_register")
        ]


class CareContact(models.Model):
    """One contact with a key customer."""

    customer = models.ForeignKey(KeyCustomer, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    way = models.CharField(max_length=10)
    summary = models.CharField(max_length=500)
    by = _staff()


class TypicalCase(models.Model):
    """A case worth telling, in words that betray nobody; it may become a requirement of the site (Z-06, B-10)."""

    class State(models.TextChoices):
        DRAFT = "draft", N("待审批")
        PUBLISHED = "published", N("已公布")
        ADOPTED = "adopted", N("已定为项目要求")
        RETIRED = "retired", N("已撤下")

    site = _site()
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    category = models.CharField(max_length=20)
    title = models.CharField(max_length=80)
    summary = models.TextField()
    learned = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_at = models.DateTimeField()
    written_by = _staff()
    published_at = models.DateTimeField(null=True)
    published_by = _staff(null=True)
    requirement_number = models.CharField(max_length=40, blank=True)
    requirement_date = models.DateField(null=True)
    requirement_text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=~Q(state="retired"), name="typical_case_once"),
            models.CheckConstraint(
                condition=~Q(state="adopted")
                | (~Q(requirement_number="") & Q(requirement_date__isnull=False)),
                name="typical_case_requirement_has_number_and_date",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-written_at", "-id"], name="typical_case_register")
        ]


class TypicalRead(models.Model):
    """Somebody of the staff has read a typical case."""

    typical = models.ForeignKey(TypicalCase, on_delete=models.PROTECT, related_name="reads")
    staff = _staff()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["typical", "staff"], name="typical_case_read_once")
        ]


class Plan(models.Model):
    """A plan that the centre drafts or helps to draft (Z-01, X-10; FM-87, FM-88)."""

    class Kind(models.TextChoices):
        SERVICE = "service", N("客户服务方案")
        ANNUAL = "annual", N("客户服务年度计划")
        BUDGET = "budget", N("客户服务年度预算")
        HAZARD = "hazard", N("危险源管理方案")
        ENVIRONMENT = "environment", N("重大环境因素管理方案")

    class State(models.TextChoices):
        DUE = "due", N("待编制")
        DRAFTED = "drafted", N("待审批")
        APPROVED = "approved", N("已批准")

    site = _site()
    kind = models.CharField(max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField()
    drafter = _staff()
    due_date = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    contribution = models.TextField(blank=True)
    file_count = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = _staff()
    drafted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = _staff(null=True)
    returned_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "kind", "year"], name="plan_once_a_year"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_by__isnull=False),
                name="plan_approved_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-opened_at", "-id"], name="plan_register")]

"""What comes of a reception in money: rates, deals, rulings, the group bonus, lines of the month, applications."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import columns
from yingsheng.processes.salesdesk.models.books import Visit


class Rate(models.Model):
    """佣金标准: what a deal of a project earns from a day on; a changed rate is a further row."""

    class Kind(models.TextChoices):
        PART = "part", N("按成交价比例")
        FIXED = "fixed", N("每套定额")

    site = columns.site()
    project = columns.project(related_name="rates")
    number = models.CharField(max_length=24)
    state = models.CharField(max_length=8, default="set")
    kind = models.CharField(max_length=5, choices=Kind)
    per_100k = models.PositiveIntegerField(default=0)  # of the price, in hundred-thousandths
    fixed_fen = models.BigIntegerField(default=0)
    valid_from = models.DateField()
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = columns.staff()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_rate_number"),
            models.UniqueConstraint(fields=["project", "valid_from"], name="sales_rate_one_from_a_day"),
            models.CheckConstraint(
                condition=Q(kind="part", per_100k__gt=0, per_100k__lte=100_000, fixed_fen=0)
                | Q(kind="fixed", per_100k=0, fixed_fen__gt=0),
                name="sales_rate_of_one_kind",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-set_at", "-id"], name="sales_rates")]

    def __str__(self) -> str:
        return self.number


class Deal(models.Model):
    """A purchase that came of a visit: closed when the deposit is paid and 认购书 FM-64 is signed (J-24, J-25)."""

    class State(models.TextChoices):
        OPEN = "open", N("洽谈中")
        CLOSED = "closed", N("已成交")
        CANCELLED = "cancelled", N("已取消")

    site = columns.site()
    project = columns.project(related_name="deals")
    number = models.CharField(max_length=24)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="deals")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    unit = models.CharField(max_length=60)  # what is bought: 3栋2单元1802
    purchaser = models.CharField(max_length=60, blank=True)  # as on the signed form
    price_fen = models.BigIntegerField()
    closer = columns.staff()
    deposit_fen = models.BigIntegerField(default=0)
    deposit_receipt = models.CharField(max_length=40, blank=True)
    deposit_day = models.DateField(null=True)
    signed_day = models.DateField(null=True)
    signed_by = models.CharField(max_length=60, blank=True)
    closed_day = models.DateField(null=True)
    present = models.JSONField(default=list)  # staff on site or within reach at the closing
    transferred_to = models.CharField(max_length=60, blank=True)
    rate = models.ForeignKey(Rate, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    commission_fen = models.BigIntegerField(null=True)
    formalities = columns.staff(null=True)  # who sees to them: whose customer it is
    formalities_done_at = models.DateTimeField(null=True)
    decision = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=8, blank=True)
    owner = columns.staff(null=True)
    needs_ruling = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # of the cancelling
    opened_at = models.DateTimeField()
    opened_by = columns.staff()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_deal_number"),
            models.UniqueConstraint(
                fields=["project", "unit"], condition=Q(state="closed"), name="sales_unit_sold_once"
            ),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="sales_deal_has_price"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_day__isnull=False) & ~Q(purchaser="")),
                name="sales_deal_closed_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-opened_at", "-id"], name="sales_deals"),
            models.Index(fields=["site", "closed_day"], name="sales_deals_closed"),
        ]

    def __str__(self) -> str:
        return self.number


class Ruling(models.Model):
    """What the sales manager decided about a visit or a deal, with his reason; a later one goes before it (J-28)."""

    site = columns.site()
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="rulings")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.PROTECT, related_name="rulings")
    owner = columns.staff(null=True)  # nobody: the department's
    shares = models.JSONField()  # [staff, per cent] pairs
    reason = models.CharField(max_length=300)
    fine_fen = models.BigIntegerField(null=True)  # of a snatching (J-20)
    heir = columns.staff(null=True)  # who gets its cancelled commission; nobody: the company (J-34)
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="sales_ruling_has_reason"),
        ]


class Bonus(models.Model):
    """团购奖金: what a group purchase brought, shared out by weight, that of who received raised (J-26)."""

    class State(models.TextChoices):
        SHARED = "shared", N("已分配")

    site = columns.site()
    project = columns.project()
    number = models.CharField(max_length=24)
    state = models.CharField(max_length=8, choices=State, default=State.SHARED)
    name = models.CharField(max_length=60)
    fen = models.BigIntegerField()
    raised_percent = models.PositiveIntegerField()
    parts = models.JSONField()  # [{"agent", "weight", "received", "fen"}]
    reason = models.CharField(max_length=200)
    day = models.DateField()
    shared_at = models.DateTimeField()
    shared_by = columns.staff()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_bonus_number"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="sales_bonus_more_than_nothing"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-shared_at", "-id"], name="sales_bonuses")]

    def __str__(self) -> str:
        return self.number


class CommissionLine(models.Model):
    """A line of the month's statement; a changed decision takes lines back by further ones (J-11 … J-26)."""

    site = columns.site()
    agent = columns.staff(null=True)  # nobody: the company
    day = models.DateField()
    deal = models.ForeignKey(Deal, null=True, on_delete=models.PROTECT, related_name="lines")
    bonus = models.ForeignKey(Bonus, null=True, on_delete=models.PROTECT, related_name="lines")
    sort = models.CharField(max_length=12)
    fen = models.BigIntegerField()
    rule = models.CharField(max_length=8)
    article = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)
    takes_back = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="taken_back_by"
    )
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deal__isnull=False, bonus__isnull=True)
                | Q(deal__isnull=True, bonus__isnull=False),
                name="sales_line_of_one_matter",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "day", "agent"], name="sales_lines_of_month")]


class Application(models.Model):
    """A discount, a relisting, a change of names: asked of the sales manager, never done privately (J-27)."""

    class Kind(models.TextChoices):
        DISCOUNT = "discount", N("折扣")
        RELISTING = "relisting", N("放盘")
        NAME = "name", N("转名")
        OTHER = "other", N("其他申请")

    class State(models.TextChoices):
        ASKED = "asked", N("待审批")
        GRANTED = "granted", N("已同意")
        REFUSED = "refused", N("不同意")

    site = columns.site()
    number = models.CharField(max_length=24)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    kind = models.CharField(max_length=10, choices=Kind)
    deal = models.ForeignKey(Deal, null=True, on_delete=models.PROTECT, related_name="applications")
    text = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = columns.staff()
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = columns.staff(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_application_number"),
            models.CheckConstraint(
                condition=Q(state="asked")
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by")) & ~Q(answer="")),
                name="sales_application_answered_by_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-asked_at", "-id"], name="sales_applications")]

    def __str__(self) -> str:
        return self.number

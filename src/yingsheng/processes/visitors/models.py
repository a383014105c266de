"""Keys of the gate, release passes with their items and second uses, visitors, deposits and lost property."""

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


def _home(*, null: bool = False) -> Any:
    return models.ForeignKey("estate.Household", null=null, on_delete=models.PROTECT, related_name="+")


class GateKey(models.Model):
    """The pair of keys by which a site signs its passes; the private half is sealed at rest (V-02)."""

    site = _site()
    code = models.CharField(max_length=16, unique=True, default=new_key)
    public = models.CharField(max_length=200)
    private_sealed = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(retired_at__isnull=True), name="gate_key_one_in_use"
            )
        ]


class Pass(models.Model):
    """放行条 FM-59: goods that may leave a home, for whom, with whose consent, until when (V-02, V-09)."""

    class State(models.TextChoices):
        WAITING = "waiting", N("待业主同意")
        ISSUED = "issued", N("已开出")
        OWNER_ASKED = "owner_asked", N("联系业主")
        RELEASED = "released", N("已放行")
        NOT_RELEASED = "not_released", N("未放行")
        EXPIRED = "expired", N("已过期")
        REVOKED = "revoked", N("已撤销")
        REPLACED = "replaced", N("已换新条")

    class Relation(models.TextChoices):
        OWNER = "owner", N("业主本人")
        RELATIVE = "relative", N("亲属")
        TENANT = "tenant", N("租户")
        COMPANY = "company", N("单位或搬家公司")

    class Consent(models.TextChoices):
        SELF = "self", N("业主本人来办")
        PHONE = "phone", N("电话问过业主")
        LETTER = "letter", N("业主签字的书面同意")
        ASK = "ask", N("还没问，先登记")

    site = _site()
    number = models.CharField(max_length=24)
    key = models.CharField(max_length=16, unique=True, default=new_key)
    household = _home()
    applicant = models.CharField(max_length=60, blank=True)  # forgotten when the pass is old
    relation = models.CharField(max_length=10, choices=Relation)
    consent_way = models.CharField(max_length=8, choices=Consent)
    consent_name = models.CharField(max_length=60, blank=True)
    consent_at = models.DateTimeField(null=True)
    consent_by = _staff(null=True)
    plate = models.CharField(max_length=12, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    arrears_remark = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=14, choices=State)
    code = models.TextField(blank=True)  # signed; none while the owner is still to be asked
    issued_at = models.DateTimeField()
    issued_by = _staff()
    owner_question = models.CharField(max_length=200, blank=True)
    owner_answer = models.CharField(max_length=4, blank=True)
    gate_at = models.DateTimeField(null=True)
    gate_told_at = models.DateTimeField(null=True)  # when we heard of it, later without signal
    gate_by = _staff(null=True)
    gate_remark = models.CharField(max_length=200, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    forgotten_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="pass_number_once"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("valid_from")), name="pass_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("released", "not_released"))
                | Q(gate_at__isnull=False, gate_by__isnull=False),
                name="pass_at_gate_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(relation="owner") | ~Q(consent_way="self"), name="pass_consent_of_others"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "revoked", "expired")) | ~Q(consent_way="ask"),
                name="pass_out_only_with_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("issued", "owner_asked", "released")) | ~Q(code=""),
                name="pass_issued_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("revoked", "not_released")) | ~Q(ended_reason=""),
                name="pass_stopped_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-issued_at", "-id"], name="pass_register"),
            models.Index(fields=["site", "valid_until"], condition=Q(
                state__in=("waiting", "issued", "owner_asked")
            ), name="pass_running"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class PassItem(models.Model):
    """One kind of thing on a pass; what is on it never changes: what differs needs a new pass."""

    release_pass = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="items")
    serial = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=30)
    count = models.PositiveSmallIntegerField()
    is_bulky = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release_pass", "serial"], name="pass_item_serial_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="pass_item_at_least_one"),
        ]


class SecondUse(models.Model):
    """A gate let goods out on a pass that was no longer good, told by a phone without signal (V-02).

    Both moments stay: that of the pass and this one.
    """

    release_pass = models.ForeignKey(
        Pass, on_delete=models.PROTECT, related_name="second_uses", db_index=False
    )
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    by = _staff()
    found_state = models.CharField(max_length=14, choices=Pass.State)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release_pass", "by", "at"], name="second_use_told_once")
        ]


class Visitor(models.Model):
    """来访登记本 FM-65: who came to whom, what the host said, in and out; never an ID number (V-01, V-05, V-09)."""

    class State(models.TextChoices):
        EXPECTED = "expected", N("预约")
        WAITING = "waiting", N("等被访人答复")
        INSIDE = "inside", N("已进入")
        LEFT = "left", N("已离开")
        TURNED_AWAY = "refused", N("未进入")
        MESSAGE = "message", N("留言或名片")
        CANCELLED = "cancelled", N("取消预约")

    class HostKind(models.TextChoices):
        HOME = "home", N("住户")
        OFFICE = "office", N("办公单位或员工")

    class IdState(models.TextChoices):
        NOT_ASKED = "not_asked", N("没有查看")
        SHOWN = "shown", N("看过证件")
        UNWILLING = "unwilling", N("不愿出示")
        FORGOTTEN = "forgotten", N("忘带")

    site = _site()
    name = models.CharField(max_length=60, blank=True)  # forgotten after some days
    people = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=120, blank=True)
    host_kind = models.CharField(max_length=8, choices=HostKind)
    household = _home(null=True)
    host_staff = _staff(null=True)
    host_unit = models.CharField(max_length=60, blank=True)
    is_vip = models.BooleanField(default=False)
    expected_at = models.DateTimeField(null=True)
    met_by = _staff(null=True)
    host_answer = models.CharField(max_length=10, blank=True)
    id_state = models.CharField(max_length=10, choices=IdState, default=IdState.NOT_ASKED)
    leader = models.CharField(max_length=60, blank=True)
    led_by = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=16, blank=True)
    message = models.CharField(max_length=300, blank=True)
    registered_at = models.DateTimeField()
    registered_by = _staff()
    asked_at = models.DateTimeField(null=True)
    in_at = models.DateTimeField(null=True)
    let_in_by = _staff(null=True)
    out_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=("inside", "left")) | Q(in_at__isnull=False, let_in_by__isnull=False),
                name="visitor_inside_let_in_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="visitor_turned_away_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(host_kind="office") | Q(household__isnull=False), name="visitor_to_a_home_has_it"
            ),
            models.CheckConstraint(
                condition=~Q(state="expected") | Q(expected_at__isnull=False, met_by__isnull=False),
                name="visitor_expected_is_met_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-registered_at", "-id"], name="visitor_register"),
            models.Index(
                fields=["registered_at"], condition=Q(forgotten_at__isnull=True), name="visitor_to_forget"
            ),
        ]


class Deposit(models.Model):
    """What is known of an article left with us or found, beside its item in custody (V-04, V-09)."""

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", N("寄存")
        LOST = "lost", N("失物")

    item = models.OneToOneField(
        "custody.Item", primary_key=True, on_delete=models.PROTECT, related_name="deposit"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    condition = models.CharField(max_length=200)
    found_where = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="deposit") | ~Q(found_where=""), name="deposit_found_somewhere"
            )
        ]

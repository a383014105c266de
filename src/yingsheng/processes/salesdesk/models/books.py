"""The books: an entry and its proofs, corrections, the reception, the call, the referral, what was found and agreed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import columns


class Entry(models.Model):
    """A line of 客户登记本 FM-60, 电话咨询登记本 FM-61 or 来访登记本 FM-65; it stands as written (J-04, J-29)."""

    class Book(models.TextChoices):
        VISIT = "visit", N("客户登记本")
        PHONE_IN = "phone_in", N("电话咨询登记本")
        REFERRAL = "referral", N("来访登记本")

    site = columns.site()
    project = columns.project(related_name="entries")
    book = models.CharField(max_length=8, choices=Book)
    number = models.CharField(max_length=24)
    day = models.DateField()  # when the customer came, called or was named
    agent = columns.staff()  # whose entry it is
    name = models.CharField(max_length=60)
    surname = models.CharField(max_length=20, blank=True)
    employer_or_address = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=120, blank=True)  # phones as written, several may stand in it
    intention = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True)
    car_brand = models.CharField(max_length=30, blank=True)
    plate = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    is_imported = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_entry_number"),
            models.CheckConstraint(condition=~Q(name=""), name="sales_entry_of_somebody"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "book", "-at", "-id"], name="sales_entries"),
            models.Index(fields=["site", "agent", "-at"], name="sales_entries_of_agent"),
        ]

    def __str__(self) -> str:
        return self.number


class Proof(models.Model):
    """One key by which an entry proves a conflict, as text that is equal where the customer is the same (J-05)."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="proofs", db_index=False)
    site = columns.site()
    key = models.CharField(max_length=160)
    since = models.DateField()  # a key that a correction added proves nothing of the time before

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "key"], name="sales_proof_once")]
        # the question while a desk types: who else has one of these keys
        indexes: ClassVar = [models.Index(fields=["site", "key", "entry"], name="sales_proofs_by_key")]


class Correction(models.Model):
    """A line added to an entry that was wrong; the entry stays as it is, the manager sees both (J-29)."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="sales_correction_has_reason"),
        ]


class Visit(models.Model):
    """A reception: who came when, who received, and everything a decision about it needs (J-01 … J-22)."""

    class State(models.TextChoices):
        RECEIVING = "receiving", N("接待中")
        REGISTERED = "registered", N("已登记")
        LEFT = "left", N("未留资料")

    class How(models.TextChoices):
        TURN = "turn", N("按轮排")
        OWN = "own", N("自己的客户")
        COLLEAGUE = "colleague", N("同事的客户")
        HELP = "help", N("帮同事接待")
        PUBLIC = "public", N("公共客户")

    site = columns.site()
    project = columns.project(related_name="visits")
    number = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    receiver = columns.staff()
    how = models.CharField(max_length=9, choices=How)
    help_of = columns.staff(null=True)  # the colleague in whose place he receives
    called_as = models.CharField(max_length=60, blank=True)  # before anything is registered: 王先生，两位
    arrived_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="visit")
    present = models.JSONField(default=list)  # staff on site or within reach when reception was complete
    # what was said of agents, by their key: whether they can be reached, whoever stands on the list
    reached = models.JSONField(default=dict)
    named = columns.staff(null=True)
    named_too_late = models.BooleanField(default=False)
    brought_by = models.ForeignKey(
        Entry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the old customer who brought him
    public_kind = models.CharField(max_length=10, blank=True)
    said_himself = models.BooleanField(default=False)
    colleagues_know = models.BooleanField(default=False)
    card_given = models.BooleanField(default=False)
    public_after = models.BooleanField(default=False)  # recognised when reception was complete
    others = models.JSONField(default=list)  # further agents who received a public customer
    is_group = models.BooleanField(default=False)
    knew = models.BooleanField(default=False)
    went_on = models.BooleanField(default=False)
    remark = models.CharField(max_length=300, blank=True)
    # what was decided last about the visit itself; deals have their own
    decision = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12, blank=True)
    rule = models.CharField(max_length=8, blank=True)
    owner = columns.staff(null=True)
    needs_ruling = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_visit_number"),
            models.CheckConstraint(
                condition=Q(state="receiving", finished_at__isnull=True)
                | (~Q(state="receiving") & Q(finished_at__isnull=False)),
                name="sales_visit_finished",
            ),
            models.CheckConstraint(
                condition=Q(state="registered", entry__isnull=False)
                | (~Q(state="registered") & Q(entry__isnull=True)),
                name="sales_visit_registered_with_entry",
            ),
            models.CheckConstraint(
                condition=Q(help_of__isnull=True) | ~Q(help_of=F("receiver")),
                name="sales_visit_helps_another",
            ),
            models.UniqueConstraint(
                fields=["receiver", "project"],
                condition=Q(state="receiving"),
                name="sales_visit_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-arrived_at", "-id"], name="sales_visits"),
            models.Index(fields=["site", "receiver", "-arrived_at"], name="sales_visits_of_agent"),
            models.Index(fields=["site", "owner", "-arrived_at"], name="sales_visits_of_owner"),
        ]

    def __str__(self) -> str:
        return self.number


class Call(models.Model):
    """An enquiry by telephone: who answered before whose telephone, and whom the caller asked for (J-06)."""

    site = columns.site()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="call")
    number = models.CharField(max_length=24)
    state = models.CharField(max_length=8, default="kept")
    answered_by = columns.staff()
    helped = columns.staff(null=True)  # the busy or absent colleague before whose telephone he sat
    named = columns.staff(null=True)
    content = models.CharField(max_length=300)
    called_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "number"], name="sales_call_number")]
        indexes: ClassVar = [models.Index(fields=["site", "-called_at", "-id"], name="sales_calls")]

    def __str__(self) -> str:
        return self.number


class Referral(models.Model):
    """Somebody a viewer looks for or introduces, who has never come: registered too (J-14)."""

    site = columns.site()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="referral")
    number = models.CharField(max_length=24)
    state = models.CharField(max_length=8, default="kept")
    introduced_by = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="referred")
    relation = models.CharField(max_length=20)
    told_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="sales_referral_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-told_at", "-id"], name="sales_referrals")]

    def __str__(self) -> str:
        return self.number


class Finding(models.Model):
    """That an earlier entry speaks of the visitor or his family, when it was found and by whom (J-05, J-08, J-14)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="findings")
    relation = models.CharField(max_length=20)
    keys = models.JSONField(default=list)  # the proofs both share; none for a relative
    noticed = models.CharField(max_length=6)  # during or after reception
    day = models.DateField()
    by = columns.staff(null=True)  # nobody: the program found it when the entry was written
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # what was known first stays: nobody becomes unaware later
            models.UniqueConstraint(fields=["visit", "entry"], name="sales_finding_once"),
            models.CheckConstraint(condition=Q(noticed__in=("during", "after")), name="sales_finding_when"),
        ]


class Sighting(models.Model):
    """An entry was shown to somebody who typed what a visitor or caller said; nobody unsees it (J-15, J-19).

    Whether it speaks of the visitor is known when he is registered: only then it makes a finding of the reception.
    """

    site = columns.site()
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="sightings")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    keys = models.JSONField(default=list)
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "entry", "by"], name="sales_sighting_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["by", "entry", "-at"], name="sales_sightings_of_agent")]


class Consent(models.Model):
    """The original agent lets the receiver go on with his customer, told by himself (J-19)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="consents")
    agent = columns.staff()
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = columns.staff()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "agent"], name="sales_consent_once"),
        ]

"""Area, building, unit, room; the household that lives there; its people, phones and vehicles."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yingsheng.base.words import gettext_noop as N

# PostgreSQL serves "begins with" from an index only if it compares byte by byte, whatever the language of the database
BY_PREFIX = ["int8_ops", "varchar_pattern_ops"]


class Area(models.Model):
    """A part of a site that one area administrator looks after (片区)."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "name"], name="area_one_name")]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building (栋); `code` is what stands first in a room key."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="buildings")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="buildings")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "code"], name="building_one_code")]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A home, shop or office. `key` is canonical (3-2-1802), `label` is how it is read back."""

    class Use(models.TextChoices):
        HOME = "home", N("住宅")
        SHOP = "shop", N("商铺")
        OFFICE = "office", N("办公")
        OTHER = "other", N("其它")

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="rooms")
    unit = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=12)
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    floor = models.SmallIntegerField(null=True)
    use = models.CharField(max_length=10, choices=Use, default=Use.HOME)
    area_m2 = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    former_key = models.CharField(max_length=40, blank=True)  # 曾用号, still found by search
    version = models.PositiveIntegerField(default=1)  # raised by every correction

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "key"], name="room_one_key")]
        indexes: ClassVar = [
            models.Index(fields=["site", "number"], name="room_by_number"),  # "1802" alone
            models.Index(
                fields=["site", "former_key"], condition=~Q(former_key=""), name="room_by_former_key"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Household(models.Model):
    """The people of a room over a time; a change of title closes one and opens the next."""

    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="households")
    moved_in_date = models.DateField(null=True)
    active_to = models.DateField(null=True)
    reminder_codes = models.JSONField(default=list, blank=True)  # the usual ones, see `reminders`
    reminder = models.CharField(max_length=200, blank=True)  # what no code says
    is_key_customer = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)  # two desks at once, one is told

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(active_to__isnull=True), name="household_one_living_per_room"
            )
        ]

    def __str__(self) -> str:
        return self.room.label


class Person(models.Model):
    """Somebody the centre deals with: owner, tenant, family, or a caller without a home here (C-84)."""

    # Every field here is declared: how it is masked and what opening it needs (see personal.py).
    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    call_as = models.CharField(max_length=40, blank=True)  # 王女士, 李老师: the form of address they prefer
    id_number_sealed = models.CharField(max_length=200, blank=True)
    id_number_index = models.CharField(max_length=64, blank=True)
    birth_date = models.DateField(null=True)
    do_not_call = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "name"], name="person_by_name", opclasses=BY_PREFIX),
            models.Index(fields=["site", "initials"], name="person_by_initials", opclasses=BY_PREFIX),
            models.Index(fields=["site", "pinyin"], name="person_by_pinyin", opclasses=BY_PREFIX),
            models.Index(
                fields=["id_number_index"], condition=~Q(id_number_index=""), name="person_by_id_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """What somebody is in a household."""

    class Relation(models.TextChoices):
        OWNER = "owner", N("业主")
        CO_OWNER = "co_owner", N("共有人")
        TENANT = "tenant", N("租户")
        FAMILY = "family", N("家属")
        STAFF = "staff", N("家政")
        OTHER = "other", N("其他")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=10, choices=Relation)
    decides = models.BooleanField(default=False)  # C-81: the one to be informed
    is_emergency_contact = models.BooleanField(default=False)
    active_from = models.DateField(null=True)
    active_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=Q(active_to__isnull=True), name="member_once"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(decides=True, active_to__isnull=True),
                name="household_one_decision_maker",
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True)
                | Q(active_from__isnull=True)
                | Q(active_to__gte=F("active_from")),
                name="member_ends_after_start",
            ),
        ]


class Phone(models.Model):
    """A number by which somebody is known; `reversed` serves "last four digits"."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=24)
    reversed = models.CharField(max_length=24)
    label = models.CharField(max_length=20, blank=True)  # 单位, 只在晚上 …
    is_primary = models.BooleanField(default=False)  # the one to try first

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "number"], name="phone_once_per_person"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_primary=True), name="phone_one_primary_per_person"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "number"], name="phone_by_number", opclasses=BY_PREFIX),
            models.Index(fields=["site", "reversed"], name="phone_by_last_digits", opclasses=BY_PREFIX),
        ]


class Vehicle(models.Model):
    """A car that belongs to a household, by plate."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="vehicles")
    site = models.ForeignKey("org.Site", on_delete=models.PROTECT, related_name="+")
    plate = models.CharField(max_length=12)
    model = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "plate"], name="vehicle_by_plate", opclasses=BY_PREFIX)
        ]


class Consent(models.Model):
    """What a person agreed to, since when, and when he took it back; withdrawing is one action."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_once"
            )
        ]

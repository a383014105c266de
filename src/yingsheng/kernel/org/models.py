"""Sites, departments, roles, posts and the staff who hold them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from yingsheng.base.revisions import new_revision


class Site(models.Model):
    """A managed property (小区, 大厦, 园区, 商场): the border of all data."""

    class Kind(models.TextChoices):
        RESIDENCE = "residence", "住宅"
        OFFICE = "office", "写字楼"
        MALL = "mall", "商场"
        PARK = "park", "产业园"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.RESIDENCE)
    address = models.CharField(max_length=200, blank=True)
    # C-02: the four contacts that must be published
    duty_phone = models.CharField(max_length=40, blank=True)
    company_hotline = models.CharField(max_length=40, blank=True)
    company_fax = models.CharField(max_length=40, blank=True)
    complaint_email = models.CharField(max_length=120, blank=True)
    service_hotline = models.CharField(max_length=40, blank=True)  # B-11: for colleagues and households alike
    area_code = models.CharField(max_length=5, blank=True)
    is_drill = models.BooleanField(default=False)  # a drill site may be run at another hour
    # drawn anew by every adoption or override; random, because a rolled back number would be given out again
    policy_revision = models.PositiveBigIntegerField(default=new_revision)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A unit of a site that handles matters (客服中心, 工程部, 秩序部, 环境部)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="departments")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "code"], name="department_one_code")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A canonical role of the regulations (01-roles): a list of permissions under a code."""

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(default=100)  # smaller is higher

    def __str__(self) -> str:
        return self.name_zh


class RoleAlias(models.Model):
    """What a site calls a role (客服主管 is 业户服务主管 elsewhere)."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "role"], name="role_alias_one")]


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by user name, for logging in."""


class Staff(AbstractBaseUser):
    """A person who works with the system."""

    class Density(models.TextChoices):
        COSY = "cosy", "宽松"
        COMPACT = "compact", "紧凑"

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    density = models.CharField(max_length=10, choices=Density, default=Density.COSY)
    single_keys = models.BooleanField(default=True)  # WCAG 2.1.4: single-key shortcuts can be switched off
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)  # raised to end all sessions

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = StaffManager()

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Sessions end when the password changes or the epoch is raised."""
        return salted_hmac(
            "yingsheng.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()


class Post(models.Model):
    """A place in the organisation: a role at a site, within a department or above them."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=60)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """Who holds a post, from a day on, until a day (exclusive) or for good."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="appointments")
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
                name="appointment_ends_after_start",
            )
        ]


class Delegation(models.Model):
    """During leave the powers of a post pass to a named person, for a time, with a reason."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    to_staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="delegations")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    active_from = models.DateTimeField()
    active_to = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(active_to__gt=F("active_from")), name="delegation_ends_after_start"
            )
        ]


class ApiClient(models.Model):
    """A program that may call the API in the name of a post-holder, with a token of limited scope."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    acts_as = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of a random token, never the token
    scopes = models.JSONField(default=list)
    requests_per_minute = models.PositiveIntegerField(default=600)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # None: until it is revoked
    last_used_at = models.DateTimeField(null=True)

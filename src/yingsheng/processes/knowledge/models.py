"""Articles of six kinds with every wording they ever had, and the questions nobody has answered yet."""

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


class Article(models.Model):
    """Something worth saying or knowing, approved before it is used, owned and reviewed by somebody (B-09, W-34)."""

    class Kind(models.TextChoices):
        ANSWER = "answer", N("答客问")
        SCRIPT = "script", N("话术")
        TIP = "tip", N("贴士")
        PHRASE = "phrase", N("用语")
        STANDARD = "standard", N("规范要点")
        NEWS = "news", N("行业分享")

    class Category(models.TextChoices):
        FEES = "fees", N("收费")
        PARKING = "parking", N("停车")
        RENOVATION = "renovation", N("装修")
        REPAIR = "repair", N("维修")
        ACCESS = "access", N("门禁出入")
        FACILITIES = "facilities", N("设施开放")
        ENVIRONMENT = "environment", N("环境卫生")
        SERVICE = "service", N("服务态度")
        OTHER = "other", N("其它")

    class Situation(models.TextChoices):
        PHONE_IN = "phone_in", N("接电话")
        PHONE_OUT = "phone_out", N("打电话")
        TRANSFER = "transfer", N("转接")
        RECEPTION = "reception", N("来访接待")
        WAITING = "waiting", N("请人等候")
        LOOK_UP = "look_up", N("查找资料")
        REFUSING = "refusing", N("婉言谢绝")
        APOLOGY = "apology", N("致歉")
        COMPLAINT = "complaint", N("受理投诉")
        ON_DUTY = "on_duty", N("当值听到投诉")
        REPAIR = "repair", N("受理报修")
        EMERGENCY = "emergency", N("紧急求助")
        DIRECTIONS = "directions", N("问路指引")
        CLOSING = "closing", N("结束送别")

    class Mood(models.TextChoices):
        CALM = "calm", N("平和")
        HURRIED = "hurried", N("着急")
        ANGRY = "angry", N("生气")
        UPSET = "upset", N("难过")
        CONFUSED = "confused", N("说不清")
        ELDERLY = "elderly", N("年长体弱")
        DIALECT = "dialect", N("讲方言")

    class Part(models.TextChoices):
        GREETING = "phrase_greeting", N("用语：问候")
        WELCOME = "phrase_welcome", N("用语：欢迎")
        CONGRATULATION = "phrase_congratulation", N("用语：祝贺")
        FAREWELL = "phrase_farewell", N("用语：告别")
        APOLOGY = "phrase_apology", N("用语：道歉")
        THANKS = "phrase_thanks", N("用语：道谢")
        REPLY = "phrase_reply", N("用语：应答")
        ASKING = "phrase_asking", N("用语：征询")
        REQUEST = "phrase_request", N("用语：请求")
        CONSULTING = "phrase_consulting", N("用语：商量")
        EXPLAINING = "phrase_explaining", N("用语：解释")
        PSYCHOLOGY = "tip_psychology", N("贴士：心理")
        WORK = "tip_work", N("贴士：工作")
        DETAIL = "tip_detail", N("贴士：细节")
        VIOLATION = "tip_violation", N("贴士：违纪")
        EMPATHY = "skill_empathy", N("技巧：换位思考")
        NAMES = "skill_names", N("技巧：记住称呼")
        FACE = "skill_face", N("技巧：顾全面子")
        PATIENCE = "skill_patience", N("技巧：耐心")
        QUIET = "skill_quiet", N("技巧：少打扰")
        PRAISE = "skill_praise", N("技巧：赞美")
        INFORMATION = "need_information", N("需要：信息")
        SURROUNDINGS = "need_surroundings", N("需要：环境")
        FEELING = "need_feeling", N("需要：情感")
        OWNER = "std_owner", N("要点：业主心理")
        CONDUCT = "std_conduct", N("要点：服务标准")
        TABOO = "std_taboo", N("要点：忌讳")
        RELATIONS = "std_relations", N("要点：相处之道")
        PRINCIPLE = "std_principle", N("要点：投诉原则")
        SAFEGUARD = "doc_safeguard", N("文件：服务保障措施")
        CONTROL = "doc_control", N("文件：关键过程控制")
        GUIDE = "doc_guide", N("文件：管理指引")
        COMPLAINTS = "doc_complaint_handling", N("文件：投诉处理要求")
        ROUTINE = "doc_routine", N("文件：经理例行工作")
        ASSISTANT = "doc_assistant", N("文件：助理职位说明")
        OFFICER = "doc_officer", N("文件：管理员职位说明")

    class State(models.TextChoices):
        DRAFT = "draft", N("待审批")
        APPROVED = "approved", N("可用")
        RETIRED = "retired", N("已停用")

    site = _site()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    body = models.TextField()
    title_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True)
    keywords = models.JSONField(default=list, blank=True)
    initials = models.CharField(max_length=400, blank=True)  # of title and keywords, parted by blanks
    category = models.CharField(max_length=20, choices=Category, blank=True)
    situation = models.CharField(max_length=20, choices=Situation, blank=True)
    mood = models.CharField(max_length=10, choices=Mood, blank=True)
    part = models.CharField(max_length=24, choices=Part, blank=True)
    line = models.CharField(
        max_length=6, blank=True
    )  # code of a dialogue line: its own, or the one a tip hangs on
    rule = models.CharField(max_length=6, blank=True)  # the rule it serves
    origin = models.CharField(
        max_length=40, blank=True
    )  # code in our own content; "" for what the site wrote
    owner = _staff()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    use_count = models.PositiveIntegerField(default=0)
    helped_count = models.PositiveIntegerField(default=0)
    unhelpful_count = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    written_by = _staff()
    approved_at = models.DateTimeField(null=True)
    approved_by = _staff(null=True)
    review_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "origin"], condition=~Q(origin=""), name="article_of_content_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="article_approved_before_use",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["site", "-written_at", "-id"], name="article_register"),
            # what is weighed while somebody types
            models.Index(fields=["site", "-use_count"], condition=Q(state="approved"), name="article_in_use"),
        ]


class ArticleVersion(models.Model):
    """How an article read at one time; no version is ever changed."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField()
    title_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True)
    at = models.DateTimeField()
    by = _staff()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once")
        ]


class Gap(models.Model):
    """Words for which there was nothing, or nothing that helped, until an article fills it (B-09, W-26)."""

    class Source(models.TextChoices):
        NOTHING = "nothing", N("没有找到")
        UNHELPFUL = "unhelpful", N("没有帮上")
        PROMISED = "promised", N("约定答复")

    class State(models.TextChoices):
        OPEN = "open", N("待写")
        WRITTEN = "written", N("已写待批")
        CLOSED = "closed", N("已补上")
        DISMISSED = "dismissed", N("不用写")

    site = _site()
    key = models.CharField(max_length=80)  # what several ways of typing it have in common
    words = models.CharField(max_length=120)
    source = models.CharField(max_length=10, choices=Source)
    count = models.PositiveIntegerField(default=1)
    asked_in = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    about = models.ForeignKey(
        Article, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # which did not help
    article = models.ForeignKey(
        Article, null=True, on_delete=models.PROTECT, related_name="gaps"
    )  # which fills it
    owner = _staff(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_by = _staff()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], condition=Q(state="open"), name="gap_once_open"),
            models.CheckConstraint(
                condition=~Q(state__in=("written", "closed")) | Q(article__isnull=False),
                name="gap_closed_by_article",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-first_at", "-id"], name="gap_register")]

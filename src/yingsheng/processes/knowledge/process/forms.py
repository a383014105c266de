"""The forms of the library; each makes its page and its API schema."""

from __future__ import annotations

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.knowledge.models import Article, Gap


def _pairs(choices: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((code, str(label)) for code, label in choices)


KINDS, CATEGORIES = _pairs(Article.Kind.choices), _pairs(Article.Category.choices)
SITUATIONS, MOODS, PARTS = (
    _pairs(Article.Situation.choices),
    _pairs(Article.Mood.choices),
    _pairs(Article.Part.choices),
)
SOURCES = _pairs(Gap.Source.choices)


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


def _reason(*rules: str) -> Field:
    return Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=rules)


WORDS = Fieldset(
    legend="",
    fields=(
        Field(name="kind", kind=Kind.CHOICE, label=N("种类"), choices=KINDS, required=True, rules=("W-34",)),
        Field(
            name="title", kind=Kind.LINE, label=N("问题或标题"), required=True, max_length=120, rules=("B-09",)
        ),
        Field(
            name="body", kind=Kind.TEXT, label=N("怎么说、怎么做"), required=True, max_length=2000,
            hint=N("大括号里的会自己填：{称呼}、{姓名}、{项目}、{单元}、{房号}、{工作人员}、{服务电话}"),
            rules=("B-09", "W-24"),
        ),
        Field(
            name="keywords", kind=Kind.LINE, label=N("关键词"), hint=N("用空格或逗号隔开"), max_length=200,
            rules=("B-09",),
        ),
        Field(
            name="category", kind=Kind.CHOICE, label=N("类别"), hint=N("答客问要选"), choices=CATEGORIES,
            rules=("B-09",),
        ),
        Field(
            name="situation", kind=Kind.CHOICE, label=N("场合"), hint=N("话术要选"), choices=SITUATIONS,
            rules=("W-17", "W-18"),
        ),
        Field(name="mood", kind=Kind.CHOICE, label=N("对方的情绪"), choices=MOODS, rules=("W-34",)),
        Field(
            name="part", kind=Kind.CHOICE, label=N("分类"), hint=N("用语、贴士和规范要点要选"), choices=PARTS,
            rules=("W-11", "W-34"),
        ),
        Field(
            name="line", kind=Kind.LINE, label=N("对话编号"), hint=N("话术自己的编号，或者贴士挂在哪一句上"),
            max_length=6, example="B3", rules=("W-34",),
        ),
        Field(name="owner", kind=Kind.STAFF, label=N("负责人"), hint=N("不填就是自己"), rules=("B-09",)),
    ),
)  # fmt: skip
ENGLISH = Fieldset(
    legend=N("英文写法"),
    fields=(
        Field(name="title_en", kind=Kind.LINE, label=N("英文标题"), max_length=200, rules=("B-09",)),
        Field(name="body_en", kind=Kind.TEXT, label=N("英文内容"), max_length=2000, rules=("B-09",)),
    ),
)
FOR_GAP = Fieldset(
    legend=N("补哪个缺口"),
    fields=(
        Field(
            name="gap", kind=Kind.INTEGER, label=N("缺口的号"), hint=N("从缺口清单点进来会自己填好"), minimum=1,
            rules=("W-26",),
        ),
    ),
)  # fmt: skip
ARTICLE = FormSpec(name="article", title=N("写一条"), verb=N("保存条目"), fieldsets=(WORDS, ENGLISH, FOR_GAP))
REWRITE = FormSpec(name="article_rewrite", title=N("改写"), verb=N("保存条目"), fieldsets=(WORDS, ENGLISH))
APPROVE = _spec("article_approve", N("批准使用"), N("批准使用"))
REVIEW = _spec(
    "article_review", N("复审"), N("内容仍然对"),
    Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200, rules=("B-09",)),
)  # fmt: skip
RETIRE = _spec("article_retire", N("停用"), N("停用"), _reason("B-09"))
HELPED = _spec("article_helped", N("用上了，有帮助"), N("有帮助"))
NOT_HELPED = _spec(
    "article_not_helped", N("没有帮上"), N("没帮上"),
    Field(
        name="words", kind=Kind.LINE, label=N("当时要找什么"), hint=N("不写就记标题"), max_length=120, rules=("W-26",)
    ),
)  # fmt: skip
GAP = _spec(
    "gap", N("记一个缺口"), N("记下"),
    Field(name="words", kind=Kind.LINE, label=N("找什么没有找到"), required=True, max_length=120, rules=("W-26",)),
)  # fmt: skip
DISMISS = _spec("gap_dismiss", N("不用写"), N("不用写"), _reason("W-26"))
EXPORT = _spec("knowledge_export", N("导出知识库"), N("导出"), _reason("B-09"))
IMPORT = _spec(
    "knowledge_import", N("导入知识库"), N("导入"),
    Field(
        name="table", kind=Kind.TABLE, label=N("Excel文件"), required=True,
        hint=N("列的次序同导出的文件；导入的都要审批后才能用，有一行不对就一行也不写"), rules=("B-09",),
    ),
)  # fmt: skip

"""From a FormSpec to a Django form: widgets, limits, choices of the site, clear words for bad input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from yingsheng.base.formspec import Field, FormSpec, Kind, text_limit
from yingsheng.base.money import BadMoney, format_fen, parse_yuan
from yingsheng.base.phones import BadPhone, normalise_phone
from yingsheng.base.refusal import Refused
from yingsheng.kernel.estate.models import Building
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_departments

MAX_CHOICES_AS_RADIO = 5
MOST_FILES = 10
ACCEPTED_FILES = "image/jpeg,image/png,image/webp,application/pdf"
EARLIEST_YEAR, LATEST_YEAR = 1900, 2099
MOST_FEN = 10**12  # ten thousand million yuan: more is a slip of the finger


def within_reach(value: date) -> None:
    """Refuse a year outside 1900 to 2099: a slip of the finger, and nothing can be counted from it."""
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise forms.ValidationError(_("年份要在1900至2099之间"), code="year")


class YuanField(forms.CharField):
    """Yuan as typed, fen as stored."""

    def to_python(self, value: Any) -> Any:
        """Whole fen, or None for nothing."""
        text = super().to_python(value)
        if not text:
            return None
        wrong = forms.ValidationError(_("请填金额，例如 120 或 120.50"), code="money")
        try:
            fen = parse_yuan(text=text)
        except BadMoney as error:
            raise wrong from error
        if not 0 <= fen <= MOST_FEN:
            raise wrong
        return fen

    def prepare_value(self, value: Any) -> Any:
        """Show fen as yuan."""
        return format_fen(fen=value) if isinstance(value, int) else value


class PhoneField(forms.CharField):
    """A phone number in any spelling."""

    def to_python(self, value: Any) -> Any:
        """Canonical digits, "" for nothing."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return normalise_phone(text=text)
        except BadPhone as error:
            raise forms.ValidationError(_("这不像一个电话号码，请核对"), code="phone") from error


class FilesInput(forms.ClearableFileInput):
    """A picker of several files; on a phone it offers the camera too."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list; what they really are is judged by `kernel.files`."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files sent, [] for none."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if not sent:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(_("一次最多%(most)s个文件") % {"most": MOST_FILES}, code="many")
        return [forms.FileField.clean(self, one, initial) for one in sent]


class SpecForm(forms.Form):
    """A form made from a spec; knows its groups of questions."""

    spec: FormSpec

    @property
    def fieldsets(self) -> list[tuple[str, list[BoundField]]]:
        """(legend, bound fields) in order, for the page."""
        return [
            (str(_(group.legend)) if group.legend else "", [self[item.name] for item in group.fields])
            for group in self.spec.fieldsets
        ]

    def clean(self) -> dict[str, Any]:
        """Whole-form check of the spec."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.spec.check is not None:
            for name, text in self.spec.check(cleaned).items():
                self.add_error(name or None, _(text))
        return cleaned

    def refuse(self, refusal: Refused) -> None:
        """Show a service's refusal where it belongs."""
        name = refusal.field if refusal.field in self.fields else None
        self.add_error(name, forms.ValidationError(words_of(refusal)))


def words_of(refusal: Refused) -> str:
    """A refusal in the reader's language."""
    text = str(_(refusal.text))
    return text % refusal.params if refusal.params else text


class SiteLists:
    """What a site's forms let choose from, read once however many forms a page shows."""

    def __init__(self, *, site: Site) -> None:
        self.site = site

    @cached_property
    def staff(self) -> list[tuple[int, str]]:
        """Everybody with a post here; whether he may do a thing now is the service's question."""
        return [(one.pk, one.name) for one in self.people()]

    @cached_property
    def departments(self) -> list[tuple[int, str]]:
        """The departments in use."""
        return [(one.pk, one.name) for one in list_departments(site_id=self.site.pk)]

    def people(self) -> QuerySet[Staff]:
        """The rows behind `staff`."""
        found = Staff.objects.filter(appointments__post__site=self.site, is_active=True)
        return found.distinct().order_by("name", "pk")


def build_form(*, spec: FormSpec, actor: Actor, lists: SiteLists | None = None) -> type[SpecForm]:
    """The form class for one spec and one site's choices; a page of many forms shares its `lists`."""
    made: dict[str, Any] = {"spec": spec}
    shared = lists or SiteLists(site=actor.site)
    for item in spec.fields:
        made[item.name] = _BUILDERS[item.kind](item, shared)
    return type(f"{spec.name.title()}Form", (SpecForm,), made)


def _common(item: Field) -> dict[str, Any]:
    return {"label": _(item.label), "help_text": _(item.hint) if item.hint else "", "required": item.required}


class WordsField(forms.CharField):
    """A line or a text that may be filled from a list; the list is read when the page is drawn, not before."""

    def __init__(
        self, *, item: Field, suggest: Callable[[], Sequence[tuple[str, str]]] | None, **rest: Any
    ) -> None:
        super().__init__(**rest)
        self.suggestions = suggest  # a template calls it
        self.asks, self.asks_with = item.asks, item.asks_with


def _words(item: Field, lists: SiteLists, widget: forms.Widget) -> forms.Field:
    suggest = item.suggest
    return WordsField(
        item=item, max_length=text_limit(item=item), widget=widget,
        suggest=None if suggest is None else lambda: suggest(lists.site), **_common(item),
    )  # fmt: skip


def _line(item: Field, lists: SiteLists) -> forms.Field:
    attrs = {"data-example": item.example} if item.example else {}
    return _words(item, lists, forms.TextInput(attrs=attrs))


def _text(item: Field, lists: SiteLists) -> forms.Field:
    return _words(item, lists, forms.Textarea(attrs={"rows": 3}))


def _integer(item: Field, _lists: SiteLists) -> forms.Field:
    top = 100 if item.kind is Kind.PERCENT else item.maximum
    return forms.IntegerField(min_value=item.minimum, max_value=top, **_common(item))


def _choice(item: Field, _lists: SiteLists) -> forms.Field:
    options = [(code, _(label)) for code, label in item.choices]
    if len(options) <= MAX_CHOICES_AS_RADIO:
        if not item.required:
            options = [("", _("未定")), *options]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **_common(item))
    return forms.ChoiceField(choices=[("", _("请选择")), *options], **_common(item))


def _choices(item: Field, _lists: SiteLists) -> forms.Field:
    options = [(code, _(label)) for code, label in item.choices]
    return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **_common(item))


def _staff(item: Field, lists: SiteLists) -> forms.Field:
    field = forms.ModelChoiceField(queryset=lists.people(), **_common(item))
    field.choices = [("", _("请选择")), *lists.staff]
    return field


def _department(item: Field, lists: SiteLists) -> forms.Field:
    field = forms.ModelChoiceField(queryset=list_departments(site_id=lists.site.pk), **_common(item))
    field.choices = [("", _("请选择")), *lists.departments]
    return field


def _buildings(item: Field, lists: SiteLists) -> forms.Field:
    return forms.ModelMultipleChoiceField(
        queryset=Building.objects.filter(site=lists.site).order_by("pk"),
        widget=forms.CheckboxSelectMultiple,
        **_common(item),
    )


def _signature(item: Field, _lists: SiteLists) -> forms.Field:
    return forms.CharField(
        max_length=text_limit(item=item),
        widget=forms.TextInput(attrs={"data-widget": "signature"}),
        **_common(item),
    )


def _secret(item: Field, _lists: SiteLists) -> forms.Field:
    # "off": a colleague signs here, not whoever the browser knows
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(max_length=text_limit(item=item), strip=False, widget=widget, **_common(item))


_BUILDERS: Mapping[Kind, Callable[[Field, SiteLists], forms.Field]] = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.PERCENT: _integer,
    Kind.YUAN: lambda item, _lists: YuanField(**_common(item)),
    Kind.FLAG: lambda item, _lists: forms.BooleanField(**{**_common(item), "required": False}),
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.DATE: lambda item, _lists: forms.DateField(validators=[within_reach], **_common(item)),
    Kind.MOMENT: lambda item, _lists: forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[within_reach],
        **_common(item),
    ),
    Kind.PHONE: lambda item, _lists: PhoneField(max_length=40, **_common(item)),
    Kind.ROOM: _line,
    Kind.STAFF: _staff,
    Kind.DEPARTMENT: _department,
    Kind.BUILDINGS: _buildings,
    Kind.SIGNATURE: _signature,
    Kind.SECRET: _secret,
    Kind.FILES: lambda item, _lists: FilesField(
        widget=FilesInput(attrs={"accept": ACCEPTED_FILES, "data-widget": "photo"}),
        max_length=200,
        allow_empty_file=True,  # an empty one is refused with the words of `kernel.files`
        **_common(item),
    ),
    Kind.TABLE: lambda item, _lists: forms.FileField(max_length=200, allow_empty_file=True, **_common(item)),
}

"""One FormSpec as the JSON schema of an API body, and a body as the keyword arguments of its service."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, StrictInt, create_model
from pydantic import Field as Limits

from yingsheng.api.fields import DateIn, Flag, MomentIn, text_of
from yingsheng.api.problems import ApiProblem, Mistake
from yingsheng.base.formspec import Field, FormSpec, Kind, text_limit
from yingsheng.base.phones import BadPhone, normalise_phone
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Building, Room
from yingsheng.kernel.org.models import Department, Site, Staff

LARGEST = 2_147_483_647
MOST_FEN = 10**12
MOST_FILES = 10
MOST_BUILDINGS = 200
FILE_LIMIT = 14_000_000  # a file of 10 MB as a data address
DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,([A-Za-z0-9+/=]+)")
UNKNOWN_STAFF = N("本项目没有这个登录名的在职人员")
UNKNOWN_DEPARTMENT = N("本项目没有这个部门")
UNKNOWN_BUILDING = N("没有这栋楼")
UNKNOWN_ROOM = N("没有这个房号")
BAD_PHONE = N("这不像一个电话号码，请核对")
BAD_FILE = N("文件要写成base64的data地址")


class Body(BaseModel):
    """What every request body has in common: nothing unknown is taken."""

    model_config = ConfigDict(extra="forbid")


class FileIn(Body):
    """A file in a request: the name it is known by, its content as a data address."""

    name: text_of(limit=120, required=True)  # type: ignore[valid-type]
    content: text_of(limit=FILE_LIMIT, required=True)  # type: ignore[valid-type]


def _code(item: Field) -> Any:
    return Literal[tuple(code for code, _label in item.choices)]


def _text(item: Field) -> tuple[Any, Any]:
    kind = text_of(limit=text_limit(item=item), required=item.required)
    return kind, ... if item.required else ""


def _number(item: Field, *, top: int, bottom: int) -> tuple[Any, Any]:
    kind = Annotated[StrictInt, Limits(ge=bottom, le=top)]
    return (kind, ...) if item.required else (kind | None, None)


def _integer(item: Field) -> tuple[Any, Any]:
    bottom = -LARGEST if item.minimum is None else item.minimum
    return _number(item, top=LARGEST if item.maximum is None else item.maximum, bottom=bottom)


def _choices(item: Field) -> tuple[Any, Any]:
    limits = Limits(min_length=1 if item.required else 0, max_length=len(item.choices))
    return Annotated[list[_code(item)], limits], ... if item.required else []  # type: ignore[misc]


def _plain(kind: Any) -> Callable[[Field], tuple[Any, Any]]:
    def build(item: Field) -> tuple[Any, Any]:
        return (kind, ...) if item.required else (kind | None, None)

    return build


_name = _plain(text_of(limit=60, required=True))
_TYPES: Mapping[Kind, Callable[[Field], tuple[Any, Any]]] = {
    Kind.LINE: _text,
    Kind.TEXT: _text,
    Kind.SIGNATURE: _text,
    Kind.SECRET: _text,
    Kind.PHONE: _text,
    Kind.INTEGER: _integer,
    Kind.PERCENT: lambda item: _number(item, top=100, bottom=0),
    Kind.YUAN: lambda item: _number(item, top=MOST_FEN, bottom=0),
    Kind.FLAG: lambda _item: (Flag, False),
    Kind.CHOICE: lambda item: _plain(_code(item))(item),
    Kind.CHOICES: _choices,
    Kind.DATE: _plain(DateIn),
    Kind.MOMENT: _plain(MomentIn),
    Kind.ROOM: _name,
    Kind.STAFF: _name,
    Kind.DEPARTMENT: _name,
    Kind.BUILDINGS: lambda item: (
        Annotated[
            list[text_of(limit=12, required=True)],  # type: ignore[misc]
            Limits(min_length=1 if item.required else 0, max_length=MOST_BUILDINGS),
        ],
        ... if item.required else [],
    ),
    Kind.FILES: lambda item: (
        Annotated[list[FileIn], Limits(min_length=1 if item.required else 0, max_length=MOST_FILES)],
        ... if item.required else [],
    ),
}


@lru_cache(maxsize=512)
def schema_from(*, spec: FormSpec, extra: tuple[tuple[str, Any], ...] = ()) -> type[Body]:
    """The body model of a form: its limits and choices, moments with a zone, money in fen, staff by user name,
    departments and buildings by code, rooms by key. `extra` are required fields beside the form's own.

    Raises ValueError if the form itself asks for one of them.
    """
    made: dict[str, Any] = {name: (kind, ...) for name, kind in extra}
    for item in spec.fields:
        if item.name in made:
            raise ValueError(f"form {spec.name} asks for {item.name}, which the API needs itself")
        made[item.name] = _TYPES[item.kind](item)
    title = "".join(part.title() for part in spec.name.split("_"))
    return create_model(title, __base__=Body, **made)


def describe_form(*, spec: FormSpec, model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a form in the reader's language: labels, hints, words of the choices, rules."""
    schema = inline_schema(model=model)
    for item in spec.fields:
        about = schema["properties"][item.name]
        about["title"] = str(_(item.label))
        if item.hint:
            about["description"] = str(_(item.hint))
        if item.choices:
            about["x-labels"] = {code: str(_(label)) for code, label in item.choices}
        if item.rules:
            about["x-rules"] = list(item.rules)
        if item.kind is Kind.YUAN:
            about["x-unit"] = "fen"
    schema["title"] = str(_(spec.title))
    return schema


def inline_schema(*, model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema without references, so that it can stand anywhere in a document."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def resolve(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return resolve(definitions[part["$ref"].rpartition("/")[2]])
            return {name: resolve(value) for name, value in part.items()}
        return [resolve(value) for value in part] if isinstance(part, list) else part

    found: dict[str, Any] = resolve(schema)
    return found


def fields_of(*, spec: FormSpec, sent: BaseModel, site: Site) -> dict[str, Any]:
    """The fields of a form as its service wants them: empty text for text, rows for names, one query a kind.

    Raises ApiProblem with every name, key, phone or file that stands for nothing.
    """
    values: dict[str, Any] = {item.name: getattr(sent, item.name) for item in spec.fields}
    mistakes: list[Mistake] = []
    _fill_staff(spec=spec, values=values, site=site, mistakes=mistakes)
    for item in spec.fields:
        value = values[item.name]
        if item.kind is Kind.CHOICE and value is None:
            values[item.name] = ""
        elif item.kind is Kind.FILES:
            values[item.name] = [_file(file, item.name, mistakes) for file in value]
        elif item.kind is Kind.BUILDINGS:
            found_rows = list(Building.objects.filter(site=site, code__in=value).order_by("pk"))
            if len(found_rows) != len(set(value)):
                mistakes.append(Mistake(field=item.name, code="unknown", text=UNKNOWN_BUILDING))
            values[item.name] = found_rows
        elif value and item.kind in _FINDERS:
            found = _FINDERS[item.kind](value, site)
            if found is None:
                mistakes.append(Mistake(field=item.name, code="unknown", text=_MISSING[item.kind]))
            values[item.name] = found
    if spec.check is not None and not mistakes:
        mistakes += [
            Mistake(field=name, code="unfit", text=text) for name, text in spec.check(values).items()
        ]
    raise_mistakes(mistakes=mistakes)
    return values


def raise_mistakes(*, mistakes: Iterable[Mistake]) -> None:
    """Raise ApiProblem if there are any."""
    found = tuple(mistakes)
    if found:
        raise ApiProblem(status=422, code="unfit", text=found[0].text, field=found[0].field, mistakes=found)


def room_by_words(*, site: Site, text: str) -> Room | None:
    """The room of a key or of the way people say it (3-2-1802, 3栋2单元1802); None if there is no such room."""
    rows = Room.objects.filter(site=site, key__in=room_keys(text=text)).select_related("building")
    # what was typed is a key before it is anything else
    return min(rows, key=lambda room: room.key != text, default=None)


def room_keys(*, text: str) -> list[str]:
    """The keys a text may mean: itself, and the canonical key of what it says."""
    said = parse_room(text=text)
    if said is None:
        return [text]
    return [text, room_key(building=said.building, unit=said.unit, room=said.room)]


def phone_or_none(*, site: Site, text: str) -> str | None:
    """The stored form of a phone number, None for what is none."""
    try:
        return normalise_phone(text=text, area_code=site.area_code)
    except BadPhone:
        return None


def _department(code: str, site: Site) -> Department | None:
    return Department.objects.filter(site=site, code=code, active=True).first()


_FINDERS: Mapping[Kind, Callable[[str, Site], Any]] = {
    Kind.DEPARTMENT: _department,
    Kind.ROOM: lambda text, site: room_by_words(site=site, text=text),
    Kind.PHONE: lambda text, site: phone_or_none(site=site, text=text),
}
_MISSING = {Kind.DEPARTMENT: UNKNOWN_DEPARTMENT, Kind.ROOM: UNKNOWN_ROOM, Kind.PHONE: BAD_PHONE}


def _fill_staff(*, spec: FormSpec, values: dict[str, Any], site: Site, mistakes: list[Mistake]) -> None:
    names = {
        item.name: values[item.name] for item in spec.fields if item.kind is Kind.STAFF and values[item.name]
    }
    if not names:
        return
    # like the page's list: everybody who ever held a post here; whether he may do it is the service's question
    people = {
        staff.username: staff
        for staff in Staff.objects.filter(
            username__in=set(names.values()), appointments__post__site=site, is_active=True
        ).distinct()
    }
    for field, username in names.items():
        values[field] = people.get(username)
        if values[field] is None:
            mistakes.append(Mistake(field=field, code="unknown", text=UNKNOWN_STAFF))


def _file(file: FileIn, field: str, mistakes: list[Mistake]) -> ContentFile[bytes] | None:
    found = DATA_URL.fullmatch(file.content)
    try:
        if found is not None:
            return ContentFile(base64.b64decode(found[1], validate=True), name=file.name)
    except binascii.Error:
        pass
    mistakes.append(Mistake(field=field, code="unfit", text=BAD_FILE))
    return None

"""JSON types of the API: moments with a zone, text without NUL, money in fen."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from django.utils.timezone import localtime
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    PlainSerializer,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

MOMENT_SCHEMA = {"type": "string", "format": "date-time", "examples": ["2025-03-03T09:00:00+08:00"]}
DATE_SCHEMA = {"type": "string", "format": "date", "examples": ["2025-03-03"]}
FIRST_YEAR, LAST_YEAR = (
    2000,
    2099,
)  # a calendar outside them is a slip of the pen, and dates overflow at both ends
_PLUS_LOST = re.compile(r" (\d\d:?\d\d)$")
BIGGEST_ID = 2**63 - 1


def _wrong(kind: str) -> PydanticCustomError:
    # the words stand in `problems.WORDS`; what is written here is only seen in a log
    return PydanticCustomError(kind, "unfit")


def read_moment(value: Any) -> datetime:
    """An ISO moment with its zone; a naive one is refused, for nobody can know which zone was meant."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise _wrong("moment_text")
    try:
        # in an address, an unescaped + arrives as a blank
        moment = datetime.fromisoformat(_PLUS_LOST.sub(r"+\1", value))
    except ValueError as error:
        raise _wrong("moment_text") from error
    if moment.tzinfo is None:
        raise _wrong("moment_naive")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _wrong("moment_range")
    return moment


def read_date(value: Any) -> date:
    """An ISO date."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise _wrong("date_text")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _wrong("date_text") from error
    if not FIRST_YEAR - 100 <= day.year <= LAST_YEAR:
        raise _wrong("date_text")
    return day


def without_nul(value: str) -> str:
    """Text that every database can keep."""
    if "\x00" in value:
        raise _wrong("nul")
    return value


def moment_text(value: datetime) -> str:
    """A moment as it leaves the API: ISO, in the zone of the site."""
    return localtime(value).isoformat()


class Shape(BaseModel):
    """A JSON object of the API; plain, because ninja's own base walks every attribute in Python."""


MomentIn = Annotated[datetime, BeforeValidator(read_moment), WithJsonSchema(MOMENT_SCHEMA)]
DateIn = Annotated[date, BeforeValidator(read_date), WithJsonSchema(DATE_SCHEMA)]
MomentOut = Annotated[
    datetime, PlainSerializer(moment_text, return_type=str, when_used="always"), WithJsonSchema(MOMENT_SCHEMA)
]
FenIn = Annotated[StrictInt, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 10**12})]
Flag = StrictBool


def text_of(*, limit: int, required: bool = False) -> Any:
    """The type of a text up to a limit, trimmed; required means not blank."""
    return Annotated[
        str,
        StringConstraints(
            strict=True, strip_whitespace=True, min_length=1 if required else None, max_length=limit
        ),
        AfterValidator(without_nul),
    ]

"""Which articles fit what is typed: answers by words, scripts by situation and mood, tips by their line. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from yingsheng.processes.knowledge.rules.lists import load_lists

SEPARATORS = re.compile(r"[\s,，、;；]+")
# phone, identity and room numbers; what was typed beside a form must not carry them into a list that all may read
NUMBERS = re.compile(r"\d+(?:-\d+){2,}|\d[\d -]{3,}\d[Xx]?")
CHINESE, LATIN = re.compile(r"[一-鿿]+"), re.compile(r"[a-z]{4,}")
LINE_CODE = re.compile(r"^[A-Z][a-z]?\d{1,2}$")
ANSWER, SCRIPT, TIP, STANDARD, PHRASE, NEWS = "answer", "script", "tip", "standard", "phrase", "news"
CALM = "calm"
PREFIXES = {PHRASE: ("phrase_",), TIP: ("tip_",), STANDARD: ("skill_", "need_", "std_", "doc_")}
MOST_ANSWERS, MOST_SCRIPTS, MOST_TIPS, MOST_PRINCIPLES = 3, 2, 3, 2
OF_THE_SITUATION, OF_THE_MOOD, OF_THE_CATEGORY = 12, 8, 3


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An article as it is weighed."""

    id: int
    kind: str
    title: str
    keywords: tuple[str, ...] = ()
    initials: str = ""
    category: str = ""
    situation: str = ""
    mood: str = ""
    part: str = ""
    line: str = ""


def keywords_of(*, text: str) -> list[str]:
    """The words of a list typed with any separators, each once, in order."""
    return list(dict.fromkeys(word for word in SEPARATORS.split(text) if word))


def without_numbers(*, text: str) -> str:
    """The words without the numbers that could name a person or a home."""
    return NUMBERS.sub("…", text).strip()


def question_key(*, text: str) -> str:
    """What several ways of typing the same words have in common: case, blanks and marks left out."""
    return "".join(re.findall(r"[^\W_]+", text.lower()))[:80]


def missing_in(*, kind: str, category: str, situation: str, part: str, line: str) -> dict[str, str]:
    """What an article of its kind still lacks, by field: "needed", or "unfit" for what does not go with the kind."""
    found = {}
    if kind == ANSWER and not category:
        found["category"] = "needed"
    if kind == SCRIPT and not situation:
        found["situation"] = "needed"
    allowed = PREFIXES.get(kind, ())
    if allowed and not part:
        found["part"] = "needed"
    elif part and not part.startswith(allowed or ("-",)):
        found["part"] = "unfit"
    if line and not LINE_CODE.match(line):
        found["line"] = "unfit"
    return found


def score(*, typed: str, title: str, keywords: Collection[str], initials: str) -> int:
    """How well an entry fits what is being typed; 0 means not at all (B-09).

    A keyword inside the text counts most, then pairs of neighbouring Chinese characters shared with the title, and
    whole words of other languages that say something; letters alone are also read as the initials of the title or
    of a keyword.
    """
    text, lower = typed.strip().lower(), title.lower()
    if not text:
        return 0
    hits = 10 * sum(1 for word in keywords if len(word) > 1 and word.lower() in text)
    hits += 4 * len(_words(text) & _words(lower))
    if text.isascii() and text.isalpha():
        return hits + (5 if len(text) > 1 and text in initials else 0)
    pairs = {run[at : at + 2] for run in CHINESE.findall(text) for at in range(len(run) - 1)}
    shared = sum(1 for pair in pairs if pair in lower)
    return hits + (shared if shared > 1 or len(text) < 4 else 0)


def _words(text: str) -> set[str]:
    return set(LATIN.findall(text)) - load_lists().empty_words


def moods_in(*, text: str) -> frozenset[str]:
    """How somebody seems to be, by the words that were typed; calm where nothing tells."""
    found = frozenset(
        mood for mood, words in load_lists().moods.items() if any(word in text.lower() for word in words)
    )
    return found or frozenset({CALM})


def situations_in(*, process: str, text: str) -> tuple[str, ...]:
    """The situations that fit, the likeliest first: those the words tell of, then those of the form."""
    lists = load_lists()
    told = [code for code, words in lists.said.items() if any(word in text.lower() for word in words)]
    return tuple(dict.fromkeys((*told, *lists.situations.get(process, ()))))


def choose(*, rows: Iterable[Candidate], text: str, process: str, category: str = "") -> list[int]:
    """The articles to show beside a form: answers, scripts, the tips of their lines, principles (W-34, W-32)."""
    rows = list(rows)
    situations, moods = situations_in(process=process, text=text), moods_in(text=text)
    answers = _best(rows, kind=ANSWER, most=MOST_ANSWERS, weigh=lambda one: _answer(one, text, category))
    scripts = _best(
        rows, kind=SCRIPT, most=MOST_SCRIPTS, weigh=lambda one: _script(one, text, situations, moods)
    )
    lines = {one.line for one in scripts if one.line}
    tips = _best(
        rows, kind=TIP, most=MOST_TIPS, weigh=lambda one: _tip(one, lines, situations[:1], moods - {CALM})
    )
    principles = [
        one
        for one in rows
        if one.kind == STANDARD and one.part == "std_principle" and one.situation in situations[:1]
    ]
    return [one.id for one in (*answers, *scripts, *tips, *principles[:MOST_PRINCIPLES])]


def _best(
    rows: list[Candidate], *, kind: str, most: int, weigh: Callable[[Candidate], int]
) -> list[Candidate]:
    weighed = [(weigh(one), one) for one in rows if one.kind == kind]
    return [
        one for weight, one in sorted(weighed, key=lambda pair: (-pair[0], pair[1].id))[:most] if weight > 0
    ]


def _answer(one: Candidate, text: str, category: str) -> int:
    fits = score(typed=text, title=one.title, keywords=one.keywords, initials=one.initials)
    return fits + (OF_THE_CATEGORY if fits and category and category == one.category else 0)


def _script(one: Candidate, text: str, situations: tuple[str, ...], moods: frozenset[str]) -> int:
    if one.mood and one.mood != CALM and one.mood not in moods:
        return 0  # soothing words for somebody who is calm would offend
    place = situations.index(one.situation) if one.situation in situations else None
    words = score(typed=text, title=one.title, keywords=one.keywords, initials=one.initials)
    if place is None:
        return words if words >= 10 else 0
    mood = OF_THE_MOOD if one.mood in moods else 0
    return max(1, OF_THE_SITUATION - 4 * place) + mood + words


def _tip(one: Candidate, lines: set[str], situations: tuple[str, ...], moods: frozenset[str]) -> int:
    if one.line and one.line in lines:
        return 10
    if one.mood and one.mood in moods:
        return 6
    return 3 if one.situation and one.situation in situations and not one.mood else 0

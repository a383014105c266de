"""What the commands say: on a terminal both languages stand side by side, whoever sits there."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from yingsheng.base.refusal import Refused


@dataclass(frozen=True, kw_only=True)
class Words:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh}\n    {self.en}"


class CommandFailed(Exception):
    """A command could not do what it was asked to; `words` says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def say(*, zh: str, en: str) -> None:
    """Print a sentence, at once."""
    print(Words(zh=zh, en=en), flush=True)


def complain(*, zh: str, en: str) -> None:
    """Print a sentence where errors go."""
    print(Words(zh=zh, en=en), file=sys.stderr, flush=True)


def failed(*, zh: str, en: str) -> CommandFailed:
    """The exception that ends a command with this sentence and exit status 1."""
    return CommandFailed(Words(zh=zh, en=en))


def words_of_refusal(*, refusal: Refused) -> Words:
    """A refusal of a service in both languages; needs Django's catalogues."""
    from django.utils import translation

    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            text = translation.gettext(refusal.text)
            said[language] = text % refusal.params if refusal.params else text
    return Words(zh=said["zh-hans"], en=said["en"])

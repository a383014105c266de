"""The one exception whose words are meant for the person at the desk."""

from __future__ import annotations

from collections.abc import Callable


class Refused(Exception):
    """An action that may not be done now, with the reason in words fit for the desk.

    `text` is a message marked with `gettext_noop`; `params` fill its `%(name)s` places after translation.
    `rule` cites the rule that refuses, `field` names the input to correct, `code` is stable for clients.
    """

    def __init__(
        self, text: str, *, code: str = "refused", rule: str = "", field: str = "", **params: object
    ) -> None:
        super().__init__(text % params if params else text)
        self.text = text
        self.code = code
        self.rule = rule
        self.field = field
        self.params = params
        # what is written although nothing else is, once the refused transaction is undone (a wrong signature)
        self.afterwards: Callable[[], None] | None = None


class Conflict(Refused):
    """Somebody else changed the record first; nothing was written."""

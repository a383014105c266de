"""SQLite lets one writer in at a time and has the others poll, so that some wait for seconds. Here they queue.

The four methods are those of BaseDatabaseWrapper that begin and end a transaction; the type stubs leave them out.
"""

from __future__ import annotations

import os
from collections import defaultdict

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from yingsheng.base.turnstile import Turnstile

_turnstiles: defaultdict[str, Turnstile] = defaultdict(Turnstile)  # by the file written to


class DatabaseWrapper(base.DatabaseWrapper):
    """Transactions of this process begin one after the other, in the order in which they were asked for.

    Other processes (the worker) are still met by SQLite's own polling, within its time-out.
    """

    _inside = False

    def _start_transaction_under_autocommit(self) -> None:
        if not self._inside:
            patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
            if not self._turnstile.enter(timeout=patience):
                raise OperationalError("database is locked")
            self._inside = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    @property
    def _turnstile(self) -> Turnstile:
        return _turnstiles[str(self.settings_dict["NAME"])]

    def _leave(self) -> None:
        if self._inside:
            self._inside = False
            self._turnstile.leave()


# a child inherits the state of threads it does not have
os.register_at_fork(after_in_child=_turnstiles.clear)

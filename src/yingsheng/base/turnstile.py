"""One at a time, in the order they came."""

from __future__ import annotations

from collections import deque
from threading import Lock


class Turnstile:
    """Lets one thread in; the others wait in line. Leaving hands over to whoever waited longest."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._taken = False
        self._line: deque[Lock] = deque()

    def enter(self, *, timeout: float) -> bool:
        """Wait for one's turn, at most `timeout` seconds; whether it came."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            gate = Lock()
            gate.acquire()
            self._line.append(gate)
        if gate.acquire(timeout=timeout):
            return True
        with self._mutex:
            if gate in self._line:
                self._line.remove(gate)
                return False
        return True  # it was handed over in the very moment patience ended

    def leave(self) -> None:
        """Hand over to the next in line; only whoever is inside may call it."""
        with self._mutex:
            if self._line:
                self._line.popleft().release()
            else:
                self._taken = False

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

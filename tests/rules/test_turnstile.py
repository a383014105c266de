"""One at a time, in the order they came; nobody waits for ever, nobody is let in twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from yingsheng.base.turnstile import Turnstile


def until(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < patience, "it never came to that"
        time.sleep(0.001)


def test_who_came_first_goes_first() -> None:
    turnstile, order = Turnstile(), list[int]()
    assert turnstile.enter(timeout=1)

    def pass_through(number: int) -> None:
        assert turnstile.enter(timeout=10)
        order.append(number)
        turnstile.leave()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=pass_through, args=[number]))
        threads[-1].start()
        until(lambda: turnstile.waiting == len(threads))
    turnstile.leave()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    assert order == list(range(8))
    assert turnstile.enter(timeout=0)


def test_whoever_loses_patience_leaves_the_line_to_the_others() -> None:
    turnstile = Turnstile()
    assert turnstile.enter(timeout=1)
    assert not turnstile.enter(timeout=0.01)
    assert turnstile.waiting == 0
    turnstile.leave()
    assert turnstile.enter(timeout=0)


def test_two_are_never_inside_together() -> None:
    turnstile, inside, most = Turnstile(), list[int](), list[int]()

    def work(number: int) -> None:
        for _ in range(200):
            assert turnstile.enter(timeout=10)
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)
            turnstile.leave()

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    assert len(most) == 1200 and set(most) == {1}

"""The book of events: written with what it tells of, changed by nobody, and every change found."""

from __future__ import annotations

import contextlib

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.kernel.events import chain, guards, kinds, services
from yingsheng.kernel.events.kinds import EventKind, Reaction
from yingsheng.kernel.events.models import ChainHead, Event
from yingsheng.kernel.events.queries import list_events, verify_chain, verify_part


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=0)


def write(cast: Cast, kind: str = "org.preferences_set", **data: object) -> Event:
    return services.record(
        site_id=cast.site.pk, kind=kind, subject=cast.front, by=cast.front, at=MONDAY_NINE, data=data
    )


def flaws(cast: Cast) -> list[tuple[int, str]]:
    return [(flaw.seq, flaw.problem) for flaw in verify_chain(site_id=cast.site.pk)]


@contextlib.contextmanager
def unguarded():
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        for statement in (
            guards.POSTGRES_REMOVE if connection.vendor == "postgresql" else guards.SQLITE_REMOVE
        ):
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        for statement in (
            guards.POSTGRES_INSTALL if connection.vendor == "postgresql" else guards.SQLITE_INSTALL
        ):
            cursor.execute(statement)


def test_an_untouched_book_is_whole(cast: Cast):
    for number in range(20):
        write(cast, number=number)
    assert flaws(cast) == []


@pytest.mark.parametrize("attempt", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_a_line(cast: Cast, attempt: str):
    event = write(cast)
    line = Event.objects.filter(pk=event.pk)
    tamper = {"update": lambda: line.update(kind="org.hired"), "delete": line.delete}[attempt]
    with pytest.raises(DatabaseError), transaction.atomic():
        tamper()
    assert flaws(cast) == []


COLUMNS = {
    "kind": "org.hired",
    "rule": "C-99",
    "data": {"number": 999},
    "subject_id": 424242,
    "by_id": None,
    "at": MONDAY_NINE.replace(hour=10),
    "device_at": MONDAY_NINE,
}


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_a_changed_line_is_found(cast: Cast, column: str):
    events = [write(cast, number=number) for number in range(5)]
    with unguarded():
        Event.objects.filter(pk=events[2].pk).update(**{column: COLUMNS[column]})
    assert flaws(cast) == [(events[2].seq, "altered")]


def test_a_removed_line_is_found(cast: Cast):
    events = [write(cast, number=number) for number in range(5)]
    with unguarded():
        Event.objects.filter(pk=events[2].pk).delete()
    assert (events[2].seq, "missing") in flaws(cast)


def test_a_cut_off_end_is_found(cast: Cast):
    events = [write(cast, number=number) for number in range(5)]
    with unguarded():
        Event.objects.filter(seq__gte=events[3].seq).delete()
    assert (events[4].seq, "truncated") in flaws(cast)


def test_two_lines_that_changed_places_are_found(cast: Cast):
    first, second = write(cast, number=1), write(cast, number=2)
    with unguarded():
        Event.objects.filter(pk=first.pk).update(seq=10_000)
        Event.objects.filter(pk=second.pk).update(seq=first.seq)
        Event.objects.filter(pk=first.pk).update(seq=second.seq)
    assert {seq for seq, _ in flaws(cast)} >= {first.seq, second.seq}


def test_an_inserted_line_is_found(cast: Cast):
    last = write(cast, number=1)
    with unguarded():
        Event.objects.create(
            site=cast.site, seq=last.seq + 1, at=MONDAY_NINE, by=None, kind="org.hired", subject_type="org.staff",
            subject_id=1, data={}, previous_hash=last.hash, hash="0" * 64,
        )  # fmt: skip
    assert flaws(cast)


def test_nothing_is_recorded_outside_a_transaction(committed_db: None):
    cast = make_cast(homes=0)
    with pytest.raises(services.NotInTransaction):
        write(cast)


def test_an_undeclared_kind_cannot_be_recorded(cast: Cast):
    with pytest.raises(KeyError):
        write(cast, kind="org.invented")


def test_a_rolled_back_write_leaves_no_line_and_no_gap(cast: Cast):
    before = ChainHead.objects.get(site=cast.site).seq
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        write(cast)
        raise ZeroDivisionError
    assert write(cast).seq == before + 1
    assert flaws(cast) == []


def test_a_timeline_is_newest_first(cast: Cast):
    write(cast, number=1)
    write(cast, number=2)
    assert [event.data.get("number") for event in list_events(subject=cast.front)[:2]] == [2, 1]


def test_every_site_has_its_own_book(cast: Cast):
    other = make_cast(code="other", homes=0)
    assert write(other).seq != 0
    assert flaws(cast) == flaws(other) == []


def test_no_reaction_leads_in_a_circle_and_every_kind_named_is_declared():
    declared = {kind.code for kind in kinds.all_kinds()}
    graph: dict[str, set[str]] = {}
    for reaction in kinds.all_reactions():
        assert {reaction.on, *reaction.emits} <= declared
        graph.setdefault(reaction.on, set()).update(reaction.emits)

    def walk(kind: str, path: tuple[str, ...]) -> None:
        assert kind not in path, f"circle: {' > '.join((*path, kind))}"
        for following in graph.get(kind, ()):
            walk(following, (*path, kind))

    for kind in graph:
        walk(kind, ())


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        kinds.declare(EventKind(code="org.hired", text=""))
    assert kinds.reactions_to(code="nothing.ever") == ()
    assert Reaction(on="a", run=lambda event: None).emits == ()


@given(st.dictionaries(st.text(), st.integers() | st.text()), st.text(min_size=1), st.integers())
def test_one_changed_value_changes_the_hash(content: dict[str, object], name: str, value: int):
    changed = {**content, name: value}
    here = chain.link_hash(previous=chain.GENESIS, content=content)
    there = chain.link_hash(previous=chain.GENESIS, content=changed)
    assert (here == there) == (changed == content)


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_names_does_not_matter(content: dict[str, int]):
    backwards = dict(reversed(content.items()))
    assert chain.link_hash(previous=chain.GENESIS, content=content) == chain.link_hash(
        previous=chain.GENESIS, content=backwards
    )


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_a_book_read_in_parts_is_read_whole(cast: Cast, limit: int):
    events = [write(cast, number=number) for number in range(10)]
    with unguarded():
        Event.objects.filter(pk=events[4].pk).update(kind="org.hired")
        Event.objects.filter(pk=events[7].pk).delete()
    start: int | None = 1
    found, count = [], 0
    while start is not None:
        part = verify_part(site_id=cast.site.pk, from_seq=start, limit=limit)
        assert part.count <= limit
        found += [(flaw.seq, flaw.problem) for flaw in part.flaws]
        count += part.count
        start = part.next_seq
    assert found == [(events[4].seq, "altered"), (events[7].seq, "missing")]
    assert count == Event.objects.filter(site=cast.site).count()
    assert part.last_seq == events[-1].seq


def test_a_part_that_begins_after_a_gap_or_the_end_says_so(cast: Cast):
    events = [write(cast, number=number) for number in range(4)]
    beyond = verify_part(site_id=cast.site.pk, from_seq=10_000)
    assert (beyond.count, beyond.flaws, beyond.next_seq) == (0, (), None)
    with unguarded():
        Event.objects.filter(pk=events[1].pk).delete()
    part = verify_part(site_id=cast.site.pk, from_seq=events[2].seq)
    assert [(flaw.seq, flaw.problem) for flaw in part.flaws] == [(events[1].seq, "missing")]

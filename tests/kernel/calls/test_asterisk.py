"""What Asterisk's events say, read from a recording of its manager interface."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yingsheng.kernel.calls.asterisk import signal_of
from yingsheng.kernel.calls.rules import Signal

RECORDING = Path(__file__).parents[2] / "data" / "asterisk_day.ami"
START = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
NOW = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)


def recorded() -> Iterator[dict[str, str]]:
    for block in RECORDING.read_bytes().decode().split("\r\n\r\n"):
        if block.strip():
            yield dict(line.split(": ", 1) for line in block.split("\r\n"))


def heard() -> list[Signal]:
    found = [signal_of(event=event, now=NOW) for event in recorded()]
    return [one for one in found if one is not None]


@pytest.mark.rule("D-10")
def test_a_recorded_day_is_read_as_it_was() -> None:
    told = [
        (
            one.ref[-2:],
            one.kind,
            round((one.at - START).total_seconds()),
            one.direction,
            one.number,
            one.extension,
        )
        for one in heard()
    ]
    assert told == [
        (".1", "ring", 0, "in", "13800138000", "801"),
        (".1", "ring", 0, "in", "13800138000", "802"),
        (".1", "answer", 10, "in", "13800138000", "802"),
        (".1", "transfer", 60, "in", "", "803"),
        (".1", "hangup", 150, "in", "13800138000", ""),
        (".9", "ring", 200, "in", "13900139000", "801"),
        (".9", "hangup", 231, "in", "13900139000", ""),
        ("11", "ring", 400, "out", "13900139000", "801"),
        ("11", "answer", 408, "out", "13900139000", "801"),
        ("11", "hangup", 440, "out", "", ""),
    ]
    assert {one.line for one in heard() if one.kind == "ring"} == {"85550001"}


@pytest.mark.parametrize(
    "event",
    [
        {}, {"Event": "FullyBooted"}, {"Event": "DialEnd", "DialStatus": "BUSY", "Linkedid": "1.1"},
        {"Event": "DialBegin"}, {"Event": "Hangup", "Uniqueid": "1.2", "Linkedid": "1.1"}, {"Event": "BlindTransfer"},
        {"Event": "AttendedTransfer"},
    ],
)  # fmt: skip
def test_what_says_nothing_of_a_call_is_passed_over(event: dict[str, str]) -> None:
    assert signal_of(event=event, now=NOW) is None


def test_without_a_stamp_the_present_counts_and_a_withheld_number_stays_away() -> None:
    event = {
        "Event": "DialBegin", "Linkedid": "1.1", "Context": "from-trunk", "CallerIDNum": "anonymous", "Exten": "s",
        "DialString": "PJSIP/801@phones", "Timestamp": "soon",
    }  # fmt: skip
    assert signal_of(event=event, now=NOW) == Signal(ref="1.1", kind="ring", at=NOW, extension="801")


def test_an_attended_transfer_names_whom_it_went_to() -> None:
    event = {"Event": "AttendedTransfer", "OrigTransfererLinkedid": "1.1", "TransferTargetCallerIDNum": "805"}
    found = signal_of(event=event, now=NOW + timedelta(seconds=1))
    assert found is not None and (found.kind, found.extension) == ("transfer", "805")


def test_a_site_names_its_own_trunks() -> None:
    event = {
        "Event": "DialBegin",
        "Linkedid": "1.1",
        "Context": "desk",
        "DestContext": "city",
        "CallerIDNum": "801",
    }
    found = signal_of(event=event, now=NOW, trunks=frozenset({"city"}))
    assert found is not None and found.direction == "out"

"""What an event of Asterisk's manager interface (AMI) says of a call. Pure, and without memory.

Read as documented for Asterisk 16 and later: all channels of a call share `Linkedid`, which is the `Uniqueid` of the
first; a call comes from outside if that one stands in a context of the trunks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from yingsheng.kernel.calls.rules import ANSWER, HANGUP, RING, TRANSFER, Signal

TRUNKS = frozenset({"from-trunk", "from-pstn", "from-did-direct"})
ANONYMOUS = frozenset({"", "<unknown>", "anonymous", "unavailable", "restricted"})


def signal_of(*, event: Mapping[str, str], now: datetime, trunks: Collection[str] = TRUNKS) -> Signal | None:
    """The signal that an event is; None for one that says nothing of a call's course.

    `now` counts where Asterisk does not stamp its events (`timestampevents` in manager.conf).
    """
    name = event.get("Event", "")
    at = _moment(event.get("Timestamp", ""), now)
    if name == "DialBegin":
        return _of_dial(event, kind=RING, at=at, trunks=trunks)
    if name == "DialEnd" and event.get("DialStatus", "") == "ANSWER":
        return _of_dial(event, kind=ANSWER, at=at, trunks=trunks)
    if name == "BlindTransfer" and event.get("TransfererLinkedid"):
        return Signal(
            ref=event["TransfererLinkedid"], kind=TRANSFER, at=at, extension=event.get("Extension", "")
        )
    if name == "AttendedTransfer" and event.get("OrigTransfererLinkedid"):
        to = event.get("TransferTargetCallerIDNum") or event.get("SecondTransfererConnectedLineNum", "")
        return Signal(ref=event["OrigTransfererLinkedid"], kind=TRANSFER, at=at, extension=to)
    # the call ends with its first channel; the others come and go
    if name == "Hangup" and event.get("Linkedid") and event.get("Uniqueid") == event.get("Linkedid"):
        incoming = event.get("Context", "") in trunks
        return Signal(
            ref=event["Linkedid"], kind=HANGUP, at=at, direction="in" if incoming else "out",
            number=_number(event.get("CallerIDNum", "")) if incoming else "",
        )  # fmt: skip
    return None


def _of_dial(event: Mapping[str, str], *, kind: str, at: datetime, trunks: Collection[str]) -> Signal | None:
    ref = event.get("Linkedid") or event.get("DestLinkedid", "")
    if not ref:
        return None
    dialled = (
        event.get("DestCallerIDNum", "") or event.get("DialString", "").partition("@")[0].rpartition("/")[2]
    )
    caller = event.get("CallerIDNum", "")
    if event.get("Context", "") in trunks or event.get("DestContext", "") not in trunks:
        line = event.get("Exten", "")
        return Signal(
            ref=ref,
            kind=kind,
            at=at,
            number=_number(caller),
            line="" if line in ("s", "h") else line,
            extension=dialled,
        )
    # somebody of ours dials: the other end is what is dialled, and the number shown to it is the line that is used
    return Signal(
        ref=ref, kind=kind, at=at, direction="out", number=_number(dialled), extension=caller,
        line=event.get("DestConnectedLineNum", ""),
    )  # fmt: skip


def _number(text: str) -> str:
    return "" if text.lower() in ANONYMOUS else text


def _moment(stamp: str, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(float(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return now

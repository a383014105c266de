"""Which step of a complaint keeps which promise, or leads to it: what the first page and the case page offer first."""

from __future__ import annotations

from yingsheng.processes.complaints.rules import clocks as c

KEPT_BY = {
    c.ASSIGN: ("dispatch", "classify"),
    c.CONTACT: ("contact",),
    c.VERIFY: ("verify",),
    c.ONSPOT_REPLY: ("reply", "finish", "dispatch", "classify"),
    c.PLAN: ("plan",),
    c.HANDLE: ("finish", "classify"),
    c.SAME_DAY_FIX: ("finish", "classify"),
    c.ESCALATE: ("classify",),
    c.MAJOR_ANSWER: ("plan",),
    c.SOLVE: ("finish", "classify"),
    c.NEGOTIATE: ("forward", "progress"),
    c.AGREED_REPLY: ("reply", "finish", "dispatch", "classify"),
    c.REPLY: ("reply", "finish", "dispatch", "classify"),
    c.HQ_REPORT: ("report_hq",),
    c.NIGHT: ("take_over",),
    c.HARM: ("stop_harm",),
    c.EMAIL: ("contact",),
    c.CONSULT: ("answer_ask",),
    c.DISPATCH: ("dispatch", "classify"),
    c.SIGN: ("accept",),
    c.OUTSIDE_NOTICE: ("progress",),
    c.DECIDE: ("decide",),
}

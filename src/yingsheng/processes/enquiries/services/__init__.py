"""The verbs of the desk: `answering` registers and answers, `deciding` and `caring` are the ways of suggestions, calls
for help and praise, `passing` gives a matter to a unit, `reporting` tells the desk's superiors of the day, `tidying`
looks it over.
"""

from __future__ import annotations

from yingsheng.processes.enquiries.services.answering import (
    answer_at_once,
    answer_enquiry,
    note_contact,
    promise_answer,
    record_register_print,
    tie_call,
)
from yingsheng.processes.enquiries.services.caring import finish_help, pass_praise, send_help, thank_back
from yingsheng.processes.enquiries.services.deciding import check_improvement, decide_suggestion
from yingsheng.processes.enquiries.services.passing import appoint_officer, assign_enquiry, contact_customer

__all__ = [
    "answer_at_once", "answer_enquiry", "appoint_officer", "assign_enquiry", "check_improvement", "contact_customer",
    "decide_suggestion", "finish_help", "note_contact", "pass_praise", "promise_answer", "record_register_print",
    "send_help", "thank_back", "tie_call",
]  # fmt: skip

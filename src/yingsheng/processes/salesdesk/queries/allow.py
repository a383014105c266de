"""The permissions of the sales desk."""

from __future__ import annotations

BOARD = "salesdesk.board"  # sees the rotation
TAKE = "salesdesk.take"  # signs in, gives the next customer to whose turn it is, receives, registers
RUN = "salesdesk.run"  # keeps the list and moves others on it
SEE = "salesdesk.see"  # reads his own part of the books
SEE_ALL = "salesdesk.see_all"  # reads the books whole
RULE = "salesdesk.rule"  # decides doubtful cases
DEAL = "salesdesk.deal"  # records deals
SET = "salesdesk.set"  # projects, rates, bonuses
REPORT = "salesdesk.report"  # the month of everybody

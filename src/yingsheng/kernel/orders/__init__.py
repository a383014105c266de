"""The work order 派工单: work under a case given to a unit and a person, signed for, done, and its form recovered."""

"""The verbs of special services: `intake` registers, helps, declines, `money` charges and pays back, `running` gives
out, follows and ends, `filing` hands in the month.
"""

"""The verbs of the complaint desk, one transaction and one event each.

`intake` registers and classifies, `handling` works the case, `escalating` asks
for help, `limits` moves clocks, `answering` replies and closes, `grouping` makes many
one, `clocks` keeps the promises in step with what is known.
"""

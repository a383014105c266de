"""The decisions about a complaint: pure, values in, values out.

`facts` says what is known, `classify` what it is, `clocks` what is promised, `answering` how it must be answered,
`groups` when many complaints are one, `months` which month a complaint counts in.
"""

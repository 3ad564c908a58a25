"""A year of the example district's life, made up from a seed and lived through the public API.

`play` keeps the time, `cast` says who there is, and each other module is one mechanism: what it wants to
happen when. Nothing here writes past the API or counts anything: the brief does, from the record.
"""

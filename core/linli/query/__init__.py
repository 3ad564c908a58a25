"""Typed questions to the record: what callbacks ask with `t.get(..)`, and programs with `district.ask(.., actor=)`.

subjects(Loans, person=who, states=Loans.out)       all that somebody has borrowed, under every number they ever had
subjects(Loans, within=street).count()              how many there are in a street
one(Tools, t.given.tool)                            a subject by its number
body("committee", t.place)                          who speaks for a place

Those that a move needs are declared with it (`reads=`), and then come in one round trip.
"""

from linli._model.queries import Query, Rows
from linli.query.journal import ActQuery, acts_of
from linli.query.own import is_in, is_person, lies_within, own_query, own_table, path_of
from linli.query.register import (
    balance,
    bodies_at,
    body,
    body_now,
    consents,
    home,
    place,
    place_above,
    place_now,
    posts,
    same_person,
    seats,
    survivor,
)
from linli.query.subjects import SubjectQuery, one, subjects
from linli.query.ties import Tied, bodies, ties

__all__ = [
    "ActQuery", "Query", "Rows", "SubjectQuery", "Tied", "acts_of", "balance", "bodies", "bodies_at", "body", "body_now", "consents", "home", "is_in", "is_person",
    "lies_within", "one", "own_query", "own_table", "path_of", "place", "place_above", "place_now", "posts", "same_person", "seats",
    "subjects", "survivor", "ties",
]  # fmt: skip

"""Typed questions to the record: what callbacks ask with `t.get(..)`, and programs with `district.ask(.., actor=)`.

subjects(Loans, person=who, states=Loans.out)       all that somebody has borrowed, under every number they ever had
subjects(Loans, within=street).count()              how many there are in a street
one(Tools, t.given.tool)                            a subject by its number
body("committee", t.place)                          who speaks for a place

Those that a move needs are declared with it (`reads=`), and then come in one round trip.
"""

from linli._model.queries import Query, Rows
from linli.lookups import Body, Circle, Place
from linli.query.journal import ActQuery, acts_of
from linli.query.many import any_numbered, subjects_of, ties_of
from linli.query.matters import any_subject, any_subjects, matter
from linli.query.own import (
    erased_with,
    is_in,
    is_open,
    is_person,
    lies_within,
    now_of,
    opening_of,
    own_query,
    own_table,
    own_tables,
    path_of,
)
from linli.query.register import (
    balance,
    bodies_at,
    body,
    body_now,
    circle,
    consents,
    home,
    is_registered,
    location,
    organisation,
    place,
    place_above,
    place_now,
    places,
    posts,
    same_person,
    seats,
    survivor,
    who_has,
)
from linli.query.subjects import SubjectQuery, any_of_kind, one, subjects
from linli.query.ties import Tied, TieQuery, bodies, tied_places, ties

__all__ = [
    "ActQuery", "Body", "Circle", "Place", "Query", "Rows", "SubjectQuery", "TieQuery", "Tied", "acts_of", "any_numbered",
    "any_of_kind", "any_subject", "any_subjects", "balance", "bodies", "bodies_at", "body", "body_now", "circle", "consents", "erased_with", "home", "is_in",
    "is_open", "is_person", "is_registered", "lies_within", "location", "matter", "now_of", "one", "opening_of", "organisation", "own_query",
    "own_table", "own_tables", "path_of", "place", "place_above", "place_now", "places", "posts", "same_person", "seats",
    "subjects", "subjects_of", "survivor", "tied_places", "ties", "ties_of", "who_has",
]  # fmt: skip

"""Typed questions to the record: what callbacks ask with `t.get(..)`, and programs with `district.ask(.., actor=)`.

subjects(Loans, person=who, states=Loans.out)       all that somebody has borrowed, under every number they ever had
subjects(Loans, within=street).count()              how many there are in a street
one(Tools, t.given.tool)                            a subject by its number
body("committee", t.place)                          who speaks for a place

Those that a move needs are declared with it (`reads=`), and then come in one round trip.
"""

from typing import TYPE_CHECKING

from linli._base.doors import lazily

if TYPE_CHECKING:
    from linli._engine.asking import asked_by, may
    from linli._figures.brief import Brief, Period
    from linli._model.figures import Amount, BriefQuestion, Counted, heading, worded
    from linli._model.lookups import Body, Circle, Place
    from linli._model.queries import Query, Rows
    from linli._query.journal import ActQuery, acts_of
    from linli._query.many import any_numbered, subjects_of, ties_of
    from linli._query.matters import any_subject, any_subjects, matter
    from linli._query.own import (
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
    from linli._query.register import (
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
    from linli._query.subjects import SubjectQuery, any_of_kind, one, subjects
    from linli._query.ties import Tied, TieQuery, bodies, tied_places, ties
    from linli._store import Row
    from linli._store.bulk import Lookup, bulk, bulk_into
    from linli._store.columns import Moment, key
    from linli._store.statements import insert_into, upsert_into, write_statement
else:
    # Loaded when first used: a command needs little of it.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_engine.asking": "asked_by may",
            "_figures.brief": "Brief Period",
            "_model.figures": "Amount BriefQuestion Counted heading worded",
            "_model.lookups": "Body Circle Place",
            "_model.queries": "Query Rows",
            "_query.journal": "ActQuery acts_of",
            "_query.many": "any_numbered subjects_of ties_of",
            "_query.matters": "any_subject any_subjects matter",
            "_query.own": "erased_with is_in is_open is_person lies_within now_of opening_of own_query own_table own_tables path_of",
            "_query.register": "balance bodies_at body body_now circle consents home is_registered location organisation place place_above place_now places posts same_person seats survivor who_has",
            "_query.subjects": "SubjectQuery any_of_kind one subjects",
            "_query.ties": "TieQuery Tied bodies tied_places ties",
            "_store": "Row",
            "_store.bulk": "Lookup bulk bulk_into",
            "_store.columns": "Moment key",
            "_store.statements": "insert_into upsert_into write_statement",
        },
    )

__all__ = [
    "ActQuery", "Amount", "Body", "Brief", "BriefQuestion", "Circle", "Counted", "Lookup", "Moment",
    "Period", "Place", "Query", "Row", "Rows", "SubjectQuery", "TieQuery", "Tied", "acts_of",
    "any_numbered", "any_of_kind", "any_subject", "any_subjects", "asked_by", "balance", "bodies",
    "bodies_at", "body", "body_now", "bulk", "bulk_into", "circle", "consents", "erased_with", "heading",
    "home", "insert_into", "is_in", "is_open", "is_person", "is_registered", "key", "lies_within",
    "location", "matter", "may", "now_of", "one", "opening_of", "organisation", "own_query", "own_table",
    "own_tables", "path_of", "place", "place_above", "place_now", "places", "posts", "same_person",
    "seats", "subjects", "subjects_of", "survivor", "tied_places", "ties", "ties_of", "upsert_into",
    "who_has", "worded", "write_statement",
]  # fmt: skip

"""The first list of the desk: what was submitted at a place, in a district of many places and requests."""

import tempfile
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from benchmarks.figures import COMPOUNDS, REQUESTS
from benchmarks.measuring import Result, in_turn, speed_ratio
from linli._base import codec
from linli._district.district import District
from linli._engine.listing import how_many
from linli._verbs.dispatch.records import Request
from linli._verbs.dispatch.requests import RequestFlow
from linli.query import subjects
from linli.testing import a_place, make_district

HOMES = """
INSERT INTO place (district, id, kind, parent, name, code, path, reporting_place, record, since, until)
SELECT p.district, h.id, 'exclusive_part', p.id, h.n::text, NULL, p.path || replace(h.id::text, '-', '') || '/', p.id, '{}', NULL, NULL
FROM place p JOIN (SELECT n, gen_random_uuid() AS id, (CAST(:places AS uuid[]))[1 + n % :compounds] AS at
                   FROM generate_series(1, :homes) AS n) AS h ON p.id = h.at
WHERE p.district = :district
"""
SUBMITTED = """
UPDATE subject SET state = 'submitted', accepted_at = NULL, outcome = NULL, ended_at = NULL, place = compound,
       record = :record, hands = '{"moves": {}, "rounds": {}, "bodies": {}}'
WHERE district = :district AND number % 5000 = 0
"""


def _filled(folder: Path, url: str, requests: int, homes: int) -> tuple[District, UUID]:
    folder.mkdir()
    district = make_district(folder, url=url)
    places = [a_place(district, f"小区{number}") for number in range(COMPOUNDS)]
    values = {
        "district": district.code, "count": requests, "compounds": COMPOUNDS, "homes": homes,
        "places": [str(place) for place in places],
        "record": codec.encode(Request(category="漏水", channel="desk")),
    }  # fmt: skip
    with district.store.reading() as connection:
        for statement in (HOMES, REQUESTS, SUBMITTED):
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    return district, places[8]


def listed(url: str, rounds: int = 9, times: int = 10) -> list[Result]:
    """The time over a large record by that over a small one; both show few."""
    with tempfile.TemporaryDirectory() as folder:
        large, there = _filled(Path(folder) / "large", url, 1_000_000, 300_000)
        small, here = _filled(Path(folder) / "small", url, 10_000, 3_000)
        with large.store.reading() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        mine, other = in_turn(lambda: _list(large, there, times), lambda: _list(small, here, times), rounds)
        for district in (large, small):
            with district.store.reading() as connection:
                for table in ("subject", "place"):
                    connection.execute(text(f"DELETE FROM {table} WHERE district = :d"), {"d": district.code})
            district.close()
    ratio = 1 / speed_ratio(mine, other)
    detail = "1,000,000 requests and 300,000 places against 10,000 and 3,000"
    return [Result(name="the desk's list", ratio=ratio, target=1.5, higher_is_better=False, detail=detail)]


def _list(district: District, place: UUID, times: int) -> None:
    for _ in range(times):
        query = subjects(RequestFlow, states=RequestFlow.submitted, within=place, order="newest", most=50)
        district.ask_unchecked(query)
        how_many(district, query)

"""The first list of the desk over 1,000,000 requests and 300,000 places, against the same over 10,000 requests.

What waits at the desk is as much in both: a hundred that are submitted, among what has ended.
"""

import statistics
import tempfile
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from benchmarks.measuring import Result, in_turn, speed_ratio
from linli.district import District
from linli.listing import Wish
from linli.testing import a_place, make_district

COMPOUNDS = 36
WAITING = 100
HOMES = """
INSERT INTO place (district, id, kind, parent, name, path, figures_at, record)
SELECT :district, p.id, 'exclusive_part', p.above, p.n::text,
       replace(p.above::text, '-', '') || '/' || replace(p.id::text, '-', '') || '/', p.above, '{}'
FROM (SELECT gen_random_uuid() AS id, n, (CAST(:places AS uuid[]))[1 + n % :compounds] AS above
      FROM generate_series(1, :homes) AS n) AS p
"""
REQUESTS = """
INSERT INTO subject (district, id, root, kind, state, outcome, place, compound, opened_at, accepted_at, ended_at,
                     record, clocks, hands)
SELECT :district, r.id, r.id, 'request', CASE WHEN r.waits THEN 'submitted' ELSE 'closed' END,
       CASE WHEN r.waits THEN NULL ELSE 'settled' END, r.place, r.place, r.at, CASE WHEN r.waits THEN NULL ELSE r.at END,
       CASE WHEN r.waits THEN NULL ELSE r.at + interval '3 hours' END, :record, '{}', '{}'
FROM (SELECT gen_random_uuid() AS id, n % (:count / :waiting) = 0 AS waits, (CAST(:places AS uuid[]))[1 + n % :compounds] AS place,
             timestamptz '2026-08-01' + (n::bigint * 7919 % 7948800) * interval '1 second' AS at
      FROM generate_series(1, :count) AS n) AS r
"""
RECORD = '{"category":"general","channel":"desk"}'


def _filled(folder: Path, url: str, count: int, homes: int) -> tuple[District, UUID]:
    folder.mkdir()
    district = make_district(folder, url=url)
    places = [a_place(district, f"小区{number}") for number in range(COMPOUNDS)]
    values = {
        "district": district.code, "count": count, "homes": homes, "waiting": WAITING, "compounds": COMPOUNDS,
        "places": [str(place) for place in places], "record": RECORD,
    }  # fmt: skip
    with district.store.reading() as connection:
        connection.execute(text(HOMES), values)
        connection.execute(text(REQUESTS), values)
    return district, places[0]


def desk(url: str, rounds: int = 9, times: int = 10) -> list[Result]:
    """The time over the larger record by that over the smaller."""
    with tempfile.TemporaryDirectory() as folder:
        large, large_place = _filled(Path(folder) / "large", url, 1_000_000, 300_000)
        small, small_place = _filled(Path(folder) / "small", url, 10_000, 3_000)
        with large.store.reading() as connection:
            connection.execute(text("VACUUM ANALYZE"))

        def asked(district: District, place: UUID) -> None:
            for _ in range(times):
                district.find(Wish(kind="request", states=("submitted",), place=place))

        mine, theirs = in_turn(lambda: asked(large, large_place), lambda: asked(small, small_place), rounds)
        for district in (large, small):
            with district.store.reading() as connection:
                for table in ("subject", "place"):
                    connection.execute(text(f"DELETE FROM {table} WHERE district = :d"), {"d": district.code})
            district.close()
    detail = (
        f"{statistics.median(mine) / times * 1000:.1f} ms over 1,000,000 requests and 300,000 places, "
        f"{statistics.median(theirs) / times * 1000:.1f} ms over 10,000"
    )
    ratio = 1 / speed_ratio(mine, theirs)
    return [Result(name="the desk's list", ratio=ratio, target=1.5, higher_is_better=False, detail=detail)]

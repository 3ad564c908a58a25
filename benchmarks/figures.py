"""A compound's and the district's figures over 1,000,000 requests, against the same over 10,000."""

import statistics
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from benchmarks.measuring import Result, in_turn, speed_ratio
from linli._district.district import District
from linli.testing import a_place, make_district

COMPOUNDS = 36
# A quarter's requests over the same compounds: what differs is only how many there are. (Figures cost
# by cells, a compound and a day each; a longer span of few requests has empty ones.)
REQUESTS = """
INSERT INTO subject (district, id, root, kind, state, outcome, place, compound, opened_at, accepted_at, ended_at,
                     record, clocks, hands, number)
SELECT :district, r.id, r.id, 'request', r.state, r.outcome, r.place, r.place, r.accepted, r.accepted, r.ended, '{}', '{}', '{}', r.n
FROM (
    SELECT n, gen_random_uuid() AS id, (CAST(:places AS uuid[]))[1 + n % :compounds] AS place,
           CASE WHEN n % 50 = 0 THEN 'dispatched' ELSE 'closed' END AS state,
           CASE WHEN n % 50 = 0 THEN NULL ELSE 'settled' END AS outcome,
           timestamptz '2026-08-01' + (n::bigint * 7919 % 7948800) * interval '1 second' AS accepted,
           CASE WHEN n % 50 = 0 THEN NULL
                ELSE timestamptz '2026-08-01' + (n::bigint * 7919 % 7948800 + n % 80000) * interval '1 second' END AS ended
    FROM generate_series(1, :count) AS n
) AS r
"""
CELLS = """
INSERT INTO figure (district, name, place, day, n, total)
SELECT :district, name, place, day, count(*), sum(total) FROM (
    SELECT 'requests.accepted' AS name, place, (accepted_at AT TIME ZONE 'Asia/Shanghai')::date AS day, 0 AS total
    FROM subject WHERE district = :district
    UNION ALL
    SELECT name, place, (ended_at AT TIME ZONE 'Asia/Shanghai')::date,
           CASE name WHEN 'requests.closed' THEN extract(epoch FROM ended_at - accepted_at)::bigint ELSE 0 END
    FROM subject, (VALUES ('requests.closed'), ('requests.ended')) AS f(name)
    WHERE district = :district AND ended_at IS NOT NULL
) AS c GROUP BY name, place, day
"""


def _filled(folder: Path, url: str, count: int) -> tuple[District, UUID]:
    folder.mkdir()
    district = make_district(folder, url=url)
    places = [a_place(district, f"小区{number}") for number in range(COMPOUNDS)]
    values = {
        "district": district.code,
        "count": count,
        "compounds": COMPOUNDS,
        "places": [str(p) for p in places],
    }
    with district.store.reading() as connection:
        connection.execute(text(REQUESTS), values)
        connection.execute(text(CELLS), values)
    return district, places[0]


def growing(url: str, rounds: int = 9, times: int = 5) -> list[Result]:
    """For a compound and for the district: the time over the larger record by that over the smaller."""
    with tempfile.TemporaryDirectory() as folder:
        large, large_place = _filled(Path(folder) / "large", url, 1_000_000)
        small, small_place = _filled(Path(folder) / "small", url, 10_000)
        with large.store.reading() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        results = [
            _compared("a compound's figures", large, small, large_place, small_place, rounds, times),
            _compared("the district's figures", large, small, None, None, rounds, times),
        ]
        for district in (large, small):
            with district.store.reading() as connection:
                for table in ("subject", "figure"):
                    connection.execute(text(f"DELETE FROM {table} WHERE district = :d"), {"d": district.code})
            district.close()
    return results


def _compared(
    name: str, large: District, small: District, at: UUID | None, same: UUID | None, rounds: int, times: int
) -> Result:
    start, end = date(2026, 1, 1), date(2026, 11, 21)

    def asked(district: District, place: UUID | None) -> None:
        for _ in range(times):
            district.brief(place, start, end)

    mine, theirs = in_turn(lambda: asked(large, at), lambda: asked(small, same), rounds)
    detail = (
        f"{statistics.median(mine) / times * 1000:.1f} ms over 1,000,000 requests, "
        f"{statistics.median(theirs) / times * 1000:.1f} ms over 10,000"
    )
    ratio = 1 / speed_ratio(mine, theirs)
    return Result(name=name, ratio=ratio, target=1.5, higher_is_better=False, detail=detail)

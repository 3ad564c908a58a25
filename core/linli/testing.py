"""For tests of plugins and of linli: districts to act in, and property tests of any workflow."""

from linli._testing.clocks import Moment
from linli._testing.districts import make_district, plugin_of, write_district
from linli._testing.exploring import Explorer, Tried, snapshot
from linli._testing.invented import phone, resident_id
from linli._testing.people import a_place, a_post, an_organisation, somebody, who
from linli._testing.racing import race
from linli._testing.reads import undeclared_reads
from linli._testing.revisions import check_revisions

__all__ = [
    "Explorer",
    "Moment",
    "Tried",
    "a_place",
    "a_post",
    "an_organisation",
    "check_revisions",
    "make_district",
    "phone",
    "plugin_of",
    "race",
    "resident_id",
    "snapshot",
    "somebody",
    "undeclared_reads",
    "who",
    "write_district",
]

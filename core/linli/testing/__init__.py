"""For tests of plugins and of linli: districts to act in, and property tests of any workflow."""

from linli.testing.clocks import Moment
from linli.testing.districts import make_district, plugin_of, write_district
from linli.testing.exploring import Explorer, Tried, snapshot
from linli.testing.finding import all_of
from linli.testing.invented import phone, resident_id
from linli.testing.people import a_place, a_post, an_organisation, somebody, who
from linli.testing.plugins import check_plugin
from linli.testing.racing import race
from linli.testing.reads import undeclared_reads
from linli.testing.revisions import check_revisions

__all__ = [
    "Explorer",
    "Moment",
    "Tried",
    "a_place",
    "a_post",
    "all_of",
    "an_organisation",
    "check_plugin",
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

"""For tests of plugins and of linli: districts to act in, fixtures of pytest, and property tests of any workflow."""

from typing import TYPE_CHECKING

from linli._base.doors import lazily

if TYPE_CHECKING:
    from linli._testing.clocks import Moment
    from linli._testing.districts import make_district, plugin_of, write_district
    from linli._testing.exploring import Explorer, Tried, snapshot
    from linli._testing.finding import all_of
    from linli._testing.fixtures import Printed, command, district, new_district, postgres_url, store_url
    from linli._testing.invented import phone, resident_id
    from linli._testing.people import a_place, a_post, an_organisation, somebody, who
    from linli._testing.plugins import check_plugin
    from linli._testing.racing import MADE, at_once, race, say_how, wait
    from linli._testing.reads import undeclared_reads
    from linli._testing.revisions import check_revisions
    from linli._testing.upsetting import pass_on
else:
    # Loaded when first used: a command needs little of it.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_testing.clocks": "Moment",
            "_testing.districts": "make_district plugin_of write_district",
            "_testing.exploring": "Explorer Tried snapshot",
            "_testing.finding": "all_of",
            "_testing.fixtures": "Printed command district new_district postgres_url store_url",
            "_testing.invented": "phone resident_id",
            "_testing.people": "a_place a_post an_organisation somebody who",
            "_testing.plugins": "check_plugin",
            "_testing.racing": "MADE at_once race say_how wait",
            "_testing.reads": "undeclared_reads",
            "_testing.revisions": "check_revisions",
            "_testing.upsetting": "pass_on",
        },
    )

__all__ = [
    "MADE",
    "Explorer",
    "Moment",
    "Printed",
    "Tried",
    "a_place",
    "a_post",
    "all_of",
    "an_organisation",
    "at_once",
    "check_plugin",
    "check_revisions",
    "command",
    "district",
    "make_district",
    "new_district",
    "pass_on",
    "phone",
    "plugin_of",
    "postgres_url",
    "race",
    "resident_id",
    "say_how",
    "snapshot",
    "somebody",
    "store_url",
    "undeclared_reads",
    "wait",
    "who",
    "write_district",
]  # fmt: skip

"""The core's own tables of a district's file; each plugin adds its own under its name."""

from datetime import date, time, timedelta

import attrs

from linli._base.calendar import ServiceHours, Span
from linli._config import Secret, setting
from linli._config.importing import ImportSettings


@attrs.frozen(kw_only=True)
class DistrictSettings:
    """The [district] table: which district this is."""

    code: str = setting(
        help="its code, the leading key of every row; never change it (for a Chinese district, the six digits of GB/T 2260)"
    )
    name: str = setting(help="its name as people read it")
    timezone: str = setting("Asia/Shanghai", "its IANA time zone")
    trial: bool = setting(
        False, "whether it is for trying things out: commands then take another moment as now (--at)"
    )


@attrs.frozen(kw_only=True)
class StoreSettings:
    """The [store] table: where the record lives."""

    url: str = setting(
        "sqlite:///linli.db", "sqlite:///FILE (relative to this file) or postgresql://USER@HOST/NAME"
    )
    password: Secret | None = setting(None, "the database's password")
    connections: int = setting(8, "connections that are kept open", least=1, most=500)


@attrs.frozen(kw_only=True)
class VaultSettings:
    """The [vault] table: the key of all personal data."""

    key: Secret = setting(
        Secret(env="LINLI_VAULT_KEY"), "32 bytes in base64; whoever loses it loses all personal data"
    )
    ages: str = setting(
        "vault.ages",
        "the file with the keys of limited age, relative to this file; one for all machines; keep a copy, and"
        " replace that copy whenever the file changes",
    )
    retire_days: int = setting(
        7,
        "within how many days after an erasure the worker replaces the key of limited age",
        unit="days",
        least=1,
    )
    backup_days: int = setting(
        35,
        "how long backups of the database and its log are kept; said to whoever erases",
        unit="days",
        least=0,
    )
    mark_days: int = setting(
        1095,
        "how long a keyed mark says of somebody who is registered again that they were erased; 0: no mark",
        unit="days",
        least=0,
    )


@attrs.frozen(kw_only=True)
class PluginSettings:
    """The [plugins] table: what is switched on, in the order in which it is asked."""

    enabled: tuple[str, ...] = setting((), "names of installed plugins, in their order")


@attrs.frozen(kw_only=True)
class CalendarSettings:
    """The [calendar] table: when the district's desks are open."""

    spans: tuple[str, ...] = setting(("08:30-12:00", "14:30-17:30"), "opening hours of a working day")
    weekdays: tuple[int, ...] = setting((1, 2, 3, 4, 5), "working weekdays, 1 is Monday")
    closed: tuple[date, ...] = setting((), "days on which the desks are closed besides")
    open: tuple[date, ...] = setting((), "days on which they are open all the same")

    def service_hours(self, timezone: str) -> ServiceHours:
        """The calendar of these settings."""
        return ServiceHours(
            timezone=timezone,
            spans=tuple(_span(span) for span in self.spans),
            weekdays=frozenset(self.weekdays),
            closed=frozenset(self.closed),
            open=frozenset(self.open),
        )


def _span(text: str) -> Span:
    start, _, end = text.partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


@attrs.frozen(kw_only=True)
class MomentSettings:
    """The [moments] table: what was entered afterwards, and who confirms from when it counts."""

    confirm_days: int = setting(
        10,
        "within how many days somebody above confirms an earlier end that was entered afterwards; else it counts"
        " from when it was recorded",
        unit="days",
        least=1,
    )
    confirmed_by: tuple[str, ...] = setting(
        ("officer", "district_officer"),
        "the posts that confirm it, at a place above that of whoever entered it, the first of them first",
    )


@attrs.frozen(kw_only=True)
class PostSettings:
    """A row of [[access.posts]]: who gives, confirms and ends a post. It replaces the plugins' row of that role."""

    role: str = setting(help="the post, such as clerk")
    given_by: tuple[str, ...] = setting(help="the posts whose holders give it, and end it")
    above: bool = setting(False, "whether they must have theirs at a place above the one it is at")
    in_body: bool = setting(False, "whether its organisation's head gives it, in that organisation alone")
    confirmed_by: tuple[str, ...] = setting(
        (), "the posts of which another person confirms it; empty: nobody needs to"
    )
    most: int = setting(
        0, "how many may hold it at one place or organisation; 0: any number", unit="people", least=0
    )
    paper: bool = setting(False, "whether the paper of the election or the appointment must be named")


@attrs.frozen(kw_only=True)
class AccessSettings:
    """The [access] table: who may do what, beside the posts in the register."""

    posts: tuple[PostSettings, ...] = setting(
        (), "who gives, confirms and ends which post, where that is not as the plugins have it"
    )
    one_for_all: bool = setting(
        False,
        "whether one person may run the machine, give posts and read the audit: operator, administrator, auditor",
    )

    console: tuple[str, ...] = setting(
        ("administrator", "clerk", "officer", "registrar"),
        "the roles of whoever works at the command line of this installation",
    )


@attrs.frozen(kw_only=True)
class DeliverySettings:
    """The [deliveries] table: what is carried out after an act is stored."""

    lease: timedelta = setting(
        timedelta(minutes=1),
        "how long a worker has something for itself; longer than any receiver takes to answer",
        least=timedelta(seconds=1),
    )
    tries: int = setting(12, "how often it is tried before it is left to an operator", unit="tries", least=1)
    first_wait: timedelta = setting(
        timedelta(seconds=10),
        "the wait after the first failure; it doubles with every further one, up to 6 hours",
    )
    keep_days: int = setting(30, "how long what is done stays listed", unit="days", least=1)


@attrs.frozen(kw_only=True)
class SealingSettings:
    """The [sealing] table: heads of the journal that are kept outside the database."""

    heads: str = setting("heads.log", "the file that heads are kept in, relative to this file; it only grows")
    published: tuple[str, ...] = setting(
        (), "files in which heads are made public, such as the board's heads.txt; compared too"
    )
    keep_every: timedelta = setting(
        timedelta(minutes=10),
        "how often a worker keeps a head, where something was sealed since",
        least=timedelta(seconds=1),
    )


SECTIONS: dict[str, type] = {
    "district": DistrictSettings,
    "store": StoreSettings,
    "vault": VaultSettings,
    "plugins": PluginSettings,
    "calendar": CalendarSettings,
    "access": AccessSettings,
    "moments": MomentSettings,
    "import": ImportSettings,
    "deliveries": DeliverySettings,
    "sealing": SealingSettings,
}

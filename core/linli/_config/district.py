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
    timezone: str = setting(default="Asia/Shanghai", help="its IANA time zone")
    trial: bool = setting(
        default=False,
        help="whether it is for trying things out: commands then take another moment as now (--at)",
    )


@attrs.frozen(kw_only=True)
class StoreSettings:
    """The [store] table: where the record lives."""

    url: str = setting(
        default="sqlite:///linli.db",
        help="sqlite:///FILE (relative to this file) or postgresql://USER@HOST/NAME",
    )
    password: Secret | None = setting(default=None, help="the database's password")
    connections: int = setting(default=8, minimum=1, maximum=500, help="connections that are kept open")


@attrs.frozen(kw_only=True)
class VaultSettings:
    """The [vault] table: the key of all personal data."""

    key: Secret = setting(
        default=Secret(env="LINLI_VAULT_KEY"),
        help="32 bytes in base64; whoever loses it loses all personal data",
    )
    ages: str = setting(
        default="vault.ages",
        help="the file with the keys of limited age, relative to this file; one for all machines; keep a copy, and"
        " replace that copy whenever the file changes",
    )
    retire_days: int = setting(
        default=7,
        minimum=1,
        help="within how many days after an erasure the worker replaces the key of limited age",
        unit="days",
    )
    backup_days: int = setting(
        default=35,
        minimum=0,
        help="how long backups of the database and its log are kept; said to whoever erases",
        unit="days",
    )
    mark_days: int = setting(
        default=1095,
        minimum=0,
        help="how long a keyed mark says of somebody who is registered again that they were erased; 0: no mark",
        unit="days",
    )


@attrs.frozen(kw_only=True)
class PluginSettings:
    """The [plugins] table: what is switched on, in the order in which it is asked."""

    enabled: tuple[str, ...] = setting(default=(), help="names of installed plugins, in their order")


@attrs.frozen(kw_only=True)
class CalendarSettings:
    """The [calendar] table: when the district's desks are open."""

    spans: tuple[str, ...] = setting(
        default=("08:30-12:00", "14:30-17:30"), help="opening hours of a working day"
    )
    weekdays: tuple[int, ...] = setting(default=(1, 2, 3, 4, 5), help="working weekdays, 1 is Monday")
    closed: tuple[date, ...] = setting(default=(), help="days on which the desks are closed besides")
    open: tuple[date, ...] = setting(default=(), help="days on which they are open all the same")

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
        default=10,
        minimum=1,
        help="within how many days somebody above confirms an earlier end that was entered afterwards; else it counts"
        " from when it was recorded",
        unit="days",
    )
    confirmed_by: tuple[str, ...] = setting(
        default=("officer", "district_officer"),
        help="the posts that confirm it, at a place above that of whoever entered it, the first of them first",
    )


@attrs.frozen(kw_only=True)
class PostSettings:
    """A row of [[access.posts]]: who gives, confirms and ends a post. It replaces the plugins' row of that role."""

    role: str = setting(help="the post, such as clerk")
    given_by: tuple[str, ...] = setting(help="the posts whose holders give it, and end it")
    above: bool = setting(
        default=False, help="whether they must have theirs at a place above the one it is at"
    )
    in_body: bool = setting(
        default=False, help="whether its organisation's head gives it, in that organisation alone"
    )
    confirmed_by: tuple[str, ...] = setting(
        default=(), help="the posts of which another person confirms it; empty: nobody needs to"
    )
    most: int = setting(
        default=0,
        minimum=0,
        help="how many may hold it at one place or organisation; 0: any number",
        unit="people",
    )
    paper: bool = setting(
        default=False, help="whether the paper of the election or the appointment must be named"
    )


@attrs.frozen(kw_only=True)
class AccessSettings:
    """The [access] table: who may do what, beside the posts in the register."""

    posts: tuple[PostSettings, ...] = setting(
        default=(), help="who gives, confirms and ends which post, where that is not as the plugins have it"
    )
    one_for_all: bool = setting(
        default=False,
        help="whether one person may run the machine, give posts and read the audit: operator, administrator, auditor",
    )

    console: tuple[str, ...] = setting(
        default=("administrator", "clerk", "officer", "registrar"),
        help="the roles of whoever works at the command line of this installation",
    )


@attrs.frozen(kw_only=True)
class DeliverySettings:
    """The [deliveries] table: what is carried out after an act is stored."""

    lease: timedelta = setting(
        default=timedelta(minutes=1),
        minimum=timedelta(seconds=1),
        help="how long a worker has something for itself; longer than any receiver takes to answer",
        unit="duration",
    )
    tries: int = setting(
        default=12, minimum=1, help="how often it is tried before it is left to an operator", unit="tries"
    )
    first_wait: timedelta = setting(
        default=timedelta(seconds=10),
        help="the wait after the first failure; it doubles with every further one, up to 6 hours",
        unit="duration",
    )
    keep_days: int = setting(default=30, minimum=1, help="how long what is done stays listed", unit="days")


@attrs.frozen(kw_only=True)
class SealingSettings:
    """The [sealing] table: heads of the journal that are kept outside the database."""

    heads: str = setting(
        default="heads.log", help="the file that heads are kept in, relative to this file; it only grows"
    )
    published: tuple[str, ...] = setting(
        default=(), help="files in which heads are made public, such as the board's heads.txt; compared too"
    )
    keep_every: timedelta = setting(
        default=timedelta(minutes=10),
        minimum=timedelta(seconds=1),
        help="how often a worker keeps a head, where something was sealed since",
        unit="duration",
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

"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable

from linli import AnyAct, Plugin, PostRule, Refusal, about, hookimpl
from linli.hooks import PERSON_MERGE
from linli_volunteers.certificates import CertificateFlow
from linli_volunteers.figures import FIGURES
from linli_volunteers.guardians import ConsentFlow
from linli_volunteers.merged import twice
from linli_volunteers.seats import SeatFlow
from linli_volunteers.sessions import SessionFlow
from linli_volunteers.settings import VolunteerSettings
from linli_volunteers.wishes import ClaimFlow, WishFlow

POSTS = (PostRule(role="volunteer_leader", given_by=("branch_secretary", "officer")),)


PLUGIN = Plugin(
    name="volunteers",
    post_rules=POSTS,
    reports="linli_volunteers.reports",
    settings=VolunteerSettings,
    workflows=(SessionFlow, SeatFlow, WishFlow, ClaimFlow, ConsentFlow, CertificateFlow),
    figures=FIGURES,
)


@hookimpl
@about(PERSON_MERGE)
def act_check(t: AnyAct) -> Iterable[Refusal]:
    """Two records of one person do not become one while both have a place at one session."""
    if merged := t.of(PERSON_MERGE):
        yield from twice(merged)

"""linli: a toolkit for governing residential compounds.

Plugins need no more than the names below, those of `linli.contract` for their workflows, and `linli.store` for tables of their own.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Loaded when first used: `linli --help` needs none of it.
_WHERE = {
    "open": "linli.district:open_district",
    "District": "linli.district:District",
    "Actor": "linli.access:Actor",
    "Role": "linli.access:Role",
    "Seat": "linli.access:Seat",
    "has_post": "linli.access:has_post",
    "ENGINE": "linli.access:ENGINE",
    "HOLDER": "linli.access:HOLDER",
    "NOBODY": "linli.access:NOBODY",
    "OWN": "linli.access:OWN",
    "ANYONE": "linli.access:ANYONE",
    "Act": "linli.acts:Act",
    "Subject": "linli.subjects:Subject",
    "Facts": "linli.facts:Facts",
    "StandIn": "linli.constants:StandIn",
    "Manifest": "linli.manifest:Manifest",
    "Purpose": "linli.manifest:Purpose",
    "PostRule": "linli.giving:PostRule",
    "about": "linli.hookspecs:about",
    "hookimpl": "linli.hookspecs:hookimpl",
    "say": "linli.i18n:say",
    "Refusal": "linli.refusals:Refusal",
    "setting": "linli.config:setting",
    "Limit": "linli.workflow:Limit",
    "Start": "linli.effects:Start",
    "Make": "linli.effects:Make",
    "Assign": "linli.effects:Assign",
    "Transfer": "linli.effects:Transfer",
    "Hold": "linli.effects:Hold",
    "Tell": "linli.effects:Tell",
    "Change": "linli.effects:Change",
    "Award": "linli.award.rules:Award",
    "Cap": "linli.award.rules:Cap",
    "Figure": "linli.figures:Figure",
    "Count": "linli.figures:Count",
}

if TYPE_CHECKING:
    from linli.access import ANYONE, ENGINE, HOLDER, NOBODY, OWN, Actor, Role, Seat, has_post
    from linli.acts import Act
    from linli.award.rules import Award, Cap
    from linli.config import setting
    from linli.constants import StandIn
    from linli.district import District
    from linli.district import open_district as open
    from linli.effects import Assign, Change, Hold, Make, Start, Tell, Transfer
    from linli.facts import Facts
    from linli.figures import Count, Figure
    from linli.giving import PostRule
    from linli.hookspecs import about, hookimpl
    from linli.i18n import say
    from linli.manifest import Manifest, Purpose
    from linli.refusals import Refusal
    from linli.subjects import Subject
    from linli.workflow import Limit

__all__ = [
    "ANYONE", "ENGINE", "HOLDER", "NOBODY", "OWN", "Act", "Actor", "Assign", "Award", "Cap", "Change", "Count", "District",
    "Facts", "Figure", "Hold", "Limit", "Make", "Manifest", "PostRule", "Purpose", "Refusal", "Role", "Seat", "StandIn", "Start", "Subject", "Tell",
    "Transfer", "about", "has_post", "hookimpl", "open", "say", "setting",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'linli' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    return getattr(import_module(module), attribute)

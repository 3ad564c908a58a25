"""linli: a toolkit for governing residential compounds.

Plugins need no more than the names below, those of `linli.contract` for their workflows, and `linli._store` for tables of their own.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Loaded when first used: `linli --help` needs none of it.
_WHERE = {
    "open": "linli._district.district:open_district",
    "District": "linli._district.district:District",
    "Actor": "linli._model.access:Actor",
    "Role": "linli._model.access:Role",
    "Seat": "linli._model.access:Seat",
    "has_post": "linli._model.access:has_post",
    "ENGINE": "linli._model.access:ENGINE",
    "HOLDER": "linli._model.access:HOLDER",
    "NOBODY": "linli._model.access:NOBODY",
    "OWN": "linli._model.access:OWN",
    "ANYONE": "linli._model.access:ANYONE",
    "Act": "linli._model.acts:Act",
    "Subject": "linli._model.subjects:Subject",
    "Facts": "linli._model.facts:Facts",
    "StandIn": "linli._model.constants:StandIn",
    "Manifest": "linli._hooks.manifest:Manifest",
    "PostRule": "linli._model.giving:PostRule",
    "about": "linli._hooks.hookspecs:about",
    "hookimpl": "linli._hooks.hookspecs:hookimpl",
    "say": "linli._base.i18n:say",
    "Refusal": "linli._base.refusals:Refusal",
    "setting": "linli._config:setting",
    "Limit": "linli._model.compiled:Limit",
    "Start": "linli._model.effects:Start",
    "Make": "linli._model.effects:Make",
    "Assign": "linli._model.effects:Assign",
    "Transfer": "linli._model.effects:Transfer",
    "Hold": "linli._model.effects:Hold",
    "Tell": "linli._model.effects:Tell",
    "Change": "linli._model.effects:Change",
    "Award": "linli._model.awards:Award",
    "Cap": "linli._model.awards:Cap",
    "Figure": "linli._model.figures:Figure",
    "Count": "linli._model.figures:Count",
}

if TYPE_CHECKING:
    from linli._base.i18n import say
    from linli._base.refusals import Refusal
    from linli._config import setting
    from linli._district.district import District
    from linli._district.district import open_district as open
    from linli._hooks.hookspecs import about, hookimpl
    from linli._hooks.manifest import Manifest
    from linli._model.access import ANYONE, ENGINE, HOLDER, NOBODY, OWN, Actor, Role, Seat, has_post
    from linli._model.acts import Act
    from linli._model.awards import Award, Cap
    from linli._model.compiled import Limit
    from linli._model.constants import StandIn
    from linli._model.effects import Assign, Change, Hold, Make, Start, Tell, Transfer
    from linli._model.facts import Facts
    from linli._model.figures import Count, Figure
    from linli._model.giving import PostRule
    from linli._model.subjects import Subject

__all__ = [
    "ANYONE", "ENGINE", "HOLDER", "NOBODY", "OWN", "Act", "Actor", "Assign", "Award", "Cap", "Change", "Count", "District",
    "Facts", "Figure", "Hold", "Limit", "Make", "Manifest", "PostRule", "Refusal", "Role", "Seat", "StandIn", "Start", "Subject", "Tell",
    "Transfer", "about", "has_post", "hookimpl", "open", "say", "setting",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'linli' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    return getattr(import_module(module), attribute)

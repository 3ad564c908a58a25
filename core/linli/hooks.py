"""What the four verbs give to hooks, and what hooks answer: matches, routes, audiences, lateness; the core's own workflows and records."""

from typing import TYPE_CHECKING

from linli._base.doors import lazily

if TYPE_CHECKING:
    from linli._base.identity import ADULT_AT, birth_date, is_minor
    from linli._config.rest import OtherSections
    from linli._hooks.asked import plugins_of
    from linli._hooks.audience import Audience
    from linli._hooks.catalogue import Matched, Route, Service, Wanted
    from linli._hooks.matching import Candidate, Match
    from linli._hooks.pages import MatterPage, MatterStep
    from linli._ledger.owing import OWED, debts, given_up, most
    from linli._model.access import KEEPERS
    from linli._model.deadlines import Escalation, OverdueClock
    from linli._model.deliveries import Delivery
    from linli._verbs.award.acts import POINTS_AWARD
    from linli._verbs.dispatch.elsewhere import settled_elsewhere, unsettled_elsewhere
    from linli._verbs.dispatch.handing_over import HandoverFlow
    from linli._verbs.dispatch.impartial import impartial, kept_from
    from linli._verbs.dispatch.late_entries import entered_afterwards
    from linli._verbs.dispatch.records import Request, Task
    from linli._verbs.dispatch.requests import Rate, RequestFlow
    from linli._verbs.dispatch.settings import DispatchSettings
    from linli._verbs.dispatch.standards import service_of
    from linli._verbs.dispatch.tasks import TaskFlow
    from linli._verbs.publish.records import Consented, Publication, PublishSettings
    from linli._verbs.publish.workflow import Draft, PublicationFlow
    from linli._verbs.register.acts import (
        ORGANISATION_END,
        ORGANISATION_REGISTER,
        PERSON_CONSENT,
        PERSON_CORRECT,
        PERSON_END,
        PERSON_ERASE,
        PERSON_MERGE,
        PERSON_MOVE,
        PERSON_WITHDRAW_CONSENT,
        PLACE_END,
        PLACE_MERGE,
        PLACE_REGISTER,
        PLACE_SPLIT,
        POST_BEGIN,
        POST_END,
    )
    from linli._verbs.register.effects import (
        body_begins,
        body_ends,
        consent_begins,
        consent_ends,
        posts_become,
    )
    from linli._verbs.register.living import living
    from linli._verbs.register.removals import RemovalFlow
else:
    # Loaded when first used: a command needs little of it.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_base.identity": "ADULT_AT birth_date is_minor",
            "_config.rest": "OtherSections",
            "_hooks.asked": "plugins_of",
            "_hooks.audience": "Audience",
            "_hooks.catalogue": "Matched Route Service Wanted",
            "_hooks.matching": "Candidate Match",
            "_hooks.pages": "MatterPage MatterStep",
            "_ledger.owing": "OWED debts given_up most",
            "_model.access": "KEEPERS",
            "_model.deadlines": "Escalation OverdueClock",
            "_model.deliveries": "Delivery",
            "_verbs.award.acts": "POINTS_AWARD",
            "_verbs.dispatch.elsewhere": "settled_elsewhere unsettled_elsewhere",
            "_verbs.dispatch.handing_over": "HandoverFlow",
            "_verbs.dispatch.impartial": "impartial kept_from",
            "_verbs.dispatch.late_entries": "entered_afterwards",
            "_verbs.dispatch.records": "Request Task",
            "_verbs.dispatch.requests": "Rate RequestFlow",
            "_verbs.dispatch.settings": "DispatchSettings",
            "_verbs.dispatch.standards": "service_of",
            "_verbs.dispatch.tasks": "TaskFlow",
            "_verbs.publish.records": "Consented Publication PublishSettings",
            "_verbs.publish.workflow": "Draft PublicationFlow",
            "_verbs.register.acts": "ORGANISATION_END ORGANISATION_REGISTER PERSON_CONSENT PERSON_CORRECT PERSON_END PERSON_ERASE PERSON_MERGE PERSON_MOVE PERSON_WITHDRAW_CONSENT PLACE_END PLACE_MERGE PLACE_REGISTER PLACE_SPLIT POST_BEGIN POST_END",
            "_verbs.register.effects": "body_begins body_ends consent_begins consent_ends posts_become",
            "_verbs.register.living": "living",
            "_verbs.register.removals": "RemovalFlow",
        },
    )

__all__ = [
    "ADULT_AT",
    "KEEPERS",
    "ORGANISATION_END",
    "ORGANISATION_REGISTER",
    "OWED",
    "PERSON_CONSENT",
    "PERSON_CORRECT",
    "PERSON_END",
    "PERSON_ERASE",
    "PERSON_MERGE",
    "PERSON_MOVE",
    "PERSON_WITHDRAW_CONSENT",
    "PLACE_END",
    "PLACE_MERGE",
    "PLACE_REGISTER",
    "PLACE_SPLIT",
    "POINTS_AWARD",
    "POST_BEGIN",
    "POST_END",
    "Audience",
    "Candidate",
    "Consented",
    "Delivery",
    "DispatchSettings",
    "Draft",
    "Escalation",
    "HandoverFlow",
    "Match",
    "Matched",
    "MatterPage",
    "MatterStep",
    "OtherSections",
    "OverdueClock",
    "Publication",
    "PublicationFlow",
    "PublishSettings",
    "Rate",
    "RemovalFlow",
    "Request",
    "RequestFlow",
    "Route",
    "Service",
    "Task",
    "TaskFlow",
    "Wanted",
    "birth_date",
    "body_begins",
    "body_ends",
    "consent_begins",
    "consent_ends",
    "debts",
    "entered_afterwards",
    "given_up",
    "impartial",
    "is_minor",
    "kept_from",
    "living",
    "most",
    "plugins_of",
    "posts_become",
    "service_of",
    "settled_elsewhere",
    "unsettled_elsewhere",
]  # fmt: skip

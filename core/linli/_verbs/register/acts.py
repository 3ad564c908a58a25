"""The direct acts of the register: what is done with places, organisations, people and posts.

Most are planned on what the register has before, so that their orders bring the `work` along.
"""

from linli._model.access import KEEPERS, OWN, has_post
from linli._model.direct import DirectAct

PLACE_REGISTER = DirectAct("place.register", label="place registered", by=KEEPERS)
PLACE_RENAME = DirectAct("place.rename", label="place renamed", by=KEEPERS)
PLACE_LOCATE = DirectAct("place.locate", label="place located on the map", by=KEEPERS)
PLACE_MOVE = DirectAct("place.move", label="place moved", by=KEEPERS)
PLACE_MERGE = DirectAct("place.merge", label="places merged", by=KEEPERS)
PLACE_SPLIT = DirectAct("place.split", label="place split", by=KEEPERS)
PLACE_CHOOSE = DirectAct("place.choose", label="part of a split place chosen", by=KEEPERS)
PLACE_END = DirectAct("place.end", label="place ended", by=KEEPERS)
ORGANISATION_REGISTER = DirectAct("organisation.register", label="organisation registered", by=KEEPERS)
ORGANISATION_END = DirectAct("organisation.end", label="organisation ended", by=KEEPERS)
ORGANISATION_MOVE = DirectAct("organisation.move", label="organisation moved", by=KEEPERS)
PERSON_REGISTER = DirectAct("person.register", label="person registered", by=KEEPERS)
PERSON_CORRECT = DirectAct("person.correct", label="person's data corrected", by=KEEPERS)
PERSON_MOVE = DirectAct("person.move", label="person moved home", by=KEEPERS)
PERSON_END = DirectAct("person.end", label="person's record ended", by=KEEPERS)
PERSON_BACK = DirectAct("person.back", label="person came back", by=KEEPERS)
PERSON_ERASE = DirectAct("person.erase", label="personal data erased", by=KEEPERS)
PERSON_MERGE = DirectAct("person.merge", label="two records of a person merged", by=KEEPERS)
PERSON_FOLLOW = DirectAct("person.follow", label="matter moved to the merged record")
PERSON_PROVE_PHONE = DirectAct("person.prove_phone", label="phone proved face to face", by=KEEPERS)
PERSON_REVEAL = DirectAct("person.reveal", label="personal data shown", by=KEEPERS)
PERSON_AUDIT = DirectAct(
    "person.audit", label="reasons of showing personal data looked at", by=has_post("auditor")
)
PERSON_TIE = DirectAct("person.tie", label="tie to a place begun", by=KEEPERS)
PERSON_UNTIE = DirectAct("person.untie", label="tie to a place ended", by=KEEPERS)
PERSON_CONSENT = DirectAct("person.consent", label="consent recorded", by=KEEPERS | OWN)
PERSON_WITHDRAW_CONSENT = DirectAct("person.withdraw_consent", label="consent withdrawn", by=KEEPERS | OWN)
POST_BEGIN = DirectAct("post.begin", label="post begun")
POST_END = DirectAct("post.end", label="post ended")

PLACE_ACTS = (
    PLACE_REGISTER,
    PLACE_RENAME,
    PLACE_LOCATE,
    PLACE_MOVE,
    PLACE_MERGE,
    PLACE_SPLIT,
    PLACE_CHOOSE,
    PLACE_END,
)
ORGANISATION_ACTS = (ORGANISATION_REGISTER, ORGANISATION_END, ORGANISATION_MOVE)
PERSON_ACTS = (
    PERSON_REGISTER,
    PERSON_CORRECT,
    PERSON_MOVE,
    PERSON_END,
    PERSON_BACK,
    PERSON_ERASE,
    PERSON_MERGE,
    PERSON_FOLLOW,
    PERSON_PROVE_PHONE,
    PERSON_REVEAL,
    PERSON_AUDIT,
    PERSON_TIE,
    PERSON_UNTIE,
    PERSON_CONSENT,
    PERSON_WITHDRAW_CONSENT,
)
POST_ACTS = (POST_BEGIN, POST_END)

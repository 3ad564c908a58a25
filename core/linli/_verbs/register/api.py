"""`district.register`: places, organisations, posts and people."""

from linli._verbs.register.disclosure import Disclosure
from linli._verbs.register.locating import PlaceLocations
from linli._verbs.register.organisations import Organisations
from linli._verbs.register.phones import Phones
from linli._verbs.register.place_changes import PlaceChanges
from linli._verbs.register.posts import Posts


class Register(PlaceChanges, PlaceLocations, Organisations, Posts, Disclosure, Phones):
    """The register of one district.

    Places: `root`, `place`, `find_place`, `places`, `rename_place`, `locate_place`, `move_place`, `end_place`,
    `merge_places`, `split_place`. Organisations and posts: `organisation`, `end_organisation`,
    `post`, `appoint`, `end_post`, `roles`, `check_role`. People: `person`, `find`, `correct`, `merge`, `move`, `end`, `erase`; what
    they are to places and agreed to: `tie`, `end_tie`, `consent`, `withdraw_consent`; showing them:
    `masked`, `reveal`; what their phone proves: `prove_phone`, `phone_opens_nothing`.
    """

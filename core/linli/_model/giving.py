"""Who gives, confirms and ends which post: a table of the plugins, which the district's own goes before."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import attrs

from linli._base.i18n import Several, Text, listed, say, translate
from linli._base.refusals import NotPermitted
from linli._model.access import Post


@attrs.frozen(kw_only=True)
class PostRule:
    """Who gives a post.

    Attributes:
        given_by: roles that give it where it reaches, or above.
        above: whether they must have their own post at a place above the one that the post is at (at the
            district itself nothing is above: there it is the district's own).
        in_body: whether it is a working post of an organisation, given by whoever heads that same organisation.
        confirmed_by: roles of which another person confirms it; empty: nobody needs to.
        most: how many may hold it at one place or organisation; None: any number.
        paper: whether the paper of the election or the appointment must be named.
    """

    role: str
    given_by: tuple[str, ...]
    above: bool = False
    in_body: bool = False
    confirmed_by: tuple[str, ...] = ()
    most: int | None = None
    paper: bool = False


# Who gives a post that no table names: whoever keeps the place above.
_UNNAMED = ("administrator", "officer", "district_officer")
# Running the machine, giving posts and reading the audit are three posts.
APART = ("operator", "administrator", "auditor")


class NotYoursToGive(NotPermitted, says="{role} is not yours to give here; it is given by: {names}, {where}"):
    role: Text
    names: Several
    where: Text


class Giving:
    """The district's table of posts.

    Args:
        rules: by role; those of the district's file have replaced the plugins'.
    """

    def __init__(self, rules: Mapping[str, PostRule]) -> None:
        self.rules = rules

    def rule(self, role: str) -> PostRule:
        """The rule of a role; that of a role which no table names."""
        return self.rules.get(role) or PostRule(role=role, given_by=_UNNAMED, above=True)

    def giver(self, posts: Iterable[Post], role: str, at: UUID, path: tuple[UUID, ...]) -> str | None:
        """As what somebody with `posts` may give `role` at `at`, which reaches the last place of `path`; None: not.

        Who gives those that give a post gives it too, so that nobody gives a post that gives what they may not.
        """
        return self._giver(tuple(posts), role, at, path, frozenset((role,)))

    def _giver(
        self, posts: tuple[Post, ...], role: str, at: UUID, path: tuple[UUID, ...], tried: frozenset[str]
    ) -> str | None:
        rule = self.rule(role)
        for post in posts:
            if post.role in rule.given_by and _reaches(rule, post, at, path):
                return str(post)
        for above in rule.given_by:
            if above not in tried:
                found = self._giver(posts, above, at, path, tried | {above})
                if found:
                    return found
        return None

    def confirmer(self, posts: Iterable[Post], role: str, path: tuple[UUID, ...]) -> str | None:
        """As what somebody with `posts` may confirm `role` at the last place of `path`; None: not."""
        wanted = self.rule(role).confirmed_by
        return next((str(post) for post in posts if post.role in wanted and post.place in path), None)

    def refusal(self, role: str) -> NotPermitted:
        """Why somebody may not give a post, and who may."""
        names = listed(translate(one) for one in self.rule(role).given_by)
        where = say("at a place above") if self.rule(role).above else say("there, or at a place above")
        return NotYoursToGive(role=say(role), names=names, where=where)


def _reaches(rule: PostRule, post: Post, at: UUID, path: tuple[UUID, ...]) -> bool:
    if post.place not in path:
        return False
    if rule.in_body and post.place == path[-1]:
        return post.at == at
    return not rule.above or post.place != path[-1] or len(path) == 1

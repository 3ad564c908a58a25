"""Whether what is kept of a publication is what went out."""

from collections.abc import Iterable

from linli._base.i18n import Text, say
from linli._engine.replaying import replayed, same_record
from linli._model.acts import Act
from linli._model.compiling import as_run
from linli._model.subjects import StoredSubject
from linli._verbs.publish.receipts import covered, digest_of
from linli._verbs.publish.workflow import PublicationFlow


def unlike(publication: StoredSubject, acts: Iterable[Act]) -> Text | None:
    """Why what is kept of a publication that went out is not what did; None where it is."""
    if publication.state not in ("published", "withdrawn"):
        return None
    of_it = [act for act in acts if act.subject == publication.id]
    went_out = [act for act in of_it if act.verb == "publication.publish"]
    if not went_out:
        return say("publication {id} never went out: the journal has no act of it", id=publication.id)
    # The digest has the place where it was opened, wherever it has gone on since.
    digest = digest_of(covered(publication.id, publication.opened_in, publication.record))
    flow = as_run(PublicationFlow)
    same = went_out[0].value("digest") == digest and same_record(flow, publication, replayed(flow, of_it))
    return None if same else say("publication {id}: its text is not the one that went out", id=publication.id)

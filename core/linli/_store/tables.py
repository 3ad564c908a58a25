"""The core's tables. `district` leads every key and index but the delivery queue's.

The names are the domain's. What is not here: names, phones, identity numbers, addresses and what
residents write. That is in the vault's three tables, encrypted, and nowhere else.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from linli._store.columns import Moment, district, key, partial
from linli._store.fields import field

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# --- the district and its settings -------------------------------------------------------------

tenant = Table(
    "tenant",
    metadata,
    district(),
    Column("name", String(200), nullable=False),
    Column("vault_check", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
)

settings_version = Table(
    "settings_version",
    metadata,
    district(),
    Column("digest", String(16), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("body", Text, nullable=False),
)

# --- acts: the journal, append-only --------------------------------------------------------------

act = Table(
    "act",
    metadata,
    district(),
    key("root", primary_key=True),
    Column("version", Integer, primary_key=True),  # who comes second breaks this key: the optimistic lock
    key("id", nullable=False),
    Column("verb", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    key("subject", nullable=False),
    key("place"),
    key("actor"),
    Column("acting_as", String(120)),
    Column("at", Moment, nullable=False),  # when it happened
    Column("recorded_at", Moment, nullable=False),
    Column("settings", String(16), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON, without personal data
    UniqueConstraint("district", "id"),
    Index("ix_act_verb", "district", "verb", "at"),
)

seal = Table(
    "seal",
    metadata,
    district(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    key("act", nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("district", "act"),
)

lease = Table(
    "lease",
    metadata,
    district(),
    Column("name", String(40), primary_key=True),
    key("token", nullable=False),
    Column("until", Moment, nullable=False),
)

# --- subjects of workflows -----------------------------------------------------------------------

subject = Table(
    "subject",
    metadata,
    district(),
    key("id", primary_key=True),
    key("root", nullable=False),
    key("parent"),
    Column("kind", String(40), nullable=False),
    Column("part_key", String(80)),
    Column("state", String(40), nullable=False),
    Column("outcome", String(40)),
    key("place", nullable=False),  # where it is now
    key("origin"),  # where it was opened, where that place has ended since
    key("undecided"),  # a place that was split, while the street has to choose which part it goes on at
    key("compound", nullable=False),  # the place under which it is counted
    Column("holder_role", String(40)),
    key("holder_at"),
    key("person"),  # whom it is about or from: reporter, wisher, account holder
    Column("opened_at", Moment, nullable=False),
    Column("accepted_at", Moment),
    Column("ended_at", Moment),
    Column("due_at", Moment),
    Column("record", Text, nullable=False),
    Column("clocks", Text, nullable=False),
    Column("hands", Text, nullable=False),  # who made which move, for conflicts of interest
    Column("number", BigInteger, nullable=False),  # what people call it by; see linli._base.numbers
    UniqueConstraint("district", "parent", "kind", "part_key"),
    UniqueConstraint("district", "number"),
    Index("ix_subject_root", "district", "root"),
    Index("ix_subject_kind", "district", "kind", "compound", "opened_at"),
    Index("ix_subject_opened", "district", "kind", "opened_at"),
    Index("ix_subject_person", "district", "person", "kind"),
    Index("ix_subject_ended", "district", "kind", "ended_at", "compound", "accepted_at"),
    partial("ix_subject_open", "district", "kind", "compound", "accepted_at", where="ended_at IS NULL"),
    partial("ix_subject_place", "district", "place", where="ended_at IS NULL"),
    partial("ix_subject_undecided", "district", "undecided", where="undecided IS NOT NULL"),
)
partial(
    "ix_subject_about", subject.c.district, field(subject.c.record, "about"), where="kind = 'publication'"
)

# --- register --------------------------------------------------------------------------------------

place = Table(
    "place",
    metadata,
    district(),
    key("id", primary_key=True),
    Column("kind", String(40), nullable=False),
    key("parent"),
    Column("name", String(200), nullable=False),
    Column("code", String(40)),
    Column("path", Text, nullable=False),  # ids from the district down to this place, hex, '/' after each
    key("reporting_place", nullable=False),  # the compound that its figures are kept under
    Column("record", Text, nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("latitude_e6", Integer),  # millionths of a degree, in WGS-84
    Column("longitude_e6", Integer),
    Column("outline", Text),  # of a compound: a polygon of GeoJSON, in WGS-84
    Column("coordinate_system", String(8)),  # in which they were given; see linli._base.coordinates
    Column("coordinate_source", String(80)),
    Index("ix_place_parent", "district", "parent", "name"),
    Index("ix_place_kind", "district", "kind", "path"),
    Index("ix_place_figures", "district", "reporting_place"),
)

alias = Table(
    "alias",
    metadata,
    district(),
    key("id", primary_key=True),  # merged away; keys that name it are never rewritten
    key("now", nullable=False),
    Column("kind", String(16), nullable=False),
    Index("ix_alias_now", "district", "now"),
)

organisation = Table(
    "organisation",
    metadata,
    district(),
    key("id", primary_key=True),
    Column("kind", String(40), nullable=False),
    key("place", nullable=False),
    Column("name", String(200), nullable=False),
    Column("code", String(18)),
    Column("record", Text, nullable=False),
    Column("since", Date),
    Column("until", Date),
    Index("ix_organisation_place", "district", "place", "kind"),
    Index("ix_organisation_kind", "district", "kind", "name"),
)

person = Table(
    "person",
    metadata,
    district(),
    key("id", primary_key=True),
    Column("registered_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", String(40)),
)

post = Table(
    "post",
    metadata,
    district(),
    key("id", primary_key=True),
    key("person", nullable=False),
    Column("role", String(40), nullable=False),
    key("at", nullable=False),  # the organisation or the place
    key("place", nullable=False),  # where it reaches: this place and all below it
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_post_person", "district", "person"),
    Index("ix_post_at", "district", "at", "role"),
)

tie = Table(
    "tie",
    metadata,
    district(),
    key("person", primary_key=True),
    Column("kind", String(40), primary_key=True),
    key("at", primary_key=True),
    Column("since", Date),
    Column("until", Date),
    Column("record", Text, nullable=False),
    Index("ix_tie_at", "district", "at", "kind"),
)

consent = Table(
    "consent",
    metadata,
    district(),
    key("person", primary_key=True),
    Column("purpose", String(80), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)

# --- the vault ---------------------------------------------------------------------------------------

vault_key = Table(
    "vault_key",
    metadata,
    district(),
    key("owner", primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

vault_item = Table(
    "vault_item",
    metadata,
    district(),
    key("subject", primary_key=True),
    Column("field", String(40), primary_key=True),
    key("owner", nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["district", "owner"], ["vault_key.district", "vault_key.owner"], ondelete="CASCADE"
    ),
    Index("ix_vault_item_owner", "district", "owner"),
)

vault_index = Table(
    "vault_index",
    metadata,
    district(),
    Column("field", String(40), primary_key=True),
    Column("blind", LargeBinary, primary_key=True),
    key("owner", nullable=False),
    ForeignKeyConstraint(
        ["district", "owner"], ["vault_key.district", "vault_key.owner"], ondelete="CASCADE"
    ),
    Index("ix_vault_index_owner", "district", "owner"),
)

# The newest key of limited age that people's keys are wrapped under; see linli._vault.ages.
vault_age = Table("vault_age", metadata, district(), Column("number", Integer, nullable=False))

# Marks of people who were erased, by which they are noticed when an old list brings them again.
erased = Table(
    "erased",
    metadata,
    district(),
    Column("blind", LargeBinary, primary_key=True),
    Column("until", Moment, nullable=False),
    Index("ix_erased_until", "district", "until"),
)

# Erasures that wait: what somebody is still party to ends first.
erasure = Table(
    "erasure",
    metadata,
    district(),
    key("person", primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("until", Moment),  # when it is looked at again; null: when what they are party to has ended
)

# --- the ledger --------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    district(),
    key("owner", primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("part", String(16), primary_key=True),  # free, held, issued, spent, expired, owed
    Column("balance", BigInteger, nullable=False),
    CheckConstraint("balance >= 0 OR part = 'issued'", name="never_below_zero"),
)

posting = Table(
    "posting",
    metadata,
    district(),
    key("cause", primary_key=True),  # the act that is paid
    Column("rule", String(200), primary_key=True),  # by this rule, once
    key("to_owner", primary_key=True),
    Column("to_part", String(16), primary_key=True),
    key("from_owner", nullable=False),
    Column("from_part", String(16), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("amount", BigInteger, nullable=False),
    key("act", nullable=False),  # the act that posted it
    Column("at", Moment, nullable=False),
    Column("cap_period", String(32)),  # the cap that it used up: a reversal gives it back
    CheckConstraint("amount > 0", name="amount_positive"),
    ForeignKeyConstraint(
        ["district", "from_owner", "unit", "from_part"],
        ["account.district", "account.owner", "account.unit", "account.part"],
    ),
    Index("ix_posting_to", "district", "to_owner", "unit", "at"),
    Index("ix_posting_from", "district", "from_owner", "unit", "at"),
)

cap = Table(
    "cap",
    metadata,
    district(),
    key("owner", primary_key=True),
    Column("rule", String(120), primary_key=True),
    Column("period", String(32), primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("most", BigInteger, nullable=False),
    CheckConstraint("used <= most", name="within_cap"),
)

# --- deliveries and timers: rows that are due --------------------------------------------------------

delivery = Table(
    "delivery",
    metadata,
    district(),
    key("id", primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),  # timer, act, channel
    Column("recipient", String(200), nullable=False),
    key("act"),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    key("lease"),
    Column("state", String(8), nullable=False),  # due, done, dead
    Column("ended_at", Moment),
    Column("error", Text),
    partial("ix_delivery_due", "due_at", where="state = 'due'"),
    Index("ix_delivery_act", "district", "act"),
)

# --- figures: roll-ups -------------------------------------------------------------------------------

figure = Table(
    "figure",
    metadata,
    district(),
    Column("name", String(80), primary_key=True),
    key("place", primary_key=True),
    Column("day", Date, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
)

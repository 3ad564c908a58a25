"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance >= 0 OR part = 'issued'", name=op.f("ck_account_never_below_zero")),
        sa.PrimaryKeyConstraint("district", "owner", "unit", "part", name=op.f("pk_account")),
    )
    op.create_table(
        "act",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("root", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("acting_as", sa.String(length=120), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("settings", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "root", "version", name=op.f("pk_act")),
        sa.UniqueConstraint("district", "id", name=op.f("uq_act_district_id")),
    )
    op.create_index("ix_act_verb", "act", ["district", "verb", "at"], unique=False)
    op.create_table(
        "alias",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("now", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_alias")),
    )
    op.create_index("ix_alias_now", "alias", ["district", "now"], unique=False)
    op.create_table(
        "cap",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used <= most", name=op.f("ck_cap_within_cap")),
        sa.PrimaryKeyConstraint("district", "owner", "rule", "period", name=op.f("pk_cap")),
    )
    op.create_table(
        "consent",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("district", "person", "purpose", name=op.f("pk_consent")),
    )
    op.create_table(
        "delivery",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("act", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_act", "delivery", ["district", "act"], unique=False)
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_table(
        "figure",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "name", "place", "day", name=op.f("pk_figure")),
    )
    op.create_table(
        "lease",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("district", "name", name=op.f("pk_lease")),
    )
    op.create_table(
        "organisation",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_organisation")),
    )
    op.create_index("ix_organisation_kind", "organisation", ["district", "kind", "name"], unique=False)
    op.create_index("ix_organisation_place", "organisation", ["district", "place", "kind"], unique=False)
    op.create_table(
        "person",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "place",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("figures_at", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_place")),
    )
    op.create_index("ix_place_figures", "place", ["district", "figures_at"], unique=False)
    op.create_index("ix_place_kind", "place", ["district", "kind", "path"], unique=False)
    op.create_index("ix_place_parent", "place", ["district", "parent", "name"], unique=False)
    op.create_table(
        "post",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_at", "post", ["district", "at", "role"], unique=False)
    op.create_index("ix_post_person", "post", ["district", "person"], unique=False)
    op.create_table(
        "seal",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("district", "number", name=op.f("pk_seal")),
        sa.UniqueConstraint("district", "act", name=op.f("uq_seal_district_act")),
    )
    op.create_table(
        "settings_version",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "digest", name=op.f("pk_settings_version")),
    )
    op.create_table(
        "subject",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root", sa.Uuid(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("part_key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("compound", sa.Uuid(), nullable=False),
        sa.Column("holder_role", sa.String(length=40), nullable=True),
        sa.Column("holder_at", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Uuid(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("clocks", sa.Text(), nullable=False),
        sa.Column("hands", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_subject")),
        sa.UniqueConstraint(
            "district", "parent", "kind", "part_key", name=op.f("uq_subject_district_parent_kind_part_key")
        ),
    )
    op.create_index(
        "ix_subject_ended",
        "subject",
        ["district", "kind", "ended_at", "compound", "accepted_at"],
        unique=False,
    )
    op.create_index("ix_subject_kind", "subject", ["district", "kind", "compound", "opened_at"], unique=False)
    op.create_index(
        "ix_subject_open",
        "subject",
        ["district", "kind", "compound", "accepted_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_subject_person", "subject", ["district", "person", "kind"], unique=False)
    op.create_index("ix_subject_root", "subject", ["district", "root"], unique=False)
    op.create_table(
        "tenant",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("vault_check", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_tenant")),
    )
    op.create_table(
        "tie",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "person", "kind", "at", name=op.f("pk_tie")),
    )
    op.create_index("ix_tie_at", "tie", ["district", "at", "kind"], unique=False)
    op.create_table(
        "vault_key",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "owner", name=op.f("pk_vault_key")),
    )
    op.create_table(
        "posting",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("to_owner", sa.Uuid(), nullable=False),
        sa.Column("to_part", sa.String(length=16), nullable=False),
        sa.Column("from_owner", sa.Uuid(), nullable=False),
        sa.Column("from_part", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("cap_period", sa.String(length=32), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_posting_amount_positive")),
        sa.ForeignKeyConstraint(
            ["district", "from_owner", "unit", "from_part"],
            ["account.district", "account.owner", "account.unit", "account.part"],
            name=op.f("fk_posting_district_from_owner_unit_from_part"),
        ),
        sa.PrimaryKeyConstraint("district", "cause", "rule", "to_owner", "to_part", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_from", "posting", ["district", "from_owner", "unit", "at"], unique=False)
    op.create_index("ix_posting_to", "posting", ["district", "to_owner", "unit", "at"], unique=False)
    op.create_table(
        "vault_index",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "owner"],
            ["vault_key.district", "vault_key.owner"],
            name=op.f("fk_vault_index_district_owner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("district", "field", "blind", name=op.f("pk_vault_index")),
    )
    op.create_index("ix_vault_index_owner", "vault_index", ["district", "owner"], unique=False)
    op.create_table(
        "vault_item",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "owner"],
            ["vault_key.district", "vault_key.owner"],
            name=op.f("fk_vault_item_district_owner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("district", "subject", "field", name=op.f("pk_vault_item")),
    )
    op.create_index("ix_vault_item_owner", "vault_item", ["district", "owner"], unique=False)

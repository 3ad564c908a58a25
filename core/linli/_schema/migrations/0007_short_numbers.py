"""Matters get short numbers, and lists find the newest by an index. By hand: what is there needs a number too."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000


def upgrade() -> None:
    op.add_column("subject", sa.Column("number", sa.BigInteger(), nullable=True))
    _number_all()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        # SQLite changes a table by making it anew, and alembic does not see an index on an expression.
        op.drop_index("ix_subject_about", "subject")
    with op.batch_alter_table("subject") as batch:
        batch.alter_column("number", existing_type=sa.BigInteger(), nullable=False)
        batch.create_unique_constraint("uq_subject_district_number", ["district", "number"])
    op.create_index("ix_subject_opened", "subject", ["district", "kind", "opened_at"], unique=False)
    if on_sqlite:
        op.create_index(
            "ix_subject_about",
            "subject",
            ["district", sa.text("json_extract(record, '$.about')")],
            unique=False,
            sqlite_where=sa.text("kind = 'publication'"),
        )


def _number_all() -> None:
    """A number for every matter that there is; in one set for all districts of the database."""
    connection = op.get_bind()
    subject = sa.table("subject", *map(sa.column, ("district", "number")), sa.column("id", sa.Uuid()))
    given: set[int] = set()
    rows = connection.execute(sa.select(subject.c.district, subject.c.id)).all()
    write = (
        sa.update(subject)
        .where(subject.c.district == sa.bindparam("where"), subject.c.id == sa.bindparam("which"))
        .values(number=sa.bindparam("drawn"))
    )
    for first in range(0, len(rows), _AT_ONCE):
        chunk = rows[first : first + _AT_ONCE]
        connection.execute(write, [{"where": d, "which": i, "drawn": _free(given)} for d, i in chunk])


def _free(given: set[int]) -> int:
    number = _draw()
    while number in given:
        number = _draw(1)
    given.add(number)
    return number


# The table of Damm's thesis: each row and each column has every digit once, and no two neighbours swap unseen.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def _draw(longer: int = 0) -> int:
    """A number of nine digits, or more, of which the last checks the others."""
    least: int = 10 ** (7 + longer)
    head, check = least + secrets.randbelow(9 * least), 0
    for digit in str(head):
        check = int(_DAMM[check][int(digit)])
    return head * 10 + check

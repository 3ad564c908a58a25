"""Catalogues: everything that is said to people is there in Chinese, and what is there is still said."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from linli._base.i18n import speaking, translate
from linli._cli.choices import Choice
from linli._cli.top import Linli
from linli._testing import messages
from linli.testing import make_district

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(path.parent for path in ROOT.glob("[!.]*/**/locale") if ".venv" not in path.parts)
named = pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)

# What a sentence of four words in a row would be; examples and options are to be typed as they stand.
_ENGLISH = re.compile(r"(?:[A-Za-z][A-Za-z']*,? +){3}[A-Za-z']+")
_TYPED = re.compile(r"\s*(?:linli\b|-|\[)|.*?: linli ")


def test_every_distribution_has_a_catalogue() -> None:
    names = {package.name for package in PACKAGES}
    assert names >= {"linli", "linli_tabular", "linli_bank", "linli_board", "linli_daxiang", "linli_snow"}


@named
def test_every_sentence_has_a_chinese_translation_with_its_braces(package: Path) -> None:
    assert messages.untranslated(messages.updated(package)) == []


@named
def test_the_catalogue_has_the_sentences_of_the_code_and_no_others(package: Path) -> None:
    kept = {message.id for message in messages.read(package) if message.id}
    assert kept == {message.id for message in messages.updated(package) if message.id}, "run: make messages"


@named
def test_no_package_translates_otherwise_what_linli_says(package: Path) -> None:
    assert messages.against_core(package)[1] == []


def test_who_translates_is_told_what_linli_says_already_and_what_would_never_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "linli_snow"
    package.mkdir()
    (package / "words.py").write_text(
        'say("expired")\nsay("refuse")\nsay("swept by nobody")\n', encoding="utf-8"
    )
    messages.main([str(package)])
    assert capsys.readouterr().out.splitlines()[1:] == ["  'swept by nobody'"]
    catalogue = messages.catalogue_path(package)
    kept = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(
        kept.replace('msgid "refuse"\nmsgstr ""', 'msgid "refuse"\nmsgstr "不扫"'), encoding="utf-8"
    )
    messages.main([str(package)])
    assert "'refuse': linli says" in capsys.readouterr().out


def _said_in(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each sentence with its translations: not the header, which says what tool wrote the file, and when."""
    return {_each(one.id): _each(one.string or "") for one in catalogue if one.id}


def _each(said: str | Iterable[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


@named
def test_what_gettext_reads_is_what_the_translations_say(package: Path) -> None:
    with messages.catalogue_path(package).with_suffix(".mo").open("rb") as file:
        read = read_mo(file)
    assert _said_in(read) == _said_in(messages.read(package)), "run: make messages"
    assert str(read.plural_expr) == str(messages.read(package).plural_expr)


def test_who_made_a_catalogue_changes_nothing_that_it_says() -> None:
    catalogue = messages.read(PACKAGES[0])
    catalogue.mime_headers = [*catalogue.mime_headers, ("Generated-By", "a Babel of another day")]
    assert _said_in(read_mo(io.BytesIO(messages.compiled(catalogue)))) == _said_in(catalogue)


@named
def test_the_catalogue_is_shipped_with_its_package(package: Path) -> None:
    distribution = next(path for path in package.parents if (path / "setup.cfg").exists())
    shipped = (distribution / "setup.cfg").read_text(encoding="utf-8")
    assert "locale/*/LC_MESSAGES/*.mo" in shipped
    assert "locale/*/LC_MESSAGES/*.po" in shipped


def test_one_english_sentence_has_one_chinese_one_in_all_packages() -> None:
    known: dict[object, object] = {}
    for package in PACKAGES:
        for message in messages.read(package):
            if message.id:
                assert known.setdefault(message.id, message.string) == message.string


def test_a_sentence_is_found_wherever_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "said.py").write_text(
        "\n".join(
            (
                'say("one way" if x else "another way")',
                'class Sledges(Workflow[Sledge], name="big_sledge"):',
                "    out = State()",
                '    shut = State("shut down")',
                "    lapse = move(out.to(shut))",
                '    close = move(out.to(shut), Why, label="put an end to")',
                'class Why:\n    why: Annotated[Private, Input("the cause")]',
                'Figure(name="sledges.lent", help="lent in the period", unit="pieces")',
                'NOUNS = {"key": ("package.module:attribute", "what it is for")}',
                'noun("sledge", "sledges to borrow", "linli sledge lend")',
                'table(["when", "where"], rows)',
                "class Sledge:\n    length: int",
                'class NoSledge(Refusal, says="no sledge is left"): ...',
                'other("not said", name="nor this")',
            )
        ),
        encoding="utf-8",
    )
    assert set(messages.sentences(tmp_path)) == {
        "one way", "another way", "big sledge", "out", "lapse", "put an end to", "the cause", "why", "shut down", "Sledges",
        "lent in the period", "pieces", "what it is for", "sledges to borrow", "when", "where", "length",
        "no sledge is left",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('KEEPERS = ("keeper", "warden")\nhas_post(*KEEPERS)', {"keeper", "warden"}),
        ('KEEPER, CLERK = "keeper", "clerk"\nhas_post(CLERK)', {"clerk"}),
        ('def listed():\n    headings = ["when"]\n    table(headings, [])', {"when"}),
        ('def told():\n    known = {"length": 1}\n    show(known, False)', {"length"}),
        ('def other():\n    known = {"length": 1}\ndef told(known):\n    show(known, False)', set()),
        ('Columns(("length",), cells)\nColumns(headings=("width",), cells=cells)', {"length", "width"}),
        ('PostRule(role="keeper", given_by=("warden",))', {"keeper", "warden"}),
        ('Importer(kind="sledges", label="rows of sledges")', {"sledges", "rows of sledges"}),
        ('Draft(series="sledges")', {"sledges"}),
        ('Choice(("short", "long"))', {"short", "long"}),
        (
            "class Kept(Named):\n    size: Size\n    by: By | None\n"
            'Size = Literal["short", "long"]\n'
            "class Named:\n    called: str\n"
            "class By:\n    whom: str\n"
            'class Flow(Workflow[Kept], name="sledge"): ...',
            {"size", "short", "long", "called", "by", "whom", "sledge"},
        ),
        (
            'class Lend:\n    way: Annotated[Literal["hired", "lent"], Input()]\n    why: Annotated[Private, Input("the cause")]',
            {"hired", "lent", "why", "the cause"},
        ),
        (
            "class Kind:\n    code: str = setting(default='', help='')\n"
            'KINDS = (Kind(code="short"), Kind(code="long", name="the long one"))',
            {"short"},
        ),
        ("a = b\nb = a\nsay(a)", set()),
    ],
)  # fmt: skip
def test_what_is_declared_is_found_too(tmp_path: Path, code: str, found: set[str]) -> None:
    (tmp_path / "said.py").write_text(code, encoding="utf-8")
    assert set(messages.sentences(tmp_path)) == found


def test_what_stands_in_another_module_is_found(tmp_path: Path) -> None:
    (tmp_path / "roles.py").write_text('KEEPER = "keeper"\nOTHER = "other"\n', encoding="utf-8")
    code = f"from {tmp_path.name}.roles import KEEPER as WHO\nhas_post(WHO)\nhas_post(OTHER)\n"
    (tmp_path / "said.py").write_text(code, encoding="utf-8")
    assert set(messages.sentences(tmp_path)) == {"keeper"}


def test_a_word_is_translated_otherwise_within_a_workflow(tmp_path: Path) -> None:
    code = tmp_path / "said.py"
    flow = 'KIND = "sledge"\nclass Flow(Workflow[Kept], name=KIND):\n    worn = State(ends=True)\n'
    code.write_text(flow, encoding="utf-8")
    messages.update(tmp_path)
    path = messages.catalogue_path(tmp_path)
    words = ("sledge|worn", "sledge|accepted", "sledge|unknown", "boat|worn")
    more = "".join(f'\nmsgid "{one}"\nmsgstr "磨损"\n' for one in words)
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    messages.update(tmp_path)
    kept = {message.id for message in messages.read(tmp_path) if message.id}
    assert kept == {"sledge", "worn", "sledge|worn", "sledge|accepted"}


def test_a_translation_that_loses_a_brace_is_told() -> None:
    catalogue = Catalog(locale="zh")
    catalogue.add("{count} of {all}", "{count}")
    catalogue.add("{count} more", "另有 {count}")
    catalogue.add("none", "")
    assert messages.untranslated(catalogue) == ["{count} of {all}", "none"]


def test_what_is_translated_stays_when_sentences_come_and_go(tmp_path: Path) -> None:
    code = tmp_path / "said.py"
    code.write_text('say("stays")\nsay("goes")\n', encoding="utf-8")
    messages.update(tmp_path)
    path = messages.catalogue_path(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('msgid "stays"\nmsgstr ""', 'msgid "stays"\nmsgstr "留下"'), encoding="utf-8"
    )

    code.write_text('say("stays")\nsay("comes")\n', encoding="utf-8")
    assert messages.update(tmp_path) == ["comes"]
    found = {message.id: message.string for message in messages.read(tmp_path) if message.id}
    assert found == {"comes": "", "stays": "留下"}


def _said(*arguments: str) -> str:
    """What the command says in Chinese, on both streams."""
    environment = os.environ | {"LINLI_LANG": "zh", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", "from linli._cli.main import main; main()", *arguments],
        env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",), ("request", "--help"), ("request", "submit", "--help"), ("person", "--help"),
        ("delivery", "--help"), ("verify", "--help"), ("worker", "--help"), ("gift", "--help"),
        ("request", "submit"), ("request", "foo"), ("request", "list", "--most", "0"), ("requst",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_command_line_speaks_no_english_to_chinese_readers(arguments: tuple[str, ...]) -> None:
    said = _said(*arguments)
    assert re.search(r"[\u4e00-\u9fff]", said)
    lines = [line for line in said.splitlines() if not _TYPED.match(line)]
    assert [line for line in lines if _ENGLISH.search(line)] == []


def _choices(command: click.Command, ctx: click.Context) -> Iterator[Choice]:
    """Those of a command and of all below it."""
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below, name
            yield from _choices(below, click.Context(below, parent=ctx))
    yield from (param.type for param in command.params if isinstance(param.type, Choice))


def test_every_choice_of_the_command_line_can_be_typed_in_chinese() -> None:
    top = Linli("linli")
    found = [*_choices(top, click.Context(top))]
    with speaking("zh"):
        words = {
            code: one.convert(translate(one.called.get(code, code)), None, None)
            for one in found
            for code in one.choices
        }
        chinese = {
            code
            for one in found
            for code in one.choices
            if re.search(r"[\u4e00-\u9fff]", translate(one.called.get(code, code)))
        }
    assert len(found) > 50
    assert {code: code for code in words} == words
    assert words.keys() - chinese == {"json", "xlsx", "pdf", "html"}


def test_comments_beside_examples_are_chinese_too() -> None:
    assert "重新计算全部封印" in _said("verify", "--help")


def test_chinese_help_is_folded_by_its_width_on_a_terminal() -> None:
    from rich.cells import cell_len

    lines = [line for line in _said("import", "--help").splitlines() if not line.lstrip().startswith("linli")]
    assert max(map(cell_len, lines)) <= 80


def test_every_heading_and_label_of_the_brief_is_in_chinese(tmp_path: Path) -> None:
    plugins = (
        "party",
        "reporting",
        "centres",
        "stewards",
        "meetings",
        "decisions",
        "owners_vote",
        "three_lists",
        "volunteers",
        "bank",
    )
    with make_district(tmp_path, enabled=plugins) as district, speaking("zh"):
        shown = [figure for figure in district.rules.figures.values() if figure.shown]
        said = {
            one: translate(one) for figure in shown for one in (figure.heading, figure.label or figure.help)
        }
    assert len(said) > 100
    assert [one for one, text in said.items() if text.isascii()] == []

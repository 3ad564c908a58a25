"""The HTML of a form of inputs: plain controls with their names, types, limits, choices and hints; everything is escaped."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from linli._base.i18n import Text, listed, say, translate, within
from linli._base.refusals import Invalid, Missing, Refusal
from linli._model.files import endings_of
from linli._model.inputs import Field
from linli._surfaces.forms import KEY, MORE, Posted, rows
from linli._surfaces.kinds import KINDS

_BLANK_ROWS = 3
_A_LINE = 200


def form(
    fields: Iterable[Field],
    posted: Posted | None = None,
    problems: Iterable[Refusal] = (),
    *,
    context: str = "",
) -> str:
    """The controls of a form, without <form> and its button.

    Args:
        posted: what was typed before, which is shown again.
        problems: why that was refused: each is said beside its control.
        context: the workflow whose words the choices are.
    """
    said = {one.field: str(one) for one in problems if isinstance(one, Invalid | Missing)}
    page = _Form(posted or {}, said, context)
    return "\n".join(page.asked(one) for one in fields if one.asked)


def _tag(name: str, content: str | None = None, /, **attributes: object) -> str:
    """An element. Args: content: HTML; None: an element without any. attributes: True: without a value; None, False: not there."""
    given = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    shown = "".join(
        f" {key}" if value is True else f' {key}="{escape(str(value))}"'
        for key, value in given
        if value is not None and value is not False
    )
    return f"<{name}{shown}>" if content is None else f"<{name}{shown}>{content}</{name}>"


class _Form:
    def __init__(self, posted: Posted, problems: Mapping[str, str], context: str) -> None:
        self._posted, self._problems, self._context = posted, problems, context

    def asked(self, field: Field) -> str:
        """An input with its label, its hint, and what is wrong with it."""
        required = field.required and not field.input.only_if
        if field.many and (field.fields or field.keyed) and field.kind != "file":
            return self._rows(field)
        if field.fields and field.kind != "file":
            inside = self._parts(field.fields, f"{field.name}.", required)
            return self._group(field, field.name, inside)
        if field.choices and field.many:
            return self._group(field, field.name, self._boxes(field, field.name))
        return self._labelled(field, field.name, required, _default(field))

    def _labelled(self, field: Field, name: str, required: bool, default: str = "") -> str:
        label = _tag("label", escape(translate(field.name)), for_=name)
        return _tag("p", f"{label} {self._control(field, name, required, default)}{self._notes(field, name)}")

    def _group(self, field: Field, name: str, inside: str) -> str:
        legend = _tag("legend", escape(translate(field.name)))
        return _tag("fieldset", f"{legend}{self._notes(field, name)}\n{inside}\n", id=name)

    def _parts(self, fields: Iterable[Field], prefix: str, required: bool) -> str:
        """Its controls. What may be left empty as a whole has no defaults in it: with one it would be filled in."""
        return "\n".join(
            self._labelled(
                one, f"{prefix}{one.name}", required and one.required, _default(one) if required else ""
            )
            for one in fields
        )

    def _rows(self, field: Field) -> str:
        inside = [self._row(field, row.number, row.prefix) for row in rows(field, self._posted, _BLANK_ROWS)]
        more = _tag("button", escape(str(say("more rows"))), name=MORE, value=field.name, formnovalidate=True)
        return self._group(field, field.name, "\n".join([*inside, more]))

    def _row(self, field: Field, number: int, prefix: str) -> str:
        key = self._key(prefix) if field.keyed else ""
        # A row that is left empty is none: so nothing in it must be filled in.
        inside = self._parts(field.fields or (field,), prefix, required=False)
        wrong = self._problem(f"{field.name}.{number + 1}")
        return _tag("fieldset", f"{_tag('legend', str(number + 1))}{wrong}{key}{inside}")

    def _key(self, prefix: str) -> str:
        name = f"{prefix}{KEY}"
        control = _tag("input", type="text", id=name, name=name, value=self._typed(name))
        return _tag("p", f"{_tag('label', escape(str(say('name'))), for_=name)} {control}")

    def _notes(self, field: Field, name: str) -> str:
        texts = [escape(str(one)) for one in _hints(field)]
        hint = _tag("small", "; ".join(texts), id=f"{name}-hint") if texts else ""
        return hint + self._problem(_path(name))

    def _problem(self, path: str) -> str:
        text = self._problems.get(path)
        return _tag("strong", escape(text), class_="problem", role="alert") if text else ""

    def _typed(self, name: str) -> str | None:
        return next((one for one in self._posted.get(name, ()) if isinstance(one, str)), None)

    def _control(self, field: Field, name: str, required: bool, default: str) -> str:
        typed = self._typed(name)
        shown = default if typed is None else typed
        common: dict[str, Any] = {"id": name, "name": name, "required": required}
        common["aria_describedby"] = f"{name}-hint" if any(True for _ in _hints(field)) else None
        common["aria_invalid"] = "true" if _path(name) in self._problems else None
        # What people write, and what nobody may read again, no browser offers to the next one.
        common["autocomplete"] = "off" if field.private or not field.input.kept else None
        control = KINDS[field.kind].control
        if field.kind == "file":
            common["accept"] = ",".join(endings_of(field.input.kinds))
            return _tag("input", type="file", multiple=field.many, **common)
        if control == "select" and not field.many:
            return _tag("select", self._options(field, shown, required), **common)
        if control == "textarea" or field.many or (field.kind == "text" and field.input.longest > _A_LINE):
            longest = None if field.many else field.input.longest
            # A browser takes the first line break away.
            return _tag("textarea", f"\n{escape(shown)}", maxlength=longest, rows=4, **common)
        if control == "datetime-local" and common["aria_invalid"]:
            control = "text"  # so that its offset from UTC can be typed
        return _tag("input", type=control, value=shown or None, **_limits(field, control), **common)

    def _options(self, field: Field, chosen: str, required: bool) -> str:
        known = list(self._words(field))
        first = [("", "")] if not (required and chosen) else []
        options = (
            _tag("option", escape(word), value=code, selected=code == chosen)
            for code, word in (*first, *known)
        )
        return "".join(options)

    def _words(self, field: Field) -> Iterator[tuple[str, str]]:
        if field.kind == "yes or no":
            yield from (("yes", str(say("yes"))), ("no", str(say("no"))))
        for code in map(str, field.choices):
            yield code, within(self._context, field.labels.get(code, code))

    def _boxes(self, field: Field, name: str) -> str:
        chosen = self._posted.get(name, ())
        return "\n".join(
            _tag(
                "label",
                _tag("input", type="checkbox", name=name, value=code, checked=code in chosen)
                + f" {escape(word)}",
            )
            for code, word in self._words(field)
        )


def _path(name: str) -> str:
    """The field that a control is of, as refusals name it: rows count from 1 there."""
    parts = name.split(".")
    return ".".join(str(int(one) + 1) if one.isdigit() else one for one in parts)


def _default(field: Field) -> str:
    return "" if field.default is None or field.many else KINDS[field.kind].written(field.default, None)


def _limits(field: Field, control: str) -> dict[str, object]:
    least, most = field.input.least, field.input.most
    if control == "number":
        return {"min": least, "max": most, "step": "any" if field.kind == "number" else 1}
    if control in ("date", "datetime-local"):
        return {}
    if field.kind == "money":
        return {"inputmode": "decimal", "maxlength": 24}
    return {"maxlength": field.input.longest if field.kind == "text" else None}


def _hints(field: Field) -> Iterator[str | Text]:
    if field.input.help:
        yield translate(field.input.help)
    if hint := KINDS[field.kind].hint(field):
        yield hint
    if field.many and not (field.fields or field.keyed or field.choices):
        yield say("one a line")
    if field.input.only_if:
        other, wanted = field.input.only_if
        words = listed(within("", str(getattr(one, "label", one))) for one in wanted)
        yield say("only where {other} is {wanted}", other=say(other), wanted=words)

"""What Tab offers inside the brackets of a call: agencies, years, charts, names of figures.

IPython completes attributes and keys by itself (`report.`, `report.figures["`); which texts an argument may be, only this
package knows. Which argument the cursor is at follows from the signature of what is called.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple, get_args

from ogi_report.errors import OgiError
from ogi_report.forms import official_forms
from ogi_report.notebook.page import PAGES
from ogi_report.report import Params, Project, charts

Choices = Mapping[str, str]
"""What may be written, and what it means, in Chinese."""

_CALL = re.compile(r"([A-Za-z_]\w*(?:\.\w+)?)\(([^()]*)\Z")
_ASSIGNMENT = re.compile(r"(?:\A|\n)([a-z]+\s*=[^\n()]*)\Z")
_ARGUMENT = re.compile(r"\s*(?:(?P<keyword>\w+)\s*=\s*)?[\"']?(?P<typed>[^\"'=]*)")
_NUMBERS = ("year",)
"""Parameters whose values are written without quotation marks."""

_IDENTIFIER = "ogi_report"


def offer(shell: Any) -> None:
    """Makes an IPython shell ask here when somebody presses Tab; once is enough."""
    matchers = getattr(shell.Completer, "custom_matchers", None)
    if matchers is None or any(getattr(known, "matcher_identifier", "") == _IDENTIFIER for known in matchers):
        return

    def matcher(context: Any) -> Any:
        from IPython.core.completer import SimpleCompletion

        above = context.full_text.split("\n")[: context.cursor_line]
        code = "\n".join([*above, context.line_with_cursor[: context.cursor_position]])
        typed, choices = completions(code, shell.user_ns)
        items = [SimpleCompletion(text, type=meaning) for text, meaning in choices.items()]
        return {"completions": items, "matched_fragment": typed, "ordered": True, "suppress": bool(items)}

    matcher.matcher_api_version, matcher.matcher_identifier = 2, _IDENTIFIER  # type: ignore[attr-defined]
    matchers.append(matcher)


def completions(code: str, names: Mapping[str, Any]) -> tuple[str, Choices]:
    """What can stand at the end of unfinished code.

    Args:
        code: a cell up to the cursor.
        names: what the notebook has defined.

    Returns:
        What has been typed of the argument, and how it could go on; nothing where this package has nothing to say.
    """
    place = _place(code, names)
    choose = place and (_CHOICES.get(f"{place.method}.{place.parameter}") or _CHOICES.get(place.parameter))
    if not place or not choose or not (place.quoted or place.parameter in _NUMBERS):
        return "", {}
    try:
        choices = choose(place.owner, place.agency)
    except OgiError:  # no project here, or its files cannot be read: the cell itself will say so
        return "", {}
    return place.typed, {text: meaning for text, meaning in choices.items() if text.startswith(place.typed)}


class _Place(NamedTuple):
    """Where the cursor is: at which parameter of what, and what stands there."""

    method: str
    parameter: str
    typed: str
    quoted: bool
    owner: Any = None
    agency: Any = None


def _place(code: str, names: Mapping[str, Any]) -> _Place | None:
    if call := _CALL.search(code):
        return _in_call(call[1], call[2], names)
    if line := _ASSIGNMENT.search(code):  # the notebook's parameters
        found, quoted = _ARGUMENT.fullmatch(line[1]), _split(line[1])[1]
        return _Place("", found["keyword"] or "", found["typed"], quoted, None, names.get("agency")) if found else None
    return None


def _in_call(callee: str, text: str, names: Mapping[str, Any]) -> _Place | None:
    first, _, method = callee.rpartition(".")
    owner = names.get(first or method)
    if not _is_ours(owner):
        return None
    bound = bool(first) and not isinstance(owner, (type, ModuleType))
    function = getattr(type(owner) if bound else owner, method, None) if first else owner
    (*before, last), quoted = _split(text)
    argument = _ARGUMENT.fullmatch(last)
    if argument is None or not callable(function):
        return None
    parameter = argument["keyword"] or _parameter(function, len(before) + bound)
    agency = before[0].strip().strip("\"'") if before and not bound else None
    return _Place(method, parameter, argument["typed"], quoted, owner if bound else None, agency)


def _is_ours(value: Any) -> bool:
    if isinstance(value, ModuleType):
        return value.__name__ == "ogi_report"
    kind = value if isinstance(value, type) or inspect.isfunction(value) else type(value)
    return kind.__module__.partition(".")[0] == "ogi_report"


def _split(text: str) -> tuple[list[str], bool]:
    """Arguments as they are written, and whether the last one stands in quotation marks that are still open."""
    parts, quote = [""], ""
    for character in text:
        if character == "," and not quote:
            parts.append("")
            continue
        if character in "\"'" and quote in ("", character):
            quote = "" if quote else character
        parts[-1] += character
    return parts, bool(quote)


def _parameter(function: Callable[..., Any], position: int) -> str:
    """The name of the parameter at a position of the call."""
    for number, parameter in enumerate(inspect.signature(function).parameters.values()):
        if number == position or parameter.kind is parameter.VAR_POSITIONAL:
            return parameter.name
    return ""


def _project(owner: Any) -> Project:
    return owner.project if owner is not None else Project.find()


def _agencies(owner: Any, agency: Any) -> Choices:
    return {body.agency: body.name for body in _project(owner).roster.values()}


def _years(owner: Any, agency: Any) -> Choices:
    known = _project(owner).agency_years()
    years = {year for found, year in known if found == agency} or {year for _, year in known}
    return dict.fromkeys(map(str, sorted(years)), "年度")


def _names(owner: Any, agency: Any) -> Choices:
    return dict.fromkeys(owner.figures.named(), "数的名称")


def _cells(owner: Any, agency: Any) -> Choices:
    return {**_names(owner, agency), **{key: spec.label for key, spec in owner.form.cells.items()}}


_CHOICES: Mapping[str, Callable[[Any, Any], Choices]] = {
    "agency": _agencies,
    "year": _years,
    "layout": lambda owner, agency: {form.id: form.notice for form in official_forms().values()},
    "scope": lambda owner, agency: dict.fromkeys(get_args(Params.model_fields["scope"].annotation), "范围"),
    "page": lambda owner, agency: PAGES,
    "chart.name": lambda owner, agency: charts.CHARTS,
    "compare.names": _names,
    "rank.name": _names,
    "rank.of": _names,
    "ranking.name": _names,
    "ranking.of": _names,
    "trace.cell": _cells,
}
"""By parameter, or by method and parameter where the parameter's name alone may mean several things."""

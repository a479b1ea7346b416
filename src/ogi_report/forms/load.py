"""Layout files to `Form`s, with errors that name the place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ogi_report.errors import FormError
from ogi_report.forms.equations import carried_over, derived_quantities, equations
from ogi_report.forms.model import Form, Years


def load_form(path: Path) -> Form:
    """Reads and validates one layout file.

    Raises:
        FormError: not YAML, an unknown or missing field, a key used twice, an equation that names no cell.
    """
    try:
        declared: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise FormError(f"{path.name} 不是有效的 YAML：{error}") from None
    return parse_form(declared, path.name)


def parse_form(declared: object, source: str = "表样") -> Form:
    """Validates a layout that was read from YAML."""
    try:
        form = Form.model_validate(declared)
    except ValidationError as error:
        raise FormError(
            f"{source} 的 {'.'.join(map(str, problem['loc'])) or '全文'}：{problem['msg']}"
            for problem in error.errors()
        ) from None
    equations(form)
    derived_quantities(form)
    carried_over(form)
    return form


@cache
def official_forms() -> dict[str, Form]:
    """The layouts that ship with the package, by id, oldest first."""
    here = Path(str(files("ogi_report.forms")))
    return in_succession(load_form(path) for path in here.glob("*.yaml"))


def in_succession(forms: Iterable[Form]) -> dict[str, Form]:
    """Returns layouts by id, oldest first; one without a last year is in force until the next one begins."""
    ordered = sorted(forms, key=lambda form: form.years.first)
    until = [following.years.first - 1 for following in ordered[1:]]
    closed = [
        form.model_copy(update={"years": Years(first=form.years.first, last=last)}) if form.years.last is None else form
        for form, last in zip(ordered, until, strict=False)
    ]
    return {form.id: form for form in (*closed, *ordered[-1:])}


def form_for_year(year: int, forms: dict[str, Form] | None = None) -> Form:
    """Returns the layout that the national notice prescribes for a report year.

    Raises:
        FormError: no layout was in force in that year (before 2019).
    """
    known = forms if forms is not None else official_forms()
    if (form := _in_force(year, known)) is not None:
        return form
    raise FormError(f"{year} 年没有对应的全国统一格式；最早的是 {min(f.years.first for f in known.values())} 年度")


def prescribed_layout(year: int) -> str | None:
    """Returns the id of the layout that the national notice prescribes for a report year; None before the first notice."""
    form = _in_force(year, official_forms())
    return form.id if form is not None else None


def _in_force(year: int, forms: dict[str, Form]) -> Form | None:
    return next((form for form in forms.values() if year in form.years), None)

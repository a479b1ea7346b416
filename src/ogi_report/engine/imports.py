"""Keeps one second of grammar building out of the import of nbformat and papermill."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_MODULE = "rfc3987_syntax"
_CHECKS = {"iri": "iri", "iri-reference": "iri_reference"}
_VALIDATORS = ("Draft7Validator", "Draft201909Validator", "Draft202012Validator")


@contextmanager
def lean_imports() -> Iterator[None]:
    """While nbformat, papermill or nbconvert are imported for the first time, jsonschema does not load `rfc3987_syntax`.

    That module builds some 35 parsers when it is imported, which takes a second; it checks internationalised addresses
    (format `iri`), which no notebook schema uses. jsonschema does without it where it is not installed. On leaving, the
    module can be imported again, and the two formats are checked as ever: the first check then pays the second.
    """
    if _MODULE in sys.modules or "jsonschema" in sys.modules:
        yield
        return
    sys.modules[_MODULE] = None  # type: ignore[assignment]  # what Python itself calls "not to be found"
    try:
        yield
    finally:
        del sys.modules[_MODULE]
        if "jsonschema" in sys.modules:
            _check_iris_when_asked()


def _check_iris_when_asked() -> None:
    """Registers the checks that jsonschema left out, under the condition under which it would have registered them."""
    jsonschema: Any = import_module("jsonschema")
    if find_spec(_MODULE) is None:
        return
    for name, rule in _CHECKS.items():
        if name in jsonschema.FormatChecker.checkers:  # by the package rfc3987, which jsonschema prefers
            continue
        check = _checking(rule)
        for validator in _VALIDATORS:
            getattr(jsonschema, validator).FORMAT_CHECKER.checks(name, ValueError)(check)
        jsonschema.FormatChecker.checkers[name] = (check, ValueError)


def _checking(rule: str) -> Callable[[object], bool]:
    def check(instance: object) -> bool:
        if not isinstance(instance, str):
            return True
        return bool(import_module(_MODULE).is_valid_syntax(rule, instance))

    return check

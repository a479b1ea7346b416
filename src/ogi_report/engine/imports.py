"""Keeps out of the import of nbformat and papermill what no notebook on a disk needs: a second of time, 20 MB of memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

_GRAMMARS = "rfc3987_syntax"
_CHECKS = {"iri": "iri", "iri-reference": "iri_reference"}
_VALIDATORS = ("Draft7Validator", "Draft201909Validator", "Draft202012Validator")
_ARROW = "pyarrow"
_HADOOP = ("HadoopFileSystem", "FileSelector")
"""What papermill takes from pyarrow, to read and write `hdfs://` addresses."""
_LATER = frozenset({"requests", "soupsieve"})
"""Modules of which those that import them use nothing before they are called."""


@contextmanager
def lean_imports() -> Iterator[None]:
    """While nbformat, papermill or nbconvert are imported for the first time, some modules are not loaded with them.

    `rfc3987_syntax` builds some 35 parsers when it is imported, which takes a second; jsonschema checks internationalised
    addresses with it (format `iri`), which no notebook schema uses. `pyarrow` gives papermill its Hadoop file system; ten
    megabytes and a fifth of a second, which every process forked from this one would share. Both packages do without where
    these are not installed. On leaving, they can be imported again, and do what they are for as ever: the first who needs
    them pays. `requests` (papermill reads `http://` addresses with it) and `soupsieve` (with which Beautiful Soup selects by
    CSS) are imported, but loaded, with all that they import, when something of theirs is first used: a tenth of a second.
    """
    checks = "jsonschema" not in sys.modules and _GRAMMARS not in sys.modules
    hadoop = "papermill.iorw" not in sys.modules and _ARROW not in sys.modules
    withheld = [name for name, absent in ((_GRAMMARS, checks), (_ARROW, hadoop)) if absent]
    for name in withheld:
        sys.modules[name] = None  # type: ignore[assignment]  # what Python itself calls "not to be found"
    later = _Later()
    sys.meta_path.insert(0, later)
    try:
        yield
    finally:
        sys.meta_path.remove(later)
        for name in withheld:
            if sys.modules.get(name, name) is None:  # else a block within this one has given it back
                del sys.modules[name]
        if checks and "jsonschema" in sys.modules:
            _check_iris_when_asked()
        if hadoop and "papermill.iorw" in sys.modules:
            _reach_hadoop_when_asked()


class _Later(MetaPathFinder):
    """Finds some modules as ever, but has them loaded when they are first used."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Returns where the module is and how to load it; None if somebody else is to look for it."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname in _LATER else None
        if spec is not None and spec.loader is not None:
            spec.loader = _LoadingLater(spec.loader)
        return spec


class _LoadingLater(Loader):
    """Python's own `LazyLoader` does not do: it loads when a traceback is shown, for which every module's `__file__` is read."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Returns what the real loader makes, or None for an ordinary module."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Leaves it unloaded. To import a part of a package, Python asks for its path, and is to load the package first."""
        vars(module).pop("__path__", None)
        module.__class__ = _Unloaded


class _Unloaded(ModuleType):
    """A module that knows its name and its file, and loads itself when it is asked for anything else."""

    def __getattr__(self, name: str) -> Any:
        with _LOADING:
            if type(self) is _Unloaded:
                spec = self.__spec__
                assert spec is not None
                assert isinstance(spec.loader, _LoadingLater)
                self.__loader__ = spec.loader = spec.loader.loader
                if spec.submodule_search_locations is not None:
                    self.__path__ = spec.submodule_search_locations
                self.__class__ = ModuleType  # type: ignore[assignment]
                spec.loader.exec_module(self)
        return getattr(self, name)


_LOADING = RLock()


def _check_iris_when_asked() -> None:
    """Registers the checks that jsonschema left out, under the condition under which it would have registered them."""
    jsonschema: Any = import_module("jsonschema")
    if find_spec(_GRAMMARS) is None:
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
        return bool(import_module(_GRAMMARS).is_valid_syntax(rule, instance))

    return check


def _reach_hadoop_when_asked() -> None:
    """Gives papermill the classes that it would have imported, by way of a function that imports them."""
    if find_spec(_ARROW) is None:
        return
    addresses: Any = import_module("papermill.iorw")
    for name in _HADOOP:
        setattr(addresses, name, _importing(f"{_ARROW}.fs", name))


def _importing(module: str, name: str) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        return getattr(import_module(module), name)(*args, **options)

    return call

"""What a notebook may change in the process that executes it, and how it is put back.

A kernel dies with its notebook; this process goes on. What is undone here is what can be: imported modules keep their
state, and so do C libraries, pandas' options and random generators. `isolated` undoes everything, by ending the process.
"""

from __future__ import annotations

import builtins
import getpass
import locale
import logging
import operator
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

Step = Callable[[], None]
"""Puts one thing back."""

_INLINE = "module://matplotlib_inline.backend_inline"


@contextmanager
def process_undone() -> Iterator[None]:
    """Puts back, afterwards, whatever a notebook, or the making of the shell, changed in this process."""
    steps: list[Step] = [
        _folder(),
        _mapping(os.environ, operator.eq),  # which makes its texts anew each time
        _mapping(vars(builtins)),
        _list(sys.path),
        _list(sys.argv),
        _list(sys.meta_path),
        _list(sys.path_hooks),
        _attributes(sys, "stdin", "displayhook", "excepthook", "ps1", "ps2", "ps3"),
        _attributes(getpass, "getpass"),
        _main_module(),
        _warnings(),
        _signals(),
        _locale(),
    ]
    folder, newest = _folder_or_none(), next(reversed(sys.modules))
    try:
        yield
    finally:
        _close_figures()
        for step in reversed(steps):
            step()
        _forget_modules_of(folder, newest)
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)  # they would keep the notebook's frames alive, and with them its data


@contextmanager
def shell_undone(ip: Any) -> Iterator[None]:
    """Puts back, afterwards, whatever a notebook changed in the shell; its names are the shell's own to forget."""
    steps = _shell(ip)
    try:
        yield
    finally:
        for step in reversed(steps):
            step()


def fresh_figures(ip: Any) -> None:
    """A new kernel imports matplotlib afresh; here it may have been imported, and set, long ago."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rc_file_defaults()
    matplotlib.rcParams["backend"] = _INLINE
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if inline is not None:  # else it does the following itself, when it is imported
        from IPython.core.pylabtools import activate_matplotlib

        inline.configure_inline_support.current_backend = "unset"
        activate_matplotlib(_INLINE)
        inline.configure_inline_support(ip, _INLINE)
        inline.show._draw_called, inline.show._to_draw = False, []
        sys.modules["matplotlib.pyplot"].draw_if_interactive.called = False


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
    config = sys.modules.get("matplotlib_inline.config")
    if config is not None:
        config.InlineBackend.clear_instance()


# -- each of these remembers something and returns what puts it back ---------------------------------------------------


def _folder_or_none() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:  # the notebook removed the folder it stands in
        return None


def _folder() -> Step:
    folder = _folder_or_none()

    def back() -> None:
        if folder is not None and folder != _folder_or_none():
            os.chdir(folder)

    return back


def _mapping(mapping: MutableMapping[str, Any], same: Callable[[Any, Any], bool] = operator.is_) -> Step:
    kept = dict(mapping)

    def back() -> None:
        for name in set(mapping) - set(kept):
            del mapping[name]
        for name, value in kept.items():
            if name not in mapping or not same(mapping[name], value):
                mapping[name] = value

    return back


def _list(values: list[Any]) -> Step:
    kept = list(values)

    def back() -> None:
        values[:] = kept

    return back


def _attributes(owner: Any, *names: str) -> Step:
    kept = {name: getattr(owner, name) for name in names if hasattr(owner, name)}

    def back() -> None:
        for name in names:
            if name in kept:
                setattr(owner, name, kept[name])
            elif hasattr(owner, name):
                delattr(owner, name)

    return back


def _main_module() -> Step:
    kept = sys.modules["__main__"]

    def back() -> None:
        sys.modules["__main__"] = kept

    return back


def _warnings() -> Step:
    kept = warnings.catch_warnings()
    kept.__enter__()
    return lambda: kept.__exit__(None, None, None)


_SIGNALS = tuple(map(int, signal.valid_signals()))
_handler: Callable[[int], Any] = getattr(signal.getsignal, "__wrapped__", signal.getsignal)
"""As the interpreter keeps it: what the module makes members of enumerations, sixty of them twice a notebook, are numbers."""


def _signals() -> Step:
    kept = {number: _handler(number) for number in _SIGNALS}

    def back() -> None:
        for number, handler in kept.items():
            if handler is not None and _handler(number) is not handler:
                signal.signal(number, handler)

    return back


def _locale() -> Step:
    kept = locale.setlocale(locale.LC_ALL)

    def back() -> None:
        if locale.setlocale(locale.LC_ALL) != kept:
            locale.setlocale(locale.LC_ALL, kept)

    return back


def _shell(ip: Any) -> list[Step]:
    steps = [
        _list(ip.input_transformers_cleanup),
        _list(ip.input_transformers_post),
        _list(ip.ast_transformers),
        _list(ip.configurables),
        *(_mapping(magics) for magics in ip.magics_manager.magics.values()),
        *(_list(callbacks) for callbacks in ip.events.callbacks.values()),
        _attributes(ip, "displayhook", "display_pub", "custom_exceptions", "ast_node_interactivity", "colors", "xmode"),
        _attributes(ip.display_formatter, "active_types"),
    ]
    for formatter in ip.display_formatter.formatters.values():
        steps += [_mapping(formatter.singleton_printers), _mapping(formatter.type_printers)]
        steps += [_mapping(formatter.deferred_printers), _attributes(formatter, "enabled")]
    plain = ip.display_formatter.formatters["text/plain"]
    steps.append(_attributes(plain, "float_precision", "max_seq_length", "max_width", "pprint", "verbose"))
    loaded = ip.extension_manager.loaded
    kept = set(loaded)
    steps.append(lambda: loaded.intersection_update(kept))
    return steps


def _forget_modules_of(folder: Path | None, newest_before: str) -> None:
    """A `helper.py` beside the notebook is that notebook's; the next one may have another of the same name.

    What this process has installed there is not: a `.venv` in the project's folder, the package's own sources. Only what is
    newer is looked at: to touch the name of every module would, in a forked process, copy a thousand pages.
    """
    if folder is None:
        return
    prefix = f"{folder}{os.sep}"
    installed = tuple(f"{path}{os.sep}" for path in map(os.path.abspath, sys.path) if path.startswith(prefix))
    for name in list(takewhile(lambda name: name != newest_before, reversed(sys.modules))):
        file = getattr(sys.modules[name], "__file__", None)
        path = None if file is None else os.path.abspath(file)  # noqa: PTH100  # links stay unresolved
        if path is not None and path.startswith(prefix) and not path.startswith(installed):
            del sys.modules[name]


# -- what differs between a cell and the code around it ----------------------------------------------------------------


@dataclass
class Sides:
    """Objects of the process that a notebook has to itself while its cells run, and its caller between them.

    The caller's log handlers and progress bars are not the notebook's, and what the notebook makes of them is not the
    caller's.
    """

    stdout: Any
    stderr: Any
    handlers: list[logging.Handler] = field(default_factory=list)
    level: int = logging.WARNING

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The notebook's side, for one cell."""
        caller = _exchange(self)
        try:
            yield
        finally:
            mine = _exchange(caller)
            self.stdout, self.stderr, self.handlers, self.level = mine.stdout, mine.stderr, mine.handlers, mine.level


def _exchange(new: Sides) -> Sides:
    root = logging.getLogger()
    old = Sides(sys.stdout, sys.stderr, root.handlers, root.level)
    sys.stdout, sys.stderr, root.handlers = new.stdout, new.stderr, new.handlers
    if root.level != new.level:
        root.setLevel(new.level)
    return old

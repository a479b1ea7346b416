"""The kernel's own IPython shell, in this process: its messages go to a function instead of a socket."""

from __future__ import annotations

import ast
import builtins
import getpass
import linecache
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache
from types import MethodType, SimpleNamespace
from typing import Any

from ipykernel import zmqshell
from ipykernel.compiler import get_tmp_hash_seed, murmur2_x86
from ipykernel.kernelbase import Kernel
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session, extract_header
from traitlets.config import Config

from ogi_report.engine.compiled import OnceCompiler, Transformer, needs_a_loop, own_copy

Receive = Callable[[dict[str, Any]], None]

_CELL_FOLDER = "/tmp/ipykernel_0"
"""Where cells seem to stand, in warnings and for `inspect`: a kernel's folder, without its process number, which would
make every run's bytes differ. joblib and numba know functions of a notebook by a folder of such a name."""


class Channel(Session):
    """Stands where a kernel has its socket."""

    receive: Receive

    def msg(
        self,
        msg_type: str,
        content: dict[str, Any] | None = None,
        parent: Any = None,
        header: Any = None,
        metadata: Any = None,
    ) -> dict[str, Any]:
        """Returns a message with as much of an envelope as an output needs."""
        return {
            "header": {"msg_type": msg_type, "date": datetime.now(UTC)},
            "msg_type": msg_type,
            "parent_header": extract_header(parent) if parent else {},
            "content": content or {},
        }

    def as_sent(self, content: dict[str, Any]) -> dict[str, Any]:
        """Returns what arrives at the other end of a socket: plain JSON values, images in base64, valid text."""
        if all(_is_as_sent(value) for value in content.values()):
            return content
        sent: dict[str, Any] = self.unpack(self.pack(content))
        return sent

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, *args: Any, **kw: Any
    ) -> Any:
        """Hands a message over, which a cell has just sent."""
        message = self.msg(msg_or_type, content, parent) if isinstance(msg_or_type, str) else msg_or_type
        self.receive(message)
        return message


def _is_as_sent(value: object) -> bool:
    """Whether a value is the same after a way through a socket; to say so for certain of all others takes that way."""
    if type(value) is dict:
        return all(map(_is_as_sent, value.values()))
    if type(value) is not str:
        return value is None or type(value) is int or type(value) is bool
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character
        return False
    return True


class CellCompiler(OnceCompiler):
    """Names a cell's file by its content, as a kernel does, in a folder that is the same on every machine."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """Returns the file name that tracebacks and warnings show."""
        return os.environ.get("IPYKERNEL_CELL_NAME") or f"{_CELL_FOLDER}/{_hash_of(raw_code)}.py"


@lru_cache(maxsize=4096)
def _hash_of(code: str) -> int:
    return int(murmur2_x86(code, get_tmp_hash_seed()))


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """The kernel's shell without a kernel.

    It keeps its parent's name, since libraries ask for it to learn whether they are in a notebook.
    """

    channel: Channel
    first_flags: int
    first_config: Config
    first_settings: list[tuple[Any, dict[str, Any]]]
    _transformed: tuple[str, str] | None = None

    def transform_cell(self, raw_cell: str) -> str:
        """Turns magics into Python; what `run_cell` below has transformed is not done again for the same cell."""
        known, self._transformed = self._transformed, None
        if known is not None and known[0] == raw_cell:
            return known[1]
        return str(super().transform_cell(raw_cell))

    def should_run_async(
        self, raw_cell: str, *, transformed_cell: str | None = None, preprocessing_exc_tuple: Any = None
    ) -> bool:
        """Whether a cell needs a running loop."""
        if not self.autoawait or preprocessing_exc_tuple is not None or transformed_cell is None:
            told: bool = super().should_run_async(
                raw_cell, transformed_cell=transformed_cell, preprocessing_exc_tuple=preprocessing_exc_tuple
            )
            return told
        return needs_a_loop(transformed_cell)

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """Hands a tree to the notebook's transformers, which may change it: they get a copy of what is kept."""
        transformed: ast.AST = super().transform_ast(own_copy(node) if self.ast_transformers else node)
        return transformed

    def enable_gui(self, gui: Any = None) -> None:
        """There is no event loop of a window system to be joined with."""
        if gui not in (None, "inline", "agg"):
            raise UsageError(f"{gui!r} needs a kernel: this notebook is executed without one")


def shell() -> ZMQInteractiveShell:
    """Returns the one shell of this process: a second one would never be freed (`reset` makes it new)."""
    if not ZMQInteractiveShell.initialized():
        config = Config()
        config.HistoryManager.enabled = False  # no SQLite, and no thread that would make forking unsafe
        kernel = SimpleNamespace(eventloop=None, session=None, shell=None)
        made = ZMQInteractiveShell.instance(
            config=config, kernel=kernel, compiler_class=CellCompiler, user_ns={}, profile_dir=None
        )
        channel = Channel(config=config, key=b"")
        made.channel = channel
        made.input_transformer_manager = Transformer()
        hook: Any = made.displayhook
        publisher: Any = made.display_pub
        hook.session = publisher.session = channel
        hook.topic = b"execute_result"
        # Whether a cell ends in a semicolon follows from its text alone.
        hook.semicolon_at_end_of_expression = lru_cache(maxsize=1024)(hook.semicolon_at_end_of_expression)
        kernel.session, kernel.shell = channel, made
        if hasattr(
            made.magics_manager, "load_all_lazy_magics"
        ):  # they would count as the first notebook's that uses them
            made.magics_manager.load_all_lazy_magics()
        made.first_flags = made.compile.flags
        made.first_config = deepcopy(made.config)
        made.first_settings = [
            (
                configurable,
                deepcopy({name: getattr(configurable, name) for name in configurable.trait_names(config=True)}),
            )
            for configurable in made.configurables
        ]
    return ZMQInteractiveShell.instance()


def renew(ip: ZMQInteractiveShell) -> None:
    """Makes the shell as good as new: names, history, counters, settings.

    `InteractiveShell.reset` would run a full garbage collection, a tenth of a second in a process with pandas loaded, if
    the display hook told it that it keeps results; the history forgets them anyway.
    """
    hook = ip.displayhook
    hook.do_full_cache = False
    try:
        ip.reset(new_session=True)
    finally:
        hook.do_full_cache = True
        if ip.config != ip.first_config:  # by %config
            ip.config.clear()
            ip.config.merge(deepcopy(ip.first_config))
            for configurable, settings in ip.first_settings:
                for name, value in settings.items():
                    if getattr(configurable, name) != value:
                        setattr(configurable, name, deepcopy(value))
        ip.compile.flags = ip.first_flags  # imports from __future__ add to them
        names: dict[str, int] = getattr(ip.compile, "_filename_map", {})
        for name in names:
            linecache.cache.pop(name, None)  # the lines of cells, kept for tracebacks
        names.clear()
        hook._ = hook.__ = hook.___ = ""
        hook.exec_result = None


def compile_ahead(code: str) -> None:
    """Finds out everything about a cell that follows from its text, so that processes forked later share it."""
    ip = shell()
    compiler: Any = ip.compile
    try:
        transformed = ip.transform_cell(code)
        needs_a_loop(transformed)
        name = compiler.get_code_name(code, transformed, 0)
        *first, last = compiler.ast_parse(transformed, filename=name).body
        with compiler.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
            for node in first:
                compiler(ast.Module([node], []), name, "exec")
            if isinstance(last, ast.Expr):
                compiler(ast.Interactive([last]), name, "single")
            else:
                compiler(ast.Module([last], []), name, "exec")
    except Exception:  # whatever is wrong with a cell is told when it runs
        return


def foreign_shell() -> bool:
    """Whether somebody else's IPython runs in this process."""
    return InteractiveShell.initialized() and not isinstance(InteractiveShell.instance(), ZMQInteractiveShell)


async def run_cell(code: str) -> Mapping[str, Any]:
    """Executes a cell the way ipykernel's `do_execute` does, on a running loop, and returns the reply's content."""
    ip = shell()
    failed_to_transform = None
    try:
        transformed = ip.transform_cell(code)
    except Exception:  # shown by run_cell as the cell's error
        transformed, failed_to_transform = code, sys.exc_info()
    if ip.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=failed_to_transform):
        result = None
        try:
            result = await ip.run_cell_async(
                code,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=failed_to_transform,
            )
        finally:
            ip.events.trigger("post_execute")
            ip.events.trigger("post_run_cell", result)
    else:
        if failed_to_transform is None:
            ip._transformed = (code, transformed)
        result = ip.run_cell(code, store_history=True)
    payloads: Any = ip.payload_manager
    payloads.clear_payload()
    error = result.error_before_exec or result.error_in_exec
    count = {"execution_count": ip.execution_count - 1}
    if result.success and not getattr(ip, "_last_traceback_during_displayhook", False):
        return {"status": "ok", **count}
    return {
        "status": "error",
        "traceback": ip._last_traceback or [],
        "ename": type(error).__name__,
        "evalue": str(error),
        **count,
    }


@contextmanager
def no_input() -> Iterator[None]:
    """Nobody sits at a batch: a question is an error, not a hang. It is the kernel that refuses, in its own words."""
    kept = builtins.input, getpass.getpass
    refusing = SimpleNamespace(_allow_stdin=False)
    builtins.input = MethodType(Kernel.raw_input, refusing)
    getpass.getpass = MethodType(Kernel.getpass, refusing)
    try:
        yield
    finally:
        builtins.input, getpass.getpass = kept

"""What follows from a cell's text alone (its Python, its syntax tree, its code objects) is found out once per text.

A template's cells are the same in every report. A notebook that changes how cells are read (input transformers, AST
transformers, `from __future__`) gets what a kernel would give it: then nothing kept is used.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from types import CodeType
from typing import Any

from ipykernel.compiler import XCachingCompiler
from IPython.core.async_helpers import _should_be_async
from IPython.core.inputtransformer2 import TransformerManager

_MOST = 1024
"""Texts that are remembered; a template has some twenty."""

needs_a_loop: Callable[[str], bool] = lru_cache(maxsize=_MOST)(_should_be_async)
"""Whether a cell's Python awaits something outside functions."""


class Transformer(TransformerManager):
    """Turns magics into Python, as IPython does."""

    def __init__(self) -> None:
        super().__init__()
        self._first = self._transforms()
        self._known: Callable[[str], str] = lru_cache(maxsize=_MOST)(super().transform_cell)

    def transform_cell(self, cell: str) -> str:
        """Returns a cell's Python."""
        return self._known(cell) if self._transforms() == self._first else str(super().transform_cell(cell))

    def _transforms(self) -> tuple[list[Any], list[Any], list[Any]]:
        return list(self.cleanup_transforms), list(self.line_transforms), list(self.token_transformers)


class OnceCompiler(XCachingCompiler):
    """Compiles cells as IPython does."""

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """Returns a cell's syntax tree; the list of its statements is the caller's own."""
        tree = _parsed(source, filename, symbol, self.flags)
        return ast.Module(list(tree.body), tree.type_ignores) if isinstance(tree, ast.Module) else tree

    def __call__(self, source: Any, filename: str, symbol: str, **others: Any) -> Any:
        """Returns a statement's code; kept on the statement itself, for as long as its tree is."""
        body = getattr(source, "body", None)
        if others or not isinstance(source, ast.Module | ast.Interactive) or len(body or ()) != 1:
            return super().__call__(source, filename, symbol, **others)
        kept: dict[tuple[str, str, int], CodeType] = vars(source.body[0]).setdefault("_ogi_code", {})
        key = (filename, symbol, self.flags)
        if key not in kept:
            compiled: Any = super().__call__  # said to take text only
            code = compiled(source, filename, symbol)
            if self.flags != key[2]:  # an import from __future__, which has to be noticed each time
                return code
            kept[key] = code
        return kept[key]


def own_copy(tree: ast.AST) -> ast.AST:
    """Returns a tree that may be changed: nothing is known of its code."""
    copied = deepcopy(tree)
    for statement in getattr(copied, "body", ()):
        vars(statement).pop("_ogi_code", None)
    return copied


_parsed: Callable[[str, str, str, int], ast.AST] = lru_cache(maxsize=_MOST)(
    lambda source, filename, symbol, flags: compile(source, filename, symbol, flags | ast.PyCF_ONLY_AST, True)
)

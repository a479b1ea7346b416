"""The Jinja that a narrative may use: facts, sums, conditions, lists; nothing of the program, and nothing without end.

Jinja's own sandbox keeps an author out of the program's inside. It does not keep `{{ 9 ** 9 ** 9 }}`, nested loops or
`{{ "很" * 10 ** 9 }}` from taking the machine, and some of these cannot even be interrupted. Here every value has a largest
size, and all loops, calls and outputs of one text draw on one budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import wraps
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ogi_report.errors import NarrativeError
from ogi_report.figures import format_number
from ogi_report.narrative.facts import UnknownFact

LONGEST = 100_000
"""Characters that a narrative, or a text within it, may have; the longest published reports have a tenth of that."""
_MOST_ITEMS = 5_000
"""Items of a list."""
_LARGEST = 1_000
"""Bits of a whole number; no count and no amount has a hundred."""
_BUDGET = 400_000
"""What one text may spend: a character printed or gone through costs 1, a call, a filter or a loop's round `_STEP` more."""
_STEP = 20

FILTERS = frozenset(
    {
        "abs",
        "d",
        "default",
        "dictsort",
        "first",
        "int",
        "join",
        "last",
        "length",
        "count",
        "list",
        "lower",
        "map",
        "max",
        "min",
    }
    | {"reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "sort", "string", "sum", "title"}
    | {"trim", "unique", "upper"}
)
"""Jinja's filters that neither multiply what they are given by a number nor give another result on another run."""
METHODS = frozenset(
    {"count", "endswith", "find", "get", "index", "isdecimal", "isdigit", "items", "keys", "lower", "lstrip", "replace"}
    | {
        "removeprefix",
        "removesuffix",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "title",
        "upper",
        "values",
    }
)
"""Methods of texts, lists and mappings that a narrative may call; `format`, `center`, `zfill` and their like may not be."""
_PLAIN = (str, bytes, int, Decimal, list, tuple, dict)
_REFUSED = (nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)
_MEASURED = (nodes.Concat, nodes.List, nodes.Dict)


class TooMuch(NarrativeError):
    """A text asks for more than any report needs."""

    def __init__(self) -> None:
        super().__init__("运算量或文字长度远远超过一份报告的需要；请检查循环和算式")


_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


@contextmanager
def budget() -> Iterator[None]:
    """Everything that is rendered within draws on one budget."""
    token = _left.set([_BUDGET])
    try:
        yield
    finally:
        _left.reset(token)


def _spend(amount: int) -> None:
    left = _left.get()
    if left is not None:
        left[0] -= amount
        if left[0] < 0:
            raise TooMuch


def _measured(value: Any) -> Any:
    """Returns a value as it is, if it is not too large, whatever it holds counted in."""
    items, waiting = 0, [value]
    while waiting:
        held = waiting.pop()
        if isinstance(held, (str, bytes)):
            too_large = len(held) > LONGEST
        elif isinstance(held, int):
            too_large = held.bit_length() > _LARGEST
        else:
            items += len(held) if isinstance(held, (list, tuple, dict)) else 0
            too_large = items > _MOST_ITEMS
            if isinstance(held, (list, tuple, dict)) and not too_large:
                waiting += [*held, *held.values()] if isinstance(held, dict) else held
        if too_large:
            raise TooMuch
    _spend(items)
    return value


def _printed(value: Any) -> Any:
    """What `{{ }}` prints: numbers exactly, no binary fractions, never too much."""
    if isinstance(value, float):
        raise NarrativeError("正文中的除法请用 占比() 或 同比()，以免出现近似的小数")
    said = format_number(value) if isinstance(value, Decimal) else _measured(value)
    _spend(len(said) if isinstance(said, str) else 1)
    return said


def _metered(items: Iterable[Any], cost: int = 0) -> Iterator[Any]:
    """What a loop or a filter goes through; each round costs what its body prints in any case."""
    for item in items:
        _spend(_STEP + cost)
        yield item


def _filter(function: Callable[..., Any]) -> Callable[..., Any]:
    """One of Jinja's filters that pays for what it goes through and returns nothing that is too large."""

    @wraps(function)  # with Jinja's marks on it: some want the environment
    def paying(*args: Any, **options: Any) -> Any:
        _spend(_STEP + sum(len(arg) for arg in args if isinstance(arg, (str, list, tuple, dict, range))))
        result = function(*args, **options)
        return _metered(result) if isinstance(result, Iterator) else _measured(result)

    return paying


def _replaced(text: Any, old: Any, new: Any, count: int = -1) -> str:
    """`replace`, as filter and as method: of what is left, the only thing that makes more than it was given."""
    whole, sought, put = str(text), str(old), str(new)
    if len(whole) + whole.count(sought) * len(put) > LONGEST:
        raise TooMuch
    return whole.replace(sought, put, count)


def _joined(items: Iterable[Any], between: Any = "", attribute: Any = None) -> str:
    """`join` of texts and numbers; the attribute of Jinja's own is what `map` is for."""
    if attribute is not None:
        raise SecurityError("join")
    parts = [str(_printed(item)) for item in _metered(items)]
    _spend(len(parts) * len(str(between)))
    return str(between).join(parts)


class Environment(ImmutableSandboxedEnvironment):
    """Jinja for narratives; what it compiles is to be rendered within `budget()`."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(undefined=UnknownFact, finalize=_printed, keep_trailing_newline=True)
        self.globals = {"range": self.globals["range"]}
        allowed = {name: _filter(function) for name, function in self.filters.items() if name in FILTERS}
        # Names with a blank cannot be written in a text.
        own: dict[str, Callable[..., Any]] = {"loop rounds": _metered, "made here": _measured}
        self.filters = {**allowed, "replace": _replaced, "join": _joined, **own}

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        raise SecurityError(attribute)

    def wrap_str_format(self, value: Any) -> Any:
        """`format` is no method that a narrative may call, so it needs no wrapping."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, _PLAIN) and callable(value) and attr not in METHODS:
            return False
        return bool(super().is_safe_attribute(obj, attr, value))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator != "+" and not (
            isinstance(left, (int, Decimal, float)) and isinstance(right, (int, Decimal, float))
        ):
            for value in (left, right):
                if isinstance(value, jinja2.Undefined):
                    str(value)  # which says what is blank or unknown
            raise SecurityError(operator)  # `"%999999999d" % 1`, `"很" * 999999999`
        if operator == "**" and not (isinstance(right, int) and abs(right) <= 16):
            raise TooMuch
        return _measured(super().call_binop(context, operator, _measured(left), _measured(right)))

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls what may be called, for its price."""
        _spend(_STEP)
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str) and obj.__name__ == "replace":
            return _replaced(owner, *args, **kwargs)
        return _measured(super().call(context, obj, *args, **kwargs))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Reads a text and puts a meter into everything that could go on or grow."""
        template = super()._parse(source, name, filename)
        for node in list(template.find_all((*_REFUSED, nodes.For))):
            if isinstance(node, _REFUSED) or (isinstance(node, nodes.For) and node.recursive):
                raise jinja2.TemplateSyntaxError("正文中只能用 {{ }}、{% if %}、{% for %} 和 {% set %}", node.lineno)
            if isinstance(node, nodes.For):
                cost = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
                node.iter = _through("loop rounds", node.iter, nodes.Const(cost, lineno=node.lineno))
        for place in list(template.find_all(nodes.Node)):
            for name, held in place.iter_fields():
                if isinstance(held, _MEASURED):
                    setattr(place, name, _through("made here", held))
                elif isinstance(held, list):
                    held[:] = [_through("made here", item) if isinstance(item, _MEASURED) else item for item in held]
        return template


def _through(name: str, node: nodes.Node, *args: nodes.Expr) -> nodes.Filter:
    through = nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)
    assert node.environment is not None
    through.set_environment(node.environment)
    return through

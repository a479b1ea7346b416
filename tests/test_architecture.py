"""What keeps the rooms apart, the numbers exact and the version one."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ogi_report

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "ogi_report"
ROOMS = [
    "in_words", "errors", "engine", "prose", "forms", "figures", "ledger", "readers", "writers", "narrative", "rules", "diagnosis",
    "comparison", "report",
    "notebook", "documents", "batch", "site", "audit", "summary", "messages", "installation", "cli",
]  # fmt: skip
"""From the lowest to the highest; a room imports from rooms before it only."""

APART = {"readers", "writers", "narrative", "rules"}
"""Rooms on one floor, which do not know each other."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, everywhere: bool = True) -> Iterator[str]:
    """Names of the modules that a file imports; with `everywhere` also inside functions and under TYPE_CHECKING."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "ogi_report")


def internal_imports() -> Iterator[tuple[str, str, Path]]:
    for path in modules():
        if path == PACKAGE / "__init__.py":
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "ogi_report" and len(parts) > 1 and parts[1] in ROOMS:
                yield room_of(path), parts[1], path


def test_every_room_has_its_place():
    found = {room_of(path) for path in modules()} - {"__init__", "__main__"}
    assert found <= set(ROOMS), "a new room: say in ROOMS what it stands on"


def test_no_room_imports_from_a_room_above_it():
    up = [
        f"{path.relative_to(PACKAGE)} reaches up into {imported}"
        for room, imported, path in internal_imports()
        if ROOMS.index(imported) > ROOMS.index(room)
    ]
    assert up == []


def test_readers_writers_narrative_and_rules_do_not_know_each_other():
    known = [
        f"{path.relative_to(PACKAGE)} knows {imported}"
        for room, imported, path in internal_imports()
        if room in APART and imported in APART and room != imported
    ]
    assert known == []


def test_readers_and_writers_know_forms_figures_and_ledgers_only():
    allowed = {"in_words", "errors", "forms", "figures", "ledger"}
    for room, imported, path in internal_imports():
        if room in ("readers", "writers"):
            assert imported in allowed | {room}, f"{path.name} imports {imported}"


@pytest.mark.parametrize(
    "room", ["errors", "forms", "figures", "ledger", "readers", "writers", "rules", "prose", "diagnosis"]
)
def test_the_lower_rooms_need_neither_jupyter_nor_papermill(room):
    heavy = ("IPython", "ipykernel", "jupyter", "nbclient", "nbconvert", "nbformat", "papermill", "traitlets", "tqdm")
    for path in modules():
        if room_of(path) == room:
            found = [name for name in imports(path) if name.split(".")[0].startswith(heavy)]
            assert found == [], path


def test_importing_the_rules_loads_no_jupyter():
    import subprocess
    import sys

    script = "import sys, ogi_report.rules, ogi_report.readers; print(sorted({'IPython', 'papermill', 'nbformat'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# -- the numbers ------------------------------------------------------------------------------------------------------

EXACT = ("errors", "forms", "figures", "ledger", "readers", "writers", "rules", "narrative", "report")


@pytest.mark.parametrize(
    "poison",
    [
        r"\.fillna\(",
        r"\bfloat\((?!\"nan\")",
        r"errors\s*=\s*[\"']coerce",
        r"to_numeric",
        r"\bint\([^()]*\bor 0\)",
        r"read_csv",
        r"float64|float32|np\.float",
        r"dtype\s*=\s*float",
    ],
)
def test_nothing_near_the_figures_fills_a_blank_or_makes_a_float(poison):
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in modules()
        if room_of(path) in EXACT
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(poison, line.split("#")[0])
    ]
    assert found == []


def test_no_binary_floating_constant_stands_in_the_lower_rooms():
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        if room_of(path) in ("forms", "figures", "ledger", "readers", "writers", "rules", "prose")
        and path.name != "similarity.py"  # how alike two texts are is no figure
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert found == []


def test_no_exception_is_swallowed_whole():
    bare = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
        and all(isinstance(statement, (ast.Pass, ast.Continue)) for statement in node.body)
    ]
    assert bare == []


# -- declared once ----------------------------------------------------------------------------------------------------


def test_a_label_of_the_form_stands_in_the_form_and_nowhere_else(forms):
    """Labels that no ordinary sentence contains; a second copy would drift."""
    from ogi_report.forms import Role, build_grid

    labels = {
        slot.text
        for form in forms.values()
        for table in form.tables
        for slot in build_grid(table).slots
        if slot.role is Role.STUB and len(slot.text) >= 10
    }
    assert len(labels) > 15
    code = {path: path.read_text(encoding="utf-8") for path in modules()}
    found = {
        f"{path.relative_to(PACKAGE)}: {label}" for path, text in code.items() for label in labels if label in text
    }
    # The example of LAYOUT-MISSING-ROW names one row, to show what such a finding looks like.
    assert found <= {"rules/structure.py: 8.属于行政查询事项"}


def test_no_module_looks_things_up_by_column_position():
    position = re.compile(r"\.iloc\[|cells\[\d+\]|row\[\d{1,2}\]")
    for path in modules():
        if room_of(path) in ("readers", "rules", "figures", "ledger"):
            found = [line for line in path.read_text(encoding="utf-8").splitlines() if position.search(line)]
            assert found == [], path


# -- the public face --------------------------------------------------------------------------------------------------


def test_the_version_is_the_same_everywhere():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    top = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert top is not None
    assert declared == ogi_report.__version__ == top[1]


@pytest.mark.parametrize("room", ["forms", "figures", "ledger", "readers", "writers", "rules"])
def test_a_room_offers_exactly_what_it_lists(room):
    import importlib

    module = importlib.import_module(f"ogi_report.{room}")
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("ogi_report")
    }
    assert public <= set(module.__all__)


def test_the_package_offers_the_report_its_preview_and_its_version():
    assert ogi_report.__all__ == ["Report", "__version__", "preview"]
    assert ogi_report.Report.__name__ == "Report"
    with pytest.raises(AttributeError, match="no attribute 'Raport'"):
        _ = ogi_report.Raport


def test_every_error_that_a_user_can_cause_is_drawn_in_the_tree():
    from ogi_report import errors

    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__)) | {"OgiError"}
    assert drawn == classes
    assert all(issubclass(getattr(errors, name), errors.OgiError) for name in classes)

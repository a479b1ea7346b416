"""A report's inputs and outputs as bytes, so that it can be made on a machine that shares no disk with this one."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ogi_report
from ogi_report.batch.documents import Order, document
from ogi_report.batch.inputs import program_mark
from ogi_report.batch.make import make
from ogi_report.batch.plan import Settings, Task, notebook_for
from ogi_report.batch.result import SUFFIXES, Result
from ogi_report.errors import OgiError, UsageError
from ogi_report.report.local_rules import FILES as RULE_FILES
from ogi_report.report.project import ROSTER
from ogi_report.writers.files import write_atomically


def version() -> str:
    """What two machines must have in common for their reports to be the same: Python, package, and the package's files."""
    return f"Python {sys.version_info[0]}.{sys.version_info[1]}, ogi-report {ogi_report.__version__} ({program_mark()})"


@dataclass(frozen=True)
class Parcel:
    """A report to be made: its files by their path in the project, and the version that is to make it."""

    agency: str
    year: int
    engine: str
    timeout: float | None
    version: str
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class PageParcel:
    """A finished page that is to become a document."""

    format: str
    page: str
    timeout: float | None
    version: str


@dataclass(frozen=True)
class Made:
    """A report that was made, or why not; its files by suffix."""

    result: Result
    files: Mapping[str, bytes]


def pack(task: Task) -> Parcel:
    """Returns a task with everything that its report depends on."""
    settings = task.settings
    files = {f"params/{path.name}": path.read_bytes() for path in _shared(settings)}
    for path in _own(task):
        files[_name(path, settings)] = path.read_bytes()
    return Parcel(task.agency, task.year, settings.engine, settings.timeout, version(), files)


def _shared(settings: Settings) -> Iterator[Path]:
    yield from (path for name in (ROSTER, *RULE_FILES) if (path := settings.params / name).is_file())


def _own(task: Task) -> Iterator[Path]:
    settings, project = task.settings, task.settings.project
    files = sorted(settings.params.glob(f"*/{task.agency}.yaml"))
    years = [int(path.parent.name) for path in files if path.parent.name.isdecimal()]
    # Of all years before: a chart may show them, a text name them.
    bodies = [(task.agency, year) for year in years if year <= task.year]
    children = [body.agency for body in project.roster.values() if body.parent == task.agency]
    bodies += [(child, task.year - back) for child in children for back in (0, 1)]
    for agency, year in bodies:
        if (params := project.params_file(agency, year)).is_file():
            yield params
            yield from sorted(p for p in project.data_folder(agency, year).glob("*") if p.is_file())
    try:
        yield notebook_for(project.read_params(task.agency, task.year).notebook, settings)
    except OgiError:
        return  # its making will say so


def _name(path: Path, settings: Settings) -> str:
    for folder, name in ((settings.params, "params"), (settings.data, "data"), (settings.notebooks, "notebooks")):
        if path.is_relative_to(folder):
            return f"{name}/{path.relative_to(folder).as_posix()}"
    raise UsageError(f"{path.name} 不在参数、数据或笔记本文件夹中，无法送到别的机器。")


def pack_page(order: Order) -> PageParcel:
    """Returns a page to be sent."""
    return PageParcel(order.format, order.page, order.task.settings.timeout, version())


def make_any(parcel: Parcel | PageParcel) -> Made | bytes | str:
    """Makes what a parcel asks for."""
    if isinstance(parcel, Parcel):
        return make_parcel(parcel)
    _require_same_version(parcel.version)
    return document(parcel.format, parcel.page)


def make_parcel(parcel: Parcel) -> Made:
    """Makes a packed report in a folder of its own.

    Raises:
        UsageError: this machine has another version.
    """
    _require_same_version(parcel.version)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("params", "data", "notebooks"):
            (root / name).mkdir()
        for name, content in parcel.files.items():
            write_atomically(root / name, content, durable=False)
        settings = Settings(
            root / "params",
            root / "data",
            root / "out",
            root / "notebooks",
            engine=parcel.engine,
            timeout=parcel.timeout,
        )
        task = Task(parcel.agency, parcel.year, settings)
        result = make(task)
        outputs = {suffix: settings.out / f"{task.stem}{suffix}" for suffix in SUFFIXES}
        return Made(result, {suffix: path.read_bytes() for suffix, path in outputs.items() if path.is_file()})


def _require_same_version(wanted: str) -> None:
    if wanted != version():
        raise UsageError(f"工作机器的版本与本机不同：工作机器是 {version()}，本机是 {wanted}；请装成同一版本再运行。")


def unpack(task: Task, made: Made) -> Result:
    """Writes a made report's files where the task wants them; files of an earlier run that it lacks are removed."""
    for suffix in SUFFIXES:
        target = task.settings.out / f"{task.stem}{suffix}"
        if suffix in made.files:
            write_atomically(target, made.files[suffix], durable=False)
        else:
            target.unlink(missing_ok=True)
    return made.result

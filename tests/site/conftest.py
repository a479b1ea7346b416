"""A small district whose reports stand in every way that a report can stand, and whose names try to be programs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ogi_report.figures import Figures

ROOT = Path(__file__).parents[2]

HOSTILE = '</script><script>document.title="taken"</script>“引”"\'&局'
HOSTILE_ALIAS = "别名\u2028</script>"

ROSTER = {
    "qu": ("示例区人民政府", "区政府", "county", ""),
    "fine": ("示例区教育局", "教育局", "department", "qu"),
    "wrong": ("示例区住房局", "住建局;房管", "department", "qu"),
    "late": ("示例区水务局", "水务局", "department", "qu"),
    "broken": ("示例区财政局", "财政局", "department", "qu"),
    "absent": ("示例区民政局", "民政局", "department", "qu"),
    "nolevel": ("示例区供销社", "供销社", "", "qu"),
    "hostile": (HOSTILE, HOSTILE_ALIAS, "township", "qu"),
    "other": ("邻区档案局", "档案局", "department", ""),
}
PUBLISHED = {
    ("qu", 2024): "2025-03-20",
    ("fine", 2023): "2024-01-20",
    ("fine", 2024): "2025-01-18",
    ("wrong", 2024): "2025-01-19",
    ("late", 2024): "2025-02-08",
    ("broken", 2024): "2025-01-20",
    ("absent", 2023): "2024-01-21",
    ("hostile", 2024): "2025-01-22",
    ("other", 2024): "2025-01-30",
}
NARRATIVE = """## 一、总体情况

主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障各项工作平稳。全年新收申请<script>alert(7)</script>9999件。
"""


@dataclass(frozen=True)
class Site:
    """A finished run and the folder that it wrote."""

    folder: Path
    out: Path
    stdout: str
    program: Callable[..., subprocess.CompletedProcess[str]]

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")

    def run(self, *options: str, env: dict[str, str] | None = None, out: str = "build") -> Site:
        words = ("run", "--jobs", "2", "--formats", "docx,cms", "--out", out, *options)
        done = self.program(*words, cwd=self.folder, env=os.environ | (env or {}))
        assert done.returncode in (0, 1), done.stderr
        return Site(self.folder, self.folder / out, done.stdout, self.program)


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    write_data: Callable[..., Path],
    figures_of: Callable[..., Figures],
    program: Callable[..., subprocess.CompletedProcess[str]],
) -> Site:
    """The district's build, with the edition that everybody may see."""
    folder = tmp_path_factory.mktemp("district")
    (folder / "notebooks").mkdir()
    template = ROOT / "notebooks" / "annual_report.ipynb"
    (folder / "notebooks" / template.name).write_bytes(template.read_bytes())
    (folder / "params").mkdir()
    quoted = [
        f'{agency},"{name.replace(chr(34), chr(34) * 2)}",{short},{level},{parent}\n'
        for agency, (name, short, level, parent) in ROSTER.items()
    ]
    text = "agency,name,short_names,level,parent\n" + "".join(quoted)
    (folder / "params" / "agencies.csv").write_text(text, encoding="utf-8")
    for number, ((agency, year), day) in enumerate(PUBLISHED.items()):
        (folder / "params" / str(year)).mkdir(exist_ok=True)
        params = f"agency: {agency}\nyear: {year}\npublished_on: {day}\n"
        (folder / "params" / str(year) / f"{agency}.yaml").write_text(params, encoding="utf-8")
        cells: dict[str, object] = {
            "disclosure.licence.decisions": 40 + number,
            "disclosure.admin_fee.amount_wan": f"{number}.30",
            "applications.received.natural_person": number,
            "applications.received.total": number + (3 if agency == "wrong" else 0),
            "applications.granted.natural_person": number,
            "applications.granted.total": number,
            "applications.handled_total.natural_person": number,
            "applications.handled_total.total": number,
        }
        data = write_data(folder / "data" / str(year) / agency, figures_of(cells))
        if agency == "hostile":
            (data / "narrative.md").write_text(NARRATIVE, encoding="utf-8")
    (folder / "data/2024/broken/remedies.csv").write_bytes("行代码".encode("utf-16"))
    return Site(folder, folder / "build", "", program).run("--edition", "public")

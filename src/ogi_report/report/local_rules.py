"""Reads a project's own rules: `params/rules.yaml` (linear equations) and `params/rules.py` (conditions).

`rules.py` is a program of the project, as its notebooks are, and runs with the rights of whoever makes the reports.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ogi_report.errors import ConfigError, FormError
from ogi_report.forms import EquationSpec, compile_equation, official_forms
from ogi_report.report.yaml_files import read_yaml_mapping
from ogi_report.rules import LocalRules, Rule, Severity, rule_ids
from ogi_report.rules.big_changes import USUAL, BigChange
from ogi_report.rules.local import PREFIX

FILES = ("rules.yaml", "rules.py")
_ID = re.compile(rf"{PREFIX}[A-Z0-9][A-Z0-9-]*")


class LocalEquation(EquationSpec):
    """One entry under `rules:`."""

    each: Literal["column", "row", "group", "table"]
    source: str = "本地规则"
    optional: bool = True


class ChangesSettings(BaseModel):
    """What `changes:` may say of changes on last year that need a reason."""

    model_config = ConfigDict(extra="forbid", strict=True)

    percent: int = Field(USUAL.percent, ge=1, le=1000)
    at_least: int = Field(USUAL.at_least, ge=1)
    severity: Literal["error", "warning", "note"] | None = None
    explained_in_text: bool = False


def read_local_rules(folder: Path, shown: str) -> LocalRules:
    """Returns the local rules beside the params files; what cannot be used is told in `problems`, never raised."""
    problems: list[str] = []
    settings = _read_settings(folder / FILES[0], f"{shown}/{FILES[0]}", problems)
    equations = _equations(settings.get("rules"), f"{shown}/{FILES[0]}", problems)
    changes = _big_change(settings.get("changes"), f"{shown}/{FILES[0]}", problems)
    conditions = _read_python(folder / FILES[1], f"{shown}/{FILES[1]}", problems)
    taken = set(rule_ids()) | {"LOCAL-BROKEN"}
    kept: list[Rule | EquationSpec] = []
    everything: list[Rule | EquationSpec] = [*equations, *conditions]
    for rule in everything:
        if not _ID.fullmatch(rule.id):
            problems.append(f"编号 {rule.id} 应写作 {PREFIX} 加大写字母、数字和连字符，如 {PREFIX}FEE-CAP")
        elif rule.id in taken:
            problems.append(f"编号 {rule.id} 重复")
        else:
            taken.add(rule.id)
            kept.append(rule)
    return LocalRules(
        tuple(rule for rule in kept if isinstance(rule, Rule)),
        tuple(rule for rule in kept if isinstance(rule, EquationSpec)),
        tuple(problems),
        changes,
    )


def _read_settings(path: Path, shown: str, problems: list[str]) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        values, _ = read_yaml_mapping(path.read_text(encoding="utf-8-sig"), shown)
    except (ConfigError, UnicodeDecodeError, OSError) as error:
        messages = error.messages if isinstance(error, ConfigError) else (f"{shown} 无法读取，请存为 UTF-8 编码",)
        problems.extend(message.rstrip("。") for message in messages)
        return {}
    known = {"rules", "changes"}
    if not values.keys() & known:
        problems.append(f"{shown} 应当以“rules:”开头，下面每条规则以“- id: …”开始")
    problems += [f"{shown} 中没有名为 {name} 的设置；可用 rules、changes" for name in values if name not in known]
    return values


def _big_change(told: object, shown: str, problems: list[str]) -> BigChange:
    """The project's measure; the usual one where it says nothing, or nothing that can be understood."""
    if told is None:
        return USUAL
    try:
        found = ChangesSettings.model_validate(told)
    except ValidationError as error:
        fields = "、".join(
            dict.fromkeys(str(problem["loc"][0]) if problem["loc"] else "内容" for problem in error.errors())
        )
        problems.append(
            f"{shown} 的 changes：{fields} 写法有误，仍按变动一半核对；可写 percent、at_least（整数）、"
            "severity（error、warning、note）、explained_in_text（true、false）"
        )
        return USUAL
    severity = Severity(found.severity) if found.severity is not None else None
    return BigChange(found.percent, found.at_least, severity, found.explained_in_text)


def _equations(listed: object, shown: str, problems: list[str]) -> list[EquationSpec]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        problems.append(f"{shown} 应当以“rules:”开头，下面每条规则以“- id: …”开始")
        return []
    found: list[EquationSpec] = []
    for number, item in enumerate(listed, start=1):
        name = item.get("id", f"第 {number} 条") if isinstance(item, dict) else f"第 {number} 条"
        try:
            spec = LocalEquation.model_validate(item)
            _refuse_useless(spec)
            found.append(spec)
        except ValidationError as error:
            fields = "、".join(
                dict.fromkeys(str(problem["loc"][0]) if problem["loc"] else "内容" for problem in error.errors())
            )
            problems.append(f"{shown} 的 {name}：{fields} 缺少或写法有误；要写 id、title、severity、table、each、holds")
        except FormError as error:
            problems.append(f"{shown} 的 {name}：{error}")
    return found


def _refuse_useless(spec: EquationSpec) -> None:
    """An equation must hold for something in some official layout.

    Raises:
        FormError: it is no linear equation, or no layout has such cells.
    """
    tables = {table.key for form in official_forms().values() for table in form.tables}
    if spec.table not in tables:
        raise FormError(f"没有 {spec.table} 这张表；可用 {'、'.join(sorted(tables))}")
    strict = spec.model_copy(update={"optional": False})
    reasons: list[FormError] = []
    for form in official_forms().values():
        try:
            compile_equation(strict, form)
        except FormError as error:
            reasons.append(error)
        else:
            return
    raise reasons[-1]


def _read_python(path: Path, shown: str, problems: list[str]) -> list[Rule]:
    if not path.is_file():
        return []
    module = types.ModuleType("local_rules")
    try:
        exec(compile(path.read_bytes(), shown, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        # Whatever an author's program raises is told, sys.exit() too; the catalogue's own rules still run.
        line = _line_within(error, shown)
        problems.append(f"{shown}{line} 无法运行（{type(error).__name__}：{error}）")
        return []
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    if not found:
        problems.append(f"{shown} 中没有规则；规则是用 @rule(…) 修饰的函数")
    return found


def _line_within(error: BaseException, shown: str) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f" 第 {error.lineno} 行"
    trace, line = error.__traceback__, ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == shown:
            line = f" 第 {trace.tb_lineno} 行"
        trace = trace.tb_next
    return line

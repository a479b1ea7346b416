"""The settings of one agency-year: `params/<year>/<agency>.yaml`, usable unchanged with `papermill -f`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ogi_report.errors import ConfigError, system_reason
from ogi_report.figures import format_number
from ogi_report.forms import Form, form_for_year, official_forms
from ogi_report.in_words import InWords
from ogi_report.readers.regular_files import FileTooLarge, read_regular
from ogi_report.report.yaml_files import read_yaml_mapping

AGENCY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
FIRST_YEAR, LAST_YEAR = 2019, 2100
LARGEST = 1_000_000
"""Bytes of a params file; one with a hundred waivers has a twentieth."""


def agency_id_problem(agency: str) -> str | None:
    """Says in Chinese why an agency's id cannot be part of a file's name everywhere; None if it can.

    >>> agency_id_problem("kejing"), agency_id_problem("nul")
    (None, '是 Windows 保留的名称，不能用作文件名')
    """
    if not AGENCY_ID.fullmatch(agency):
        return "只能用小写字母、数字、- 和 _"
    return "是 Windows 保留的名称，不能用作文件名" if _DEVICE.fullmatch(agency) else None


def _date_text(value: object) -> object:
    text = value.isoformat() if hasattr(value, "isoformat") else value
    if isinstance(text, (str, int)) and not _is_date(str(text)):
        raise ValueError("日期应写作 2022-01-28 的样子")
    return text


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _text(value: object) -> object:
    return str(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


DateText = Annotated[str, BeforeValidator(_date_text)]
Text = Annotated[str, BeforeValidator(_text)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fee(InWords, _Settings):
    """The information-processing fee of chapter 六 (国办函〔2020〕109号)."""

    notices: int = Field(ge=0)
    amount_notified_yuan: Decimal = Field(ge=0)
    amount_collected_yuan: Decimal = Field(ge=0)

    @field_validator("amount_notified_yuan", "amount_collected_yuan", mode="before")
    @classmethod
    def _exact(cls, value: object) -> object:
        return str(value) if isinstance(value, float) else value

    def _in_words(self) -> str:
        notified, collected = (format_number(n) for n in (self.amount_notified_yuan, self.amount_collected_yuan))
        return f"发出收费通知 {self.notices} 件，金额 {notified} 元，收取 {collected} 元"


class Waiver(InWords, _Settings):
    """A finding that somebody has looked at and let pass: bound to the rule, the cells and the values they then had.

    `quote` binds it to the sentence quoted as well; `message` binds a finding without cells and quotation to what it said.
    """

    rule: str
    reason: str = Field(min_length=4)
    by: str = Field(min_length=1)
    on: DateText
    cells: dict[str, Text | None] = Field(default_factory=dict)
    quote: Text | None = None
    message: Text | None = None

    @field_validator("cells", mode="before")
    @classmethod
    def _cells(cls, value: object) -> object:
        return {} if value is None else value

    def _in_words(self) -> str:
        return f"{self.rule}：{self.reason}（{self.by}，{self.on}）"


class Params(InWords, _Settings):
    """What may stand in a params file; each field is also a parameter of the template notebook."""

    agency: str
    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    layout: Text | None = None
    notebook: str | None = None
    scope: Literal["own", "government_wide"] = "own"
    published_on: DateText | None = None
    index_no: Text | None = None
    doc_no: Text | None = None
    fee: Fee | None = None
    waivers: tuple[Waiver, ...] = ()

    @property
    def published_day(self) -> date | None:
        """The day of publication as a date, where the settings have one."""
        return date.fromisoformat(self.published_on) if self.published_on else None

    @property
    def form(self) -> Form:
        """The layout in which the report is made: the one that is named here, or that of its year."""
        return official_forms()[self.layout] if self.layout else form_for_year(self.year)

    @field_validator("agency")
    @classmethod
    def _safe_id(cls, value: str) -> str:
        if (problem := agency_id_problem(value)) is not None:
            raise ValueError(f"机构代码{problem}")
        return value

    @field_validator("layout")
    @classmethod
    def _known_layout(cls, value: str | None) -> str | None:
        if value is not None and value not in official_forms():
            raise ValueError(f"只能是 {'、'.join(official_forms())}")
        return value

    @field_validator("scope", mode="before")
    @classmethod
    def _own_by_default(cls, value: object) -> object:
        return "own" if value is None else value

    @field_validator("waivers", mode="before")
    @classmethod
    def _yaml_on(cls, value: object) -> object:
        """YAML 1.1 (and so plain papermill) reads the key `on` as true."""
        if not isinstance(value, (list, tuple)):
            return () if value is None else value
        return [{"on" if k is True else k: v for k, v in w.items()} if isinstance(w, Mapping) else w for w in value]

    def _in_words(self) -> str:
        lines = [f"{name}: {getattr(self, name)}" for name in Params.model_fields if name != "waivers"]
        given = [line for line in lines if not line.endswith(": None")]
        return "\n".join([*given, *(f"waivers: {waiver}" for waiver in self.waivers)])


_PROBLEMS = {
    "extra_forbidden": "没有名为 {field} 的设置",
    "missing": "缺少 {field}",
    "int_type": "{field} 应当是整数",
    "int_parsing": "{field} 应当是整数",
    "int_from_float": "{field} 应当是整数",
    "string_type": "{field} 应当是文字",
    "literal_error": "{field} 只能是 {expected}",
    "greater_than_equal": "{field} 不能小于 {ge}",
    "less_than_equal": "{field} 不能大于 {le}",
    "string_too_short": "{field} 不能为空，至少 {min_length} 个字",
    "model_type": "{field} 应当是“名称: 值”的几行",
    "model_attributes_type": "{field} 应当是“名称: 值”的几行",
    "tuple_type": "{field} 应当是以 - 开头的几项",
    "dict_type": "{field} 应当是“单元格代码: 当时的值”的几行",
    "decimal_parsing": "{field} 应当是数",
    "decimal_type": "{field} 应当是数",
}


def parse_params(values: Mapping[str, Any], shown: str, lines: Mapping[str, int] | None = None) -> Params:
    """Validates settings, from a file or from a notebook.

    Raises:
        ConfigError: one message per problem, with the file, the line, the setting and what is allowed.
    """
    try:
        return Params.model_validate(dict(values))
    except ValidationError as error:
        raise ConfigError(_explain(problem, shown, lines or {}) for problem in error.errors()) from None


def parse_waiver(values: Mapping[str, Any]) -> Waiver:
    """Validates one waiver.

    Raises:
        ConfigError: one message per problem.
    """
    try:
        return Waiver.model_validate(dict(values))
    except ValidationError as error:
        raise ConfigError(_explain(problem, "没有写入豁免", {}) for problem in error.errors()) from None


def _explain(problem: Any, shown: str, lines: Mapping[str, int]) -> str:
    path = [part for part in problem["loc"] if isinstance(part, (str, int))]
    top = str(path[0]) if path else ""
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    place = f"{shown} 第 {lines[top]} 行" if top in lines else shown
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        text = f"{field} 写的是“{problem['input']}”，{context['error']}"
    else:
        template = _PROBLEMS.get(problem["type"], "{field} 写法有误")
        text = template.format(field=field, **{k: str(v).replace(" or ", " 或 ") for k, v in context.items()})
        if problem["type"] not in ("missing", "extra_forbidden"):
            text += f"，现在是“{'空' if problem['input'] is None else problem['input']}”"
    if problem["type"] == "extra_forbidden":
        allowed = list(_allowed(path[:-1]))
        close = difflib.get_close_matches(str(path[-1]), allowed, n=1)
        text += f"，您是不是要写 {close[0]}？" if close else "。"
        text += f"可用的设置：{'、'.join(allowed)}"
    return f"{place}：{text}。"


def _allowed(path: list[str | int]) -> tuple[str, ...]:
    models: dict[str, type[BaseModel]] = {"fee": Fee, "waivers": Waiver}
    model = models.get(str(path[0]) if path else "", Params)
    return tuple(model.model_fields)


def read_params(path: Path, shown: str) -> Params:
    """Reads one params file and holds it against its own path, `…/<year>/<agency>.yaml`."""
    try:
        text = read_regular(path, LARGEST).decode("utf-8-sig")
    except FileTooLarge:
        raise ConfigError(f"{shown} 大得不像参数文件；请检查是否放错了文件。") from None
    except FileNotFoundError:
        raise ConfigError(f"找不到 {shown}；请为该机构和年度建一个参数文件，至少写 agency 和 year 两行。") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{shown} 不是 UTF-8 编码；请用 UTF-8 重新保存。") from None
    except OSError as error:
        raise ConfigError(f"无法读取 {shown}（{system_reason(error)}）。") from None
    values, lines = read_yaml_mapping(text, shown)
    params = parse_params(values, shown, lines)
    problems = []
    if path.stem != params.agency:
        problems.append(f"{shown} 第 {lines['agency']} 行：agency 是 {params.agency}，与文件名 {path.name} 不一致。")
    if path.parent.name != str(params.year):
        problems.append(
            f"{shown} 第 {lines['year']} 行：year 是 {params.year}，文件却在 {path.parent.name} 年的文件夹里；"
            "请改正年度，或把文件移到对应的文件夹。"
        )
    if problems:
        raise ConfigError(problems)
    return params

"""What must not stand in the text: numbers and names of persons (PRIV-…)."""

from __future__ import annotations

import re
from datetime import date

from ogi_report.prose import half_width
from ogi_report.rules.rule import ERROR, Example, rule
from ogi_report.rules.texts import TEXT, TextSubject

_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?P<born>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}[\dXx](?!\d)"
)
_MOBILE = re.compile(r"(?<![\d\-.])1[3-9]\d{9}(?![\d.])")
_SURNAMES = "张王李赵刘陈杨黄吴徐孙朱马胡郭林罗梁宋郑谢韩唐冯董萧曹袁邓傅沈彭吕苏蒋蔡贾魏薛叶阎潘杜戴夏钟田姜范谭廖熊陆郝孔崔康毛邱秦江顾侯邵孟龙段雷钱汤尹黎"
_APPLICANT = re.compile(
    rf"申请人(?P<name>[{_SURNAMES}](?!某)[\u4e00-\u9fff]{{1,2}}?)(?=[（(]|申请公开|要求公开|提出(?:的)?(?:政府)?信息公开|不服|[诉向]我|先生|女士)"
)


@rule(
    "PRIV-PERSON",
    ERROR,
    each=TEXT,
    title="正文没有身份证号、手机号、申请人姓名",
    source="《条例》第十五条：涉及个人隐私的信息不得公开",
    says="正文有个人信息（{it.told}）；请删去。",
    fires=(
        Example(chapters={1: "申请人（联系电话13800001234）要求公开补偿方案。"}),
        Example(chapters={1: "申请人李国强（住本区）要求公开补偿方案。"}),
    ),
    silent=Example(chapters={1: "申请人王某要求公开补偿方案；联系电话：010-12345678；编号 2021000013800001234567。"}),
)
def nobody_is_exposed(it: TextSubject) -> bool:
    it.found.clear()
    for paragraph in it.text.all_paragraphs:
        flat = half_width(paragraph.text)
        for pattern, name in ((_IDENTITY, "身份证号"), (_MOBILE, "手机号"), (_APPLICANT, "申请人姓名")):
            for match in pattern.finditer(flat):
                if pattern is _IDENTITY and not _is_date(match["born"]):
                    continue
                # The finding must not spread what it complains of.
                it.found.append(f"{name} {_masked(match)}")
    return not it.found


def _masked(match: re.Match[str]) -> str:
    name = match.groupdict().get("name")
    return f"{name[0]}某" if name else f"{match[0][:3]}…{match[0][-2:]}"


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True

"""What a narrative may say of the body and the year, besides figures."""

from __future__ import annotations

from typing import Any

from ogi_report.forms import Form
from ogi_report.report.params import Fee
from ogi_report.report.roster import Body


def facts_about(body: Body, year: int, form: Form, fee: Fee | None) -> dict[str, Any]:
    """Returns the names under which narratives know the body, its contacts, the year and the fee."""
    extra = [("地址", "address"), ("邮编", "postcode"), ("电话", "phone")]
    contact = "；".join(
        [text for text in [body.contact or ""] if text]
        + [f"{name}：{body.extra[column]}" for name, column in extra if column in body.extra]
    )
    about = {
        "年度": year,
        "机构": body.name,
        "全称": body.name,
        "简称": body.short_name,
        "通知文号": form.notice,
        "网站": body.website or "",
        "联系方式": contact,
        "收费": fee,
    }
    english = {"year": year, "fee": fee, "agency": {"id": body.agency, "name": body.name}}
    return about | english

"""nbconvert exporters: one executed notebook becomes the public report and the internal review page.

The template also works under the stock HTML exporter (`jupyter nbconvert --to html --template ogi_report`), which then
gives the public page. These exporters leave out what our template does not need (the re-parse of the finished page,
eleven preprocessors and their validations) and sanitise what an analyst's own cells contribute.
"""

from __future__ import annotations

from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import nh3
from jinja2 import pass_context
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from ogi_report.narrative.markdown import to_html
from ogi_report.report.fragment import MIME
from ogi_report.report.views import LOOK_BADGE, LOOK_COPIED, LOOK_SMALL
from ogi_report.writers.html import IN_NOTEBOOK

TEMPLATES = Path(str(files("ogi_report.notebook") / "templates"))

_TAGS = set(nh3.ALLOWED_TAGS) | {"figure", "figcaption", "section", "details", "summary"}
_ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
_ATTRIBUTES.setdefault("*", set()).update({"class", "title", "lang"})
for _cell in ("th", "td"):
    _ATTRIBUTES.setdefault(_cell, set()).update({"colspan", "rowspan", "scope", "headers", "id"})
_cleaner = nh3.Cleaner(tags=_TAGS - {"img"}, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})


@pass_context
def _markdown(_context: Any, source: str) -> str:
    return to_html(source)


def _sanitised(html: str) -> str:
    """An analyst's own HTML without scripts, styles or anything that would be fetched."""
    return _cleaner.clean(html)


def _foreign(output: NotebookNode) -> bool:
    """Whether an output brings HTML that is not this package's."""
    data = output.get("data", {})
    return "text/html" in data and MIME not in data


def _with_clean_html(nb: NotebookNode) -> NotebookNode:
    """The notebook itself or, where an analyst's own HTML has to be sanitised, a copy."""
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    if not any(map(_foreign, outputs)):
        return nb
    nb = deepcopy(nb)
    for cell in nb.cells:
        for output in filter(_foreign, cell.get("outputs", [])):
            output.data["text/html"] = _sanitised(output.data["text/html"])
    return nb


class _PageExporter(TemplateExporter):
    """A self-contained page from an executed notebook, without its code."""

    page = "public"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "ogi_report"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list[Any]:
        return []

    def default_filters(self) -> Any:
        yield from super().default_filters()
        yield "markdown2html", _markdown

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own template exporter does
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Returns the page and nbconvert's resources.

        nbconvert would copy the whole notebook for its preprocessors; without any, only what has to be changed is copied.
        """
        resources = self._init_resources(resources or {})
        resources["ogi_page"] = self.page
        page = self._finished(self.template.render(nb=_with_clean_html(nb), resources=resources))
        return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n", resources

    def _finished(self, page: str) -> str:
        return page


class PublicExporter(_PageExporter):
    """The public report: no code, no findings, nothing fetched from outside."""

    export_from_notebook = "政府信息公开年度报告（公开页）"
    page = "public"


class ReviewExporter(_PageExporter):
    """The internal review page: findings first, then the report with the cells marked."""

    export_from_notebook = "政府信息公开年度报告（内部审核页）"
    page = "review"

    def _finished(self, page: str) -> str:
        """What cells show carries its look in each tag, for JupyterLab; here a style sheet says it once."""
        for name, (tags, style) in _LOOKS.items():
            for tag in tags:
                page = page.replace(f'{tag} style="{style}"', f'{tag} class="{name}"')
        return page.replace("</style>", f"{_LOOKS_SHEET}</style>", 1)


_LOOKS = {
    "v": (("<td", '"'), IN_NOTEBOOK.value),
    "s": (("<th", '"'), IN_NOTEBOOK.stub),
    "h": (("<th", '"'), IN_NOTEBOOK.head),
    "g": (("<span",), LOOK_SMALL),
    "w": (("<pre",), LOOK_COPIED),
    **{f"b-{severity}": (("<strong",), style) for severity, style in LOOK_BADGE.items()},
}
"""Class on the review page → the tags that have it (or the end of another attribute), and the style in its place."""
_FOR_LINKS_TOO = "color:#5f6368;font-size:12px"
"""A half transparent link is hard to read; the page, unlike a theme, knows its ground."""
_LOOKS_SHEET = "".join(
    f".ogi-review .{name} {{ {style if style != LOOK_SMALL else _FOR_LINKS_TOO} }}\n"
    for name, (_, style) in _LOOKS.items()
)

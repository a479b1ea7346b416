"""What MkDocs is told besides `mkdocs.yml`: the pages outside docs/, links to the repository's files, no request to anywhere.

Pages under docs/ are read on a code host as well as in the site, so they link to files of the repository by relative
paths. In the site such a link leads to a copy of the file.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]

OUTSIDE = {"CHANGELOG.md": "changes.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security-policy.md"}
"""Pages that stand at the root of the repository, and what the site calls them."""

COPIES = "repository"
"""Where the site keeps copies of the files that its pages link to."""

_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<to>[^()\s:#]+)(?P<anchor>#[^()\s]*)?\)")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]")
_FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=\"(?:https?:)?//[^\"]*\""
    r"|<link\b(?![^>]*rel=\"(?:canonical|license)\")[^>]*\bhref=\"(?:https?:)?//[^\"]*\""
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages at the root of the repository."""
    for name, page in OUTSIDE.items():
        if (ROOT / name).is_file():
            files.append(File.generated(config, page, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links out of docs/ into links within the site, and joins lines of Chinese, which browsers would set a space between.

    What stands in blocks of code stays as it is.
    """
    outside = {page: name for name, page in OUTSIDE.items()}
    here = outside.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def within_the_site(link: re.Match[str]) -> str:
        there = posixpath.normpath(posixpath.join(posixpath.dirname(here), link["to"]))
        target = _target(there, config, files)
        if target is None:
            return link["text"] if (ROOT / there).is_dir() else link[0]
        relative = posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".")
        return f"[{link['text']}]({relative}{link['anchor'] or ''})"

    lines: list[str] = []
    code = False
    for line in markdown.splitlines():
        code ^= line.lstrip().startswith("```")
        line = line if code else _LINK.sub(within_the_site, line)
        if not code and lines and _HAN.search(lines[-1][-1:]) and _HAN.match(line.lstrip()[:1]):
            lines[-1] += line.lstrip()
        else:
            lines.append(line)
    return "\n".join(lines)


def _target(there: str, config: MkDocsConfig, files: Files) -> str | None:
    """The site's name for a path of the repository; None if it has none."""
    if there.startswith("docs/"):
        return there.removeprefix("docs/")
    if there in OUTSIDE:
        return OUTSIDE[there]
    if not (ROOT / there).is_file():
        return None
    copy = f"{COPIES}/{there}.txt"
    if files.get_file_from_path(copy) is None:
        files.append(File.generated(config, copy, abs_src_path=str(ROOT / there)))
    return copy


def on_post_build(config: MkDocsConfig) -> None:
    """Refuses a site whose pages would fetch anything from elsewhere."""
    for folder, _, names in os.walk(config.site_dir):
        for name in names:
            if name.endswith(".html"):
                text = (Path(folder) / name).read_text(encoding="utf-8")
                if found := _FETCHED.search(text):
                    raise PluginError(f"{name} would fetch something from outside: {found[0]}")

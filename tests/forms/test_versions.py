"""Pages say which version of a layout they were made from, so a declaration that changes gets another one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from ogi_report.forms import Form, official_forms

EDITIONS: dict[str, dict[int, str]] = yaml.safe_load((Path(__file__).parent / "editions.yaml").read_text("utf-8"))


def digest(form: Form) -> str:
    """Of what is declared, however the file is laid out and whatever its comments say."""
    declared = form.model_dump(mode="json", exclude={"version", "years"})
    return hashlib.sha256(json.dumps(declared, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


@pytest.mark.parametrize("layout", official_forms())
def test_the_layout_is_what_its_version_says(layout: str) -> None:
    form = official_forms()[layout]
    known = EDITIONS[layout]
    assert max(known) == form.version
    assert known[form.version] == digest(form), (
        f"{layout}.yaml declares something else than version {form.version} did. If that version was released, raise "
        f"`version`; then write `{form.version}: {digest(form)}` (or the new number) into tests/forms/editions.yaml."
    )


def test_no_two_versions_declare_the_same() -> None:
    assert all(len(set(known.values())) == len(known) for known in EDITIONS.values())

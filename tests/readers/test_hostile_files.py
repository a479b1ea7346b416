"""Other people's files: broken, huge, endless, of another kind. Each ends in a message that says what to do."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import DataError, OgiError
from ogi_report.readers import read_html, read_published, read_text_document, recognise


def refused(tmp_path, name: str, content: bytes) -> str:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_published(file)
    (message,) = error.value.messages
    assert name in message
    return message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.html", b"", "空文件"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "另存为”选择 .docx"),
        ("a.wps", b"\xd0\xcf\x11\xe0" + bytes(600), "另存为”选择 .docx"),
        ("a.rtf", b"{\\rtf1 text}", "另存为”选择 .docx"),
        ("a.docx", "这不是 Word 文件".encode(), "内容却不是 Word 文件"),
        ("a.pdf", "这不是 PDF 文件".encode(), "内容却不是 PDF 文件"),
        ("a.docx", b"PK\x03\x04" + bytes(300), "已损坏"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(300), "图片"),
        ("a.txt", bytes(200), "空文件|二进制"),
        ("a.html", b"abc\x00\x01\x02" * 50, "二进制"),
        ("a.html", b"<b>" * 400_000, "标签超过"),
        ("a.html", b"<div>" * 100_000, "嵌套过深"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, name, content, says):
    assert re.search(says, refused(tmp_path, name, content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"找不到 没有\.html"):
        read_published(tmp_path / "没有.html")


def test_a_huge_page_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "huge.html"
    with file.open("wb") as out:
        os.truncate(out.fileno(), 200_000_000)
    with pytest.raises(DataError, match="200 MB"):
        read_published(file)


def test_a_span_of_a_thousand_million_columns_is_cut(published_figures, page, same):
    figures = published_figures["huaian_2024"]
    text = page(figures).replace('colspan="4"', 'colspan="1000000000"').replace('rowspan="22"', 'rowspan="99999999999"')
    assert same(figures, recognise(read_html(text.encode(), "a.html")).figures) == []


def test_a_table_of_endless_cells_is_refused():
    with pytest.raises(DataError, match="超过 50000 格"):
        read_html(b"<table>" + b"<tr><td>1</td><td>2</td></tr>" * 26_000 + b"</table>", "a.html")
    with pytest.raises(DataError, match="超过 50000 格"):
        read_text_document("1\t2\n" * 26_000, "a.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "no-such-charset", ""])
def test_the_encoding_is_found_whatever_is_declared(encoding, declared, published_figures, page, same):
    figures = published_figures["pingtan_2019"]
    text = page(figures).replace('charset="utf-8"', f'charset="{declared}"')
    assert same(figures, recognise(read_html(text.encode(encoding), "a.html")).figures) == []


def test_a_page_that_is_a_string_in_a_script_is_unpacked(published_figures, page, same):
    figures = published_figures["pingtan_2019"]
    once = json.dumps(page(figures), ensure_ascii=False)
    twice = json.dumps({"content": once}, ensure_ascii=False)
    for text in (f"<script>var page = {once};</script>", f"var data = {twice}"):
        read = recognise(read_html(text.encode(), "a.html"))
        assert same(figures, read.figures) == []
        assert [c.number for c in read.chapters] == [1, 2, 3, 4, 5, 6]


@given(seed=st.integers(0, 10**9))
def test_broken_bytes_raise_nothing_but_our_own_errors(seed, published_figures, page):
    rng = random.Random(seed)
    content = bytearray(page(published_figures["huaian_2024"]).encode())
    for _ in range(rng.randint(1, 60)):
        at = rng.randrange(len(content))
        match rng.randrange(3):
            case 0:
                content[at] = rng.randrange(256)
            case 1:
                del content[at : at + rng.randint(1, 400)]
            case _:
                content[at:at] = content[rng.randrange(len(content)) :][: rng.randint(1, 400)]
    for reader in (read_html, lambda data, shown: read_text_document(data.decode("utf-8", "replace"), shown)):
        with contextlib.suppress(OgiError):
            recognise(reader(bytes(content), "a.html"))

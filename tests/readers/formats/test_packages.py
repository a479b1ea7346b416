"""Word and Excel files that are not what they seem end in a message, quickly and without filling the memory."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from ogi_report.errors import DataError, OgiError
from ogi_report.readers.docx import read_docx
from ogi_report.readers.xlsx import read_xlsx
from ogi_report.writers import Heading, Text, write_docx, write_xlsx

READERS = [(read_docx, "年报.docx", "word/document.xml"), (read_xlsx, "年报.xlsx", "xl/workbook.xml")]


@pytest.fixture(scope="module")
def pages(figures_of):
    figures = figures_of(fill=3)
    return [Heading("一、总体情况"), Text("本年度工作正常开展。"), figures.grid("disclosure"), figures.grid("remedies")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "打开密码，或者是旧版格式"),
        (b"<html><body><table>", "网页（HTML）文件"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "扩展名改为 .html"),
        (b"%PDF-1.7", "扩展名改为 .pdf"),
        (b"{\\rtf1\\ansi", "RTF 文件"),
        (b"PK\x03\x04 but nothing more", "已损坏或不完整"),
        ("一、总体情况".encode(), "内容无法识别"),
    ],
)
@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_what_is_no_package_is_told_apart_and_advice_is_given(read, shown, main, content, says):
    with pytest.raises(DataError, match=says) as error:
        read(content, shown)
    assert shown in str(error.value)


@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_a_zip_without_the_document_is_not_a_document(read, shown, main, make_zip):
    with pytest.raises(DataError, match="里面没有"):
        read(make_zip({"照片.jpg": b"..."}), shown)


def test_a_workbook_renamed_to_word_is_called_a_workbook(pages):
    with pytest.raises(DataError, match="实际上是Excel 工作簿"):
        read_docx(write_xlsx(pages), "年报.docx")
    with pytest.raises(DataError, match="实际上是Word 文档"):
        read_xlsx(write_docx(pages), "年报.xlsx")


@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_a_part_that_unfolds_to_gigabytes_is_not_unfolded(read, shown, main, make_zip):
    bomb = make_zip({main: b"<w>" + b" " * 50_000_000 + b"</w>"})
    assert len(bomb) < 100_000
    with pytest.raises(DataError, match="异常庞大"):
        read(bomb, shown)


@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_a_package_of_very_many_parts_is_refused(read, shown, main, make_zip):
    with pytest.raises(DataError, match="异常庞大"):
        read(make_zip({main: b"<a/>"} | {f"{number}.xml": b"" for number in range(6000)}), shown)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_entities_that_multiply_are_never_expanded(read, shown, main, encoding, make_zip):
    many = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY e0 "lol">{many}]><a>&e11;</a>'
    with pytest.raises(DataError, match="实体声明"):
        read(make_zip({main: text.encode(encoding)}), shown)


@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_an_encoding_that_could_hide_entities_is_refused(read, shown, main, make_zip):
    hidden = b'<?xml version="1.0" encoding="utf-7"?>' + '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'.encode("utf-7")
    with pytest.raises(DataError, match="已损坏"):
        read(make_zip({main: hidden}), shown)


@pytest.mark.parametrize(("read", "shown", "main"), READERS)
def test_a_million_nested_elements_are_refused(read, shown, main, make_zip):
    with pytest.raises(DataError):
        read(make_zip({main: b"<a>" * 1_000_000}), shown)


def test_a_password_on_a_part_is_told(pages):
    content = bytearray(write_docx(pages))
    directory = content.index(b"PK\x01\x02")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    for _ in names:
        content[directory + 8] |= 1
        directory = content.find(b"PK\x01\x02", directory + 4)
    with pytest.raises(DataError, match="密码"):
        read_docx(bytes(content), "年报.docx")


@pytest.mark.parametrize("read_write", [(read_docx, write_docx), (read_xlsx, write_xlsx)])
def test_a_file_cut_off_anywhere_is_called_damaged(read_write, pages):
    read, write = read_write
    content = write(pages)
    for share in (0.1, 0.5, 0.9, 0.999):
        with pytest.raises(DataError, match="已损坏"):
            read(content[: int(len(content) * share)], "年报")


@pytest.mark.parametrize("read_write", [(read_docx, write_docx), (read_xlsx, write_xlsx)])
def test_random_bytes_in_any_part_end_in_a_document_or_in_a_message(read_write, pages, make_zip):
    read, write = read_write
    chance = random.Random(5)
    content = write(pages)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    outcomes = set()
    for _ in range(300):
        name = chance.choice(sorted(parts))
        part = bytearray(parts[name])
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(part))
            match chance.randrange(4):
                case 0:
                    part[at] = chance.randrange(256)
                case 1:
                    del part[at : at + chance.randint(1, 60)]
                case 2:
                    part[at:at] = part[at : at + chance.randint(1, 200)]
                case _:
                    part[at : at + 1] = str(chance.randint(0, 10**12)).encode()
            if not part:
                break
        try:
            outcomes.add(type(read(make_zip(parts | {name: bytes(part)}), "年报")).__name__)
        except OgiError:
            outcomes.add("OgiError")
    assert outcomes == {"Document", "OgiError"}


@pytest.mark.parametrize("read_write", [(read_docx, write_docx), (read_xlsx, write_xlsx)])
def test_random_bytes_in_the_package_end_in_a_document_or_in_a_message(read_write, pages):
    read, write = read_write
    chance = random.Random(7)
    content = write(pages)
    outcomes = set()
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 10)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            outcomes.add(type(read(bytes(damaged), "年报")).__name__)
        except OgiError:
            outcomes.add("OgiError")
    assert outcomes == {"Document", "OgiError"}

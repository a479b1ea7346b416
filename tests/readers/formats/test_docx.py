"""Word documents are read as a reader of the printed page sees them."""

from __future__ import annotations

import io

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import DataError
from ogi_report.readers.document import FoundTable, Paragraph
from ogi_report.readers.docx import read_docx
from ogi_report.writers import Heading, Text, write_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def cell(text: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.fixture
def read_body(make_zip):
    """Reads a document with this XML as its body."""

    def read(body: str, **parts: str):
        kinds = "".join(f'<Relationship Id="{name}" Type="http://x/{name}" Target="{name}.xml"/>' for name in parts)
        names = {f"word/{name}.xml": text for name, text in parts.items()}
        rels = f'<Relationships xmlns="http://x">{kinds}</Relationships>'
        document = (
            f'<w:document {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            f'xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{body}</w:body></w:document>'
        )
        return read_docx(
            make_zip({"word/document.xml": document, "word/_rels/document.xml.rels": rels, **names}), "年报.docx"
        )

    return read


def texts(document) -> list[str]:
    return [piece.text for piece in document.pieces if isinstance(piece, Paragraph)]


def cells(found: FoundTable) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in found.cells]


# -- what we write -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_official_tables_come_back_with_every_merged_cell(form, layout, any_figures, slots):
    @given(figures=any_figures(form))
    def holds(figures):
        grids = [figures.grid(table.key) for table in layout(form).tables]
        found = read_docx(write_docx(grids), "年报.docx").tables
        # Word does not keep white space at the edges of a cell, and neither do we.
        assert [slots(t) for t in found] == [{(*s[:4], s[4].strip()) for s in slots(grid)} for grid in grids]

    holds()


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30), max_size=9)
)
def test_paragraphs_come_back_in_their_order(words):
    document = read_docx(write_docx([Text(word) for word in words], "某局年度报告"), "年报.docx")
    assert texts(document) == words
    assert document.title == "某局年度报告"


def test_the_same_pieces_give_the_same_bytes(figures_of):
    pages = [Heading("年度报告", 0), Heading("一、总体情况"), Text("正文。"), figures_of().grid("remedies")]
    assert write_docx(pages) == write_docx(pages)


def test_control_characters_of_copied_pages_do_not_break_the_file():
    assert texts(read_docx(write_docx([Text("一\x00二\x0b三")]), "年报.docx")) == ["一二三"]


def test_what_we_write_is_what_python_docx_reads_too(figures_of):
    grid = figures_of(fill=7).grid("applications")
    table = docx.Document(io.BytesIO(write_docx([grid]))).tables[0]
    assert len(table.rows) == grid.height
    assert [len(row.cells) for row in table.rows] == [grid.width] * grid.height


# -- what Word does to text --------------------------------------------------------------------------------------------


def test_deleted_text_is_gone_and_inserted_text_is_there(read_body):
    document = read_body(
        "<w:p><w:r><w:t>新收 </w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>13</w:t></w:r></w:ins><w:r><w:t> 件</w:t></w:r></w:p>"
    )
    assert texts(document) == ["新收 13 件"]


def test_hidden_text_and_field_codes_are_not_read_but_results_are(read_body):
    document = read_body(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>共</w:t></w:r>"
        "<w:r><w:instrText>SUM(ABOVE)</w:instrText></w:r><w:fldSimple><w:r><w:t>5</w:t></w:r></w:fldSimple></w:p>"
    )
    assert texts(document) == ["共5"]


def test_tabs_line_breaks_and_number_split_over_runs(read_body):
    document = read_body(
        "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/></w:r><w:r><w:t>738</w:t></w:r><w:hyperlink><w:r><w:t>02.9</w:t>"
        "</w:r></w:hyperlink><w:smartTag><w:r><w:t>0</w:t></w:r></w:smartTag><w:r><w:br w:type='page'/></w:r></w:p>"
    )
    assert texts(document) == ["甲\t乙\n73802.90"]


def test_a_text_box_follows_its_paragraph_and_is_read_once(read_body):
    box = "<w:txbxContent>" + paragraph("框里的字") + table(cell("1") + cell("2")) + "</w:txbxContent>"
    document = read_body(
        f"<w:p><w:r><w:t>前</w:t><mc:AlternateContent><mc:Choice><v:s>{box}</v:s></mc:Choice>"
        f"<mc:Fallback><v:s>{box}</v:s></mc:Fallback></mc:AlternateContent></w:r></w:p>{paragraph('后')}"
    )
    assert texts(document) == ["前", "框里的字", "后"]
    assert [cells(t) for t in document.tables] == [[(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")]]


def test_content_controls_are_looked_into_everywhere(read_body):
    def sdt(inner):
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    document = read_body(sdt(paragraph("甲")) + sdt(table(sdt(cell("1")) + cell("2"))))
    assert texts(document) == ["甲"]
    assert cells(document.tables[0]) == [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")]


# -- automatic numbers -------------------------------------------------------------------------------------------------


def numbering(format: str, text: str, *, start: int = 1, more: str = "") -> str:
    return (
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='{start}'/>"
        f"<w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl><w:lvl w:ilvl='1'><w:start w:val='1'/>"
        f"<w:numFmt w:val='{format}'/><w:lvlText w:val='（%2）'/></w:lvl></w:abstractNum>"
        f"<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>{more}</w:numbering>"
    )


def listed(text: str, level: int = 0, number: int = 1) -> str:
    return (
        f"<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr></w:pPr>"
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


@pytest.mark.parametrize(
    ("format", "second", "eleventh"),
    [
        ("chineseCountingThousand", "二、", "十一、"),
        ("chineseCounting", "二、", "十一、"),
        ("japaneseCounting", "二、", "十一、"),
        ("taiwaneseCountingThousand", "二、", "十一、"),
        ("ideographDigital", "二、", "一一、"),
        ("chineseLegalSimplified", "贰、", "壹拾壹、"),
        ("decimal", "2、", "11、"),
        ("decimalFullWidth", "２、", "１１、"),
        ("upperRoman", "II、", "XI、"),
        ("lowerLetter", "b、", "k、"),
        ("decimalEnclosedCircle", "②、", "⑪、"),
        ("ideographTraditional", "乙、", "11、"),
    ],
)
def test_a_heading_numbered_by_word_is_read_with_its_number(format, second, eleventh, read_body):
    document = read_body("".join(listed("情况") for _ in range(11)), numbering=numbering(format, "%1、"))
    assert texts(document)[1] == f"{second}情况"
    assert texts(document)[10] == f"{eleventh}情况"


def test_lower_levels_begin_anew_under_each_chapter(read_body):
    body = listed("总体") + listed("甲", 1) + listed("乙", 1) + paragraph("正文") + listed("公开") + listed("丙", 1)
    document = read_body(body, numbering=numbering("chineseCounting", "%1、"))
    assert texts(document) == ["一、总体", "（一）甲", "（二）乙", "正文", "二、公开", "（一）丙"]


def test_a_list_may_begin_at_five_or_begin_anew(read_body):
    again = (
        "<w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/>"
        "</w:lvlOverride></w:num>"
    )
    document = read_body(
        listed("问题") + listed("事项") + listed("其一", number=2) + listed("其二", number=2),
        numbering=numbering("chineseCounting", "%1、", start=5, more=again),
    )
    assert texts(document) == ["五、问题", "六、事项", "一、其一", "二、其二"]


def test_a_heading_style_brings_its_number_unless_switched_off(read_body):
    styles = (
        f"<w:styles {W}><w:style w:styleId='a'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "<w:style w:styleId='b'><w:basedOn w:val='a'/></w:style></w:styles>"
    )
    plain = "<w:p><w:pPr><w:pStyle w:val='b'/>{}</w:pPr><w:r><w:t>总体情况</w:t></w:r></w:p>"
    off = plain.format("<w:numPr><w:numId w:val='0'/></w:numPr>")
    document = read_body(plain.format("") + off, styles=styles, numbering=numbering("chineseCounting", "%1、"))
    assert texts(document) == ["一、总体情况", "总体情况"]


def test_bullets_and_unknown_formats_give_no_text(read_body):
    assert texts(read_body(listed("甲"), numbering=numbering("bullet", "·"))) == ["甲"]
    assert texts(read_body(listed("甲"), numbering=numbering("thaiLetters", "%1."))) == ["甲"]


def test_a_numbered_but_empty_cell_stays_blank(read_body):
    body = table(f"<w:tc>{listed('')}</w:tc><w:tc>{listed('甲')}</w:tc>")
    document = read_body(body, numbering=numbering("decimal", "%1."))
    assert cells(document.tables[0]) == [(0, 0, 1, 1, ""), (0, 1, 1, 1, "2.甲")]


# -- merged cells ------------------------------------------------------------------------------------------------------


def test_spans_in_both_directions_are_resolved(read_body):
    document = read_body(
        table(
            cell("头", "<w:gridSpan w:val='2'/><w:vMerge w:val='restart'/>") + cell("右"),
            cell("藏", "<w:gridSpan w:val='2'/><w:vMerge/>") + cell("1"),
            cell("", "<w:gridSpan w:val='2'/><w:vMerge w:val='continue'/>") + cell("2"),
            cell("a") + cell("b") + cell("3"),
        )
    )
    assert cells(document.tables[0]) == [
        (0, 0, 3, 2, "头"), (0, 2, 1, 1, "右"), (1, 2, 1, 1, "1"), (2, 2, 1, 1, "2"),
        (3, 0, 1, 1, "a"), (3, 1, 1, 1, "b"), (3, 2, 1, 1, "3"),
    ]  # fmt: skip


def test_old_horizontal_merges_and_cells_left_out_at_the_row_start(read_body):
    document = read_body(
        table(
            cell("宽", "<w:hMerge w:val='restart'/>") + cell("", "<w:hMerge/>") + cell("1"),
            "<w:trPr><w:gridBefore w:val='2'/></w:trPr>" + cell("2"),
        )
    )
    assert cells(document.tables[0]) == [(0, 0, 1, 2, "宽"), (0, 2, 1, 1, "1"), (1, 2, 1, 1, "2")]


def test_a_continuation_with_nothing_above_it_is_a_cell_of_its_own(read_body):
    document = read_body(table(cell("a", "<w:vMerge/>") + cell("b"), cell("c", "<w:gridSpan w:val='2'/><w:vMerge/>")))
    assert cells(document.tables[0]) == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 2, "c")]


def test_a_deleted_row_is_not_there(read_body):
    document = read_body(table(cell("1") + cell("2"), "<w:trPr><w:del w:id='1'/></w:trPr>" + cell("3") + cell("4")))
    assert [c.text for c in document.tables[0].cells] == ["1", "2"]


def test_a_span_of_a_thousand_million_columns_is_cut_to_what_word_allows(read_body):
    document = read_body(table(cell("a", "<w:gridSpan w:val='1000000000'/>") + cell("b")))
    assert document.tables[0].width == 64


def test_a_table_that_lays_out_the_page_is_taken_apart_in_reading_order(read_body):
    inner = table(cell("1") + cell("2"), cell("3") + cell("4"))
    layout = table(f"<w:tc>{paragraph('一、总体情况')}{inner}{paragraph('二、')}</w:tc>")
    document = read_body(layout)
    assert [type(piece).__name__ for piece in document.pieces] == ["Paragraph", "FoundTable", "Paragraph"]
    assert [piece.place for piece in document.pieces] == ["第 1 段", "第 1 个表格", "第 2 段"]


def test_a_small_table_inside_a_cell_of_figures_is_told_in_that_cell(read_body):
    inner = table(cell("1") + cell("2"))
    outer = table(cell("a") + cell("b") + cell("c"), cell("d") + f"<w:tc>{inner}</w:tc>" + cell("f"))
    document = read_body(outer)
    assert [c.text for c in document.tables[0].cells] == ["a", "b", "c", "d", "1\t2", "f"]


def test_a_frame_around_text_is_no_table(read_body):
    document = read_body(table(cell("某局年度报告")))
    assert texts(document) == ["某局年度报告"]
    assert document.tables == ()


def test_a_table_of_python_docx_is_read_like_ours():
    document = docx.Document()
    made = document.add_table(3, 3)
    made.cell(0, 0).merge(made.cell(1, 1)).text = "角"
    made.cell(2, 2).text = "5"
    out = io.BytesIO()
    document.save(out)
    found = read_docx(out.getvalue(), "年报.docx").tables[0]
    assert (0, 0, 2, 2, "角") in cells(found)
    assert (2, 2, 1, 1, "5") in cells(found)


def test_strict_open_xml_is_read_too(make_zip):
    document = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    part = f'<w:document xmlns:w="{document}"><w:body>{paragraph("正文")}</w:body></w:document>'
    assert texts(read_docx(make_zip({"word/document.xml": part}), "年报.docx")) == ["正文"]


def test_a_document_without_a_body_says_so(make_zip):
    with pytest.raises(DataError, match="没有正文"):
        read_docx(make_zip({"word/document.xml": f"<w:document {W}/>"}), "年报.docx")


def test_far_too_many_cells_are_refused(read_body):
    with pytest.raises(DataError, match="50000 格"):
        read_body(table("<w:tc/>" * 50_001))


def test_text_around_a_table_keeps_its_place(read_body):
    body = paragraph("前") + table(cell("1") + cell("2")) + paragraph("") + paragraph("后")
    kinds = [type(piece).__name__ for piece in read_body(body).pieces]
    assert kinds == ["Paragraph", "FoundTable", "Paragraph"]

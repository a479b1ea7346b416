"""A chapter's text as paragraphs and sentences that know their place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ogi_report.prose import paragraphs

TEXT = "（一）主动公开。全年公开信息５１２条！\n\n（二）依申请公开情况\n收到申请３件（已办结）。"


def test_each_line_is_a_paragraph_and_blank_lines_are_none() -> None:
    found = paragraphs(TEXT, 1)
    assert [p.text for p in found] == [
        "（一）主动公开。全年公开信息５１２条！",
        "（二）依申请公开情况",
        "收到申请３件（已办结）。",
    ]
    assert [p.number for p in found] == [0, 2, 3]
    assert all(p.chapter == 1 for p in found)


def test_sentences_end_with_their_stop_and_keep_what_was_written() -> None:
    first, *_ = paragraphs(TEXT, 1)
    assert [s.original for s in first.sentences] == ["（一）主动公开。", "全年公开信息５１２条！"]
    assert first.sentences[1].text == "全年公开信息512条！"


def test_a_closing_quotation_mark_belongs_to_its_sentence() -> None:
    (paragraph,) = paragraphs("做到“应公开尽公开。”随后开展自查。", 1)
    assert [s.text for s in paragraph.sentences] == ["做到“应公开尽公开。”", "随后开展自查。"]


def test_a_number_is_marked_in_the_sentence_as_it_was_written() -> None:
    sentence = paragraphs(TEXT, 1)[-1].sentences[0]
    (quantity,) = sentence.quantities
    assert sentence.marked((quantity.start, quantity.end)) == "收到申请【３件】（已办结）。"


def test_a_clause_ends_at_the_next_comma_or_bracket() -> None:
    (paragraph,) = paragraphs("收到申请3件，办结2件；结转1件。", 1)
    (sentence,) = paragraph.sentences
    start, end = sentence.clause(sentence.text.index("办结"))
    assert sentence.text[start:end] == "办结2件"


@given(st.text("收到申请3件，。！？；\n（）”’35", max_size=60))
def test_sentences_put_together_are_the_text_again(text: str) -> None:
    for paragraph in paragraphs(text, 2):
        for sentence in paragraph.sentences:
            assert text[sentence.start : sentence.start + len(sentence.original)] == sentence.original
            assert len(sentence.text) == len(sentence.original)
        kept = "".join(sentence.original for sentence in paragraph.sentences)
        assert kept.strip() == paragraph.text.strip()

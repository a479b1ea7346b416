"""How labels of the official form are compared: spellings are joined, meanings never."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.)")
_PUNCTUATION = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "．": "."})


@lru_cache(maxsize=4096)
def normalise(label: str) -> str:
    """Returns a label's comparison form: width, brackets, quotes, commas, white space, `1、` / `1．` / `1. ` made equal.

    >>> normalise("（二） 部分公开（区分处理的，只计这一情形）") == normalise("(二)部分公开(区分处理的,只计这一情形)")
    True
    >>> normalise("1．属于国家秘密") == normalise("1、 属于国家秘密") == normalise("1.属于国家秘密")
    True
    >>> normalise("法律、行政法规") == normalise("法律行政法规")
    True
    """
    text = unicodedata.normalize("NFKC", label).translate(_PUNCTUATION)
    text = re.sub(r"[\s\u200b\ufeff]+", "", text)
    return re.sub(r"^(\d+)[,.]", r"\1.", text).replace(",", "")


def numeral(title: str) -> str:
    """Returns what a chapter is called for short: the numeral before its title.

    >>> numeral("三、收到和处理政府信息公开申请情况")
    '三'
    """
    return title.split("、")[0]


def without_numbering(label: str) -> str:
    """Returns a label without its leading 一、 / （一） / 1. numbering.

    >>> without_numbering("（三）不予公开")
    '不予公开'
    """
    return _NUMBERING.sub("", label)

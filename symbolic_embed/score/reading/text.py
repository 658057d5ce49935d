"""Text in a MIDI file: bytes whose alphabet nobody names.

Names, markers and lyrics are UTF-16 where they begin with its mark, else UTF-8 where they are that; most are ASCII,
which is both. What is left is one of two old alphabets. Shift-JIS, Japan's, has two bytes a sign, and the first of most
stands for a control character in Latin-1; its half-width katakana, one byte each, look like a heap of signs there.
Latin-1, Western Europe's, has its accented letters among plain ones. So text is Japanese where it can be, where Latin-1
would look wrong, and where it looks right as Japanese: kana, or Chinese characters that do not stand alone among
letters. (In a Western text a curly quote, 92 in Windows, takes a letter with it: "Don\u7a1a".) All other is Latin-1.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff\u3005]+")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
_LETTER = re.compile("[A-Za-z]")
_VOICED = re.compile("[\uff76-\uff84\uff8a-\uff8e]\uff9e|[\uff8a-\uff8e]\uff9f")
_MISPLACED_MARK = re.compile("(?<![\uff73\uff76-\uff84\uff8a-\uff8e])\uff9e|(?<![\uff8a-\uff8e])\uff9f")
_FIRST_KANA = re.compile("[\uff66\uff71-\uff9d]")  # that a word can begin with: neither small, nor a mark
_PLAIN_KANA = re.compile("[\uff66-\uff7f]")  # bytes A6 to BF: signs and no letters in Latin-1


def text_of(data: bytes) -> str:
    """A text of a meta event, without NUL characters. Never fails."""
    return _decoded(data).replace("\0", "")


def _decoded(data: bytes) -> str:
    if data.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) and len(data) % 2 == 0:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            pass
    try:
        return data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return _japanese(data) or data.decode("latin-1")


def _japanese(data: bytes) -> str | None:
    """The text in Shift-JIS, as Windows has it; None where it is not that, or may not be."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    if any(0x80 <= ord(sign) < 0xA0 for sign in text):
        return None
    if any(0x80 <= byte < 0xA0 for byte in data):
        return text if _KANA.search(text) or _are_words(_IDEOGRAPHS.findall(text), text) else None
    runs = _HALF_WIDTH.findall(text)
    return text if runs and text.translate(_NO_KANA).isascii() and _is_half_width(runs, text) else None


_NO_KANA = dict.fromkeys(range(0xFF61, 0xFFA0))


def _are_words(runs: list[str], text: str) -> bool:
    """Whether Chinese characters are words: two and more in a row, or one where there are no letters."""
    return any(len(run) > 1 for run in runs) or (bool(runs) and not _LETTER.search(text))


def _is_half_width(runs: list[str], text: str) -> bool:
    """Whether half-width katakana are words: no letters beside them, each a run that can be spoken, and among them a
    sign that is no letter in Latin-1, or a sound with its mark."""
    is_beside_letters = re.search("[A-Za-z][\uff61-\uff9f]|[\uff61-\uff9f][A-Za-z]", text)
    if is_beside_letters or any(len(set(run)) < 2 or not _FIRST_KANA.match(run) for run in runs):
        return False
    together = " ".join(runs)
    return not _MISPLACED_MARK.search(together) and bool(_PLAIN_KANA.search(together) or _VOICED.search(together))

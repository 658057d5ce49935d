"""XML and archives that mean harm, or are damaged."""

import io
import zipfile

import pytest

from symbolic_embed.errors import MidiError
from symbolic_embed.notation.reading.xml_file import parsed, unpacked

SCORE = b"<score-partwise/>"
CONTAINER = b'<container><rootfiles><rootfile full-path="%s"/></rootfiles></container>'
LAUGHS = b"<!DOCTYPE a [<!ENTITY a 'ha'>" + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)) + b"]><a>&j;</a>"  # fmt: skip


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return data.getvalue()


def test_names_are_without_their_namespace():
    root = parsed(b'<?xml version="1.0"?><m:score-partwise xmlns:m="urn:m" xml:lang="de" version="4"/>', source="a")
    assert (root.tag, root.attrib) == ("score-partwise", {"version": "4"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_any_alphabet(encoding):
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>Flöte</a>'.encode(encoding)
    assert parsed(data, source="a").text == "Flöte"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LAUGHS, "its XML declares entities, which no score needs; export it again"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>', "its XML declares entities"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.org/x.dtd"> %x;]><a/>', "its XML declares entities"),
        (b"<a>" * 1_000_000, "more than 40 XML elements inside each other; a score has under ten"),
        (b"", "not XML that can be read"),
        (b"<a><b></a>", "not XML that can be read"),
        (b"<a>\0</a>", "not XML that can be read"),
        (b"\xff\xfe\0", "not XML that can be read"),
    ],
)
def test_what_is_refused_in_a_line(data, reason):
    with pytest.raises(MidiError) as refusal:
        parsed(data, source="a.musicxml")
    assert str(refusal.value).startswith(f"a.musicxml: {reason}")
    assert "\n" not in str(refusal.value)


def test_a_document_type_is_no_harm():
    assert parsed(b'<!DOCTYPE a PUBLIC "-//x//y" "http://example.org/partwise.dtd"><a/>', source="a").tag == "a"


@pytest.mark.parametrize(
    "files",
    [
        {"META-INF__container_xml": CONTAINER % b"score.xml", "other_xml": b"<a/>", "score_xml": SCORE},
        {"META-INF__container_xml": CONTAINER % b"gone.xml", "score_xml": SCORE},
        {"song_pdf": b"%PDF", "score_musicxml": SCORE},
    ],
)
def test_the_score_in_an_archive(files):
    assert unpacked(archive(**files), source="a.mxl", most_bytes=1000) == SCORE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive(score_xml=b" " * 5_000_000), "unpacks to more than the 1,000 bytes that are read; is it music?"),
        (archive(**{"META-INF__container_xml": b" " * 5000}),
         "unpacks to more than the 1,000 bytes"),
        (archive(readme_txt=b"hello"), "a ZIP archive without a score in it (1 files); unpack it, name the music"),
        (b"PK\x03\x04 cut short", "a .mxl archive that cannot be unpacked"),
        (archive(score_xml=SCORE)[:-30], "a .mxl archive that cannot be unpacked"),
        (archive(score_xml=SCORE).replace(b"score.xml", b"other.xml", 1), "a .mxl archive that cannot be unpacked"),
    ],
)  # fmt: skip
def test_archives_that_are_refused(data, reason):
    with pytest.raises(MidiError) as refusal:
        unpacked(data, source="a.mxl", most_bytes=1000)
    assert str(refusal.value).startswith(f"a.mxl: {reason}")


def test_a_lie_about_sizes_unpacks_nothing_more():
    """The directory says ten bytes; there are a million."""
    data = bytearray(archive(score_xml=b"<" + b" " * 999_999))
    for place in (data.index(b"PK\x01\x02") + 24, data.index(b"PK\x03\x04") + 22):
        data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(MidiError, match=r"unpacks to more than|cannot be unpacked"):
        unpacked(bytes(data), source="a.mxl", most_bytes=1000)

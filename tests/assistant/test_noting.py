"""Notes of an assistant's own become a file."""

import pytest

from symbolic_embed.score import read

LEAD = {"name": "Lead", "instrument": "Flute", "notes": [[1, 0, 1, "C4", 90], [1, 2.5, 0.5, 67], [3, 0, 2, 64, 70]]}
KIT = {"name": "Kit", "drums": True, "notes": [[1, 0, 0.25, 36, 100]]}


def test_notes_become_a_file_that_reads_back_as_they_were(assistant, folder):
    told = assistant.call(
        "write_clip", name="My riff!", parts=[LEAD, KIT], metre="3/4", tempo=90, key="D minor", bars=4
    )
    assert told == {"clip": "clip:1", "saved": "My_riff.mid", "bars": 4, "notes": 4}
    again = assistant.call("read_clip", clip=told["clip"])
    assert again["parts"][0]["notes"] == [[1, 0.0, 1.0, 60, 90], [1, 2.5, 0.5, 67, 80], [3, 0.0, 2.0, 64, 70]]
    assert (again["metre"], again["tempo"], again["key"]) == ([[1, "3/4"]], [[1, 90.0]], [[1, "D minor"]])
    assert [part["role"] for part in again["parts"]] == ["melody", "drums"]
    assert read(folder / "My_riff.mid").tracks[0].program == 73


def test_what_was_read_can_be_written_again(assistant):
    told = assistant.call("read_clip", clip="songs/a.mid")
    parts = [{"name": part["name"], "drums": part["role"] == "drums", "notes": part["notes"]} for part in told["parts"]]
    copy = assistant.call("write_clip", name="copy", parts=parts, bars=told["bars"])
    again = assistant.call("read_clip", clip=copy["clip"])
    assert [part["notes"] for part in again["parts"]] == [part["notes"] for part in told["parts"]]


@pytest.mark.parametrize(("key", "signature"), [("F# major", "F# major"), ("Bb", "Bb major"), ("C# minor", "C# minor")])
def test_keys_have_the_fewer_signs(assistant, folder, key, signature):
    assistant.call("write_clip", name="keyed", parts=[LEAD], key=key)
    assert str(read(folder / "keyed.mid").key_signatures[0]) == signature


def test_nothing_is_overwritten(assistant, folder):
    before = (folder / "band.mid").read_bytes()
    said = assistant.error("write_clip", name="band", parts=[LEAD])
    assert said == "band.mid: exists already, nothing was written; give another `name`"
    assert (folder / "band.mid").read_bytes() == before


@pytest.mark.parametrize("name", ["../../secret", "CON", "a/b\\c", "\x07"])
def test_a_hostile_name_becomes_a_plain_one_in_the_folder(assistant, folder, name):
    there = set(folder.parent.rglob("*"))
    saved = assistant.call("write_clip", name=name, parts=[LEAD])["saved"]
    assert set(folder.parent.rglob("*")) - there == {folder / saved}
    assert "/" not in saved


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"notes": [[1, 0, 1]]}, "`notes`: [1, 0, 1] is no note; a note is [bar, quarters after the barline"),
        ({"notes": [[1, 0, 1, "H4"]]}, "`notes`: [1, 0, 1, 'H4'] is no note"),
        ({"notes": [[0, 0, 1, 60]]}, "`notes`: [0, 0, 1, 60]: its bar must be whole, 1 to 4000"),
        ({"notes": [[1, -2, 1, 60]]}, "`notes`: [1, -2, 1, 60]: its place after the barline must be -1 to 1000"),
        ({"notes": [[1, 0, 1, 60.5]]}, "`notes`: [1, 0, 1, 60.5]: its pitch must be whole, 0 to 127"),
        ({"notes": [[1, 0, 1, 128]]}, "`notes`: [1, 0, 1, 128]: its pitch must be whole, 0 to 127"),
        ({"notes": "la la"}, "`notes` must be a list of notes"),
        ({"notes": [], "name": "Solo"}, "`parts`: Solo has no notes; leave it out"),
        ({"notes": [[1, 0, 1, 60]], "instrument": "Flutte"}, "`instrument` 'Flutte': did you mean Flute?"),
        ({"notes": [[1, 0, 1, 60]], "instrument": 128}, "`instrument` 128: programmes are 0 to 127"),
        ({"notes": [[1, 0, 1, 60]], "colour": 1}, "a part has no setting `colour`; known are"),
    ],
)
def test_what_is_no_part_is_said(assistant, folder, part, message):
    assert assistant.error("write_clip", name="x", parts=[part]).startswith(message)
    assert not (folder / "x.mid").exists()


def test_what_is_no_clip_is_said(assistant):
    assert assistant.error("write_clip", name="x", parts=[LEAD], metre="4/5").startswith("`metre` ")
    assert assistant.error("write_clip", name="x", parts=[LEAD], metre="0/4") == "`metre` 0/4: there is no such metre"
    assert assistant.error("write_clip", name="x", parts=[LEAD], key="H") == "`key` 'H': is no key such as D minor"
    many = [{"notes": [[1, 0, 1, 60]] * 20_001}]
    assert assistant.error("write_clip", name="x", parts=many) == "`parts`: more than 20,000 notes; write several clips"

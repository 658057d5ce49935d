"""Modules of the page, run by Node where it is installed: differences, controllers, archives."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile

import numpy as np
import pytest
import takes
from servers import ROOT

from symbolic_embed.bars import cut
from symbolic_embed.commands.remote.offered import offered
from symbolic_embed.presenting.clip import clip
from symbolic_embed.presenting.differences import not_among, note_keys
from symbolic_embed.presenting.page_music import page_music
from symbolic_embed.score import read_bytes

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
SAMPLES = ROOT / "datasets" / "samples" / "midi"


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """All modules in one folder, as the server has them."""
    folder = tmp_path_factory.mktemp("modules")
    for place in ("presenting", "server"):
        for script in (ROOT / "symbolic_embed" / place / "page").glob("*.js"):
            shutil.copy(script, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def run(modules, code, **given):
    """What `code`, a module's, prints as JSON, with `given` as constants."""
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    done = subprocess.run(
        ["node", "--input-type=module", "-"],
        input=f"{constants}{code}".encode(),
        cwd=modules,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def shown(data):
    """A clip as the server shows it."""
    return json.loads(json.dumps(clip(cut(read_bytes(data)), path="a.mid").as_dict()))


def test_every_module_is_one(modules):
    for script in sorted((ROOT / "symbolic_embed" / "server" / "page").glob("*.js")):
        done = subprocess.run(
            ["node", "--input-type=module", "--check", "-"], input=script.read_bytes(), capture_output=True, check=False
        )
        assert done.returncode == 0, (script.name, done.stderr)


def test_what_is_new_is_what_the_other_pages_say(modules):
    seed = takes.band()
    take = takes.continued(seed)
    found = run(
        modules,
        """
        import { musicOf, partsOf } from "./clip.js";
        const parts = partsOf(seed), music = musicOf(seed, parts);
        const piece = musicOf(take, parts, { clip: seed, music });
        const told = ({ part, notes, gone }) => [part, notes.map((n) => n.isNew), gone.length];
        console.log(JSON.stringify({ parts: piece.parts.map(told), seedEnd: piece.seedEnd, end: music.end }));
        """,
        seed=shown(seed.events.to_bytes()), take=shown(take.events.to_bytes()),
    )  # fmt: skip
    score = take.events.score()
    for (_, is_new, gone), track, before in zip(found["parts"], score.tracks, seed.barred.score.tracks, strict=True):
        keys = note_keys(track, division=score.division)
        own = note_keys(before, division=seed.barred.score.division)
        assert is_new == not_among(keys, own).astype(bool).tolist()
        assert gone == int(np.sum(not_among(own, keys)))
    assert found["seedEnd"] == found["end"]


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.mid")))
def test_parts_sound_as_on_the_other_pages(modules, name):
    data = (SAMPLES / name).read_bytes()
    page = page_music(takes.Seed.from_bytes(data, path=name), [])["pieces"][0]["parts"]
    sounds = run(
        modules,
        """
        import { soundsOf } from "./controllers.js";
        console.log(JSON.stringify([...soundsOf(Uint8Array.from(bytes))]));
        """,
        bytes=list(data),
    )
    usual = {"level": page_level(100, 127), "pan": 0, "pedal": []}
    for part, track in zip(page, shown(data)["tracks"], strict=True):
        ours = dict(sounds).get(f"{track['chunk']} {track['channel']}", usual)
        assert ours["level"] == pytest.approx(part["level"], abs=0.02)  # there by notes, here by time
        assert ours["pan"] == pytest.approx(part["pan"], abs=1e-3)
        assert ours["pedal"] == part["pedal"]


def page_level(volume, expression):
    return (volume * expression / 127**2) ** 2


def test_what_is_no_midi_says_nothing_of_sound(modules):
    broken = [0x4D, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 1, 0, 1, 1, 224, 0x4D, 0x54, 0x72, 0x6B, 255, 255, 255, 255, 0]
    found = run(
        modules,
        """
        import { soundsOf } from "./controllers.js";
        console.log(JSON.stringify(files.map((bytes) => soundsOf(Uint8Array.from(bytes)).size)));
        """,
        files=[[], [1, 2, 3], broken, broken + [0x7F] * 50, [*broken, 0xB0, 7]],
    )
    assert all(size <= 1 for size in found)


def test_an_archive_holds_each_file_under_a_name_of_its_own(modules, tmp_path):
    (tmp_path / "out").mkdir()
    code = """
        import { writeFileSync } from "node:fs";
        import { zipped } from "./zip.js";
        const files = given.map(([name, text]) => ({ name, bytes: new Blob([text]) }));
        writeFileSync(path, new Uint8Array(await (await zipped(files)).arrayBuffer()));
        console.log("null");
    """
    given = [["a.mid", "one"], ["ü.mid", "two" * 1000], ["a.mid", "three"], ["a_2.mid", ""]]
    run(modules, code, given=given, path=str(tmp_path / "kept.zip"))
    with zipfile.ZipFile(io.BytesIO((tmp_path / "kept.zip").read_bytes())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.mid", "ü.mid", "a_2.mid", "a_2_2.mid"]
        assert [archive.read(name).decode() for name in archive.namelist()] == [text for _, text in given]


def test_messages_sound_as_evenly_as_they_were_played(modules):
    """A fake of Web Audio: only what `Messages` asks of the synthesiser is written down."""
    code = """
        import { Messages } from "./messages.js";
        import { Synth } from "./synth.js";
        const said = [], context = { currentTime: 0 };
        Object.assign(Synth.prototype, { play: (channel, { pitch }, when) => (said.push(["on", pitch, when]), pitch),
          release: (voice, when) => said.push(["off", voice, when]), place() {} });
        const messages = Object.assign(Object.create(Messages.prototype), { synth: Object.create(Synth.prototype),
          parts: [{}], keys: new Map(), pedal: new Set(), late: new Map(), offset: Infinity });
        messages.synth.context = context;
        for (const [at, rows] of given) {
          context.currentTime = at;
          messages.take(rows);
        }
        console.log(JSON.stringify(said));
    """
    given = [
        (1.0, [[5000, "903c40"]]),
        (1.2, [[5100, "803c00"], [5100, "b0407f"], [5100, "904040"]]),
        (1.21, [[5200, "904000"]]),
        (1.4, [[5300, "b04000"]]),
    ]
    said = run(modules, code, given=given)
    assert [one[:2] for one in said] == [["on", 60], ["off", 60], ["on", 64], ["off", 64]]
    assert [one[2] for one in said] == pytest.approx([1.1, 1.2, 1.2, 1.4])


def test_every_field_of_a_form_is_one_of_the_request(modules):
    """A field that the server does not know is left out of its form, which nobody would notice."""
    laid_out = run(
        modules,
        """
        import { VERBS } from "./verbs.js";
        const names = ({ name, dials }) => [name, ...(dials ?? []).map((dial) => dial.name)];
        console.log(JSON.stringify(VERBS.map(({ verb, fields, more, always, seed }) => ({
          verb, request: [...fields, ...more].flatMap(names).concat(Object.keys(always ?? {})).filter(Boolean),
          options: [...fields, ...more].map(({ option }) => option).concat(seed).filter(Boolean),
          chips: [...fields, ...more].flatMap(({ name, of }) => (of ? [[name, of]] : [])),
        }))));
        """,
    )
    verbs = offered()
    for form in laid_out:
        verb = verbs[form["verb"]]
        assert set(form["request"]) <= set(verb.request.model_fields), form["verb"]
        assert set(form["options"]) <= set(verb.options.model_fields), form["verb"]
        for name, words in form["chips"]:
            verb.request(**{name: words})

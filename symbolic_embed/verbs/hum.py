"""A recording as the MIDI of its melody, with a record that keeps what MIDI does not: when each note was sung in the
recording, how high exactly, and how sure that is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from symbolic_embed.files.names import file_stem
from symbolic_embed.listening.hearing import Heard, hear
from symbolic_embed.listening.recordings import Sound
from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.requests.listening import HumRequest
from symbolic_embed.score.reading.opening import regular_file
from symbolic_embed.score.writing.layout import score_to_events
from symbolic_embed.version import installed_version

LIBRARIES = {"swift_f0": "swift-f0", "pyin": "librosa", "yin": "librosa"}  # of each tracker


@dataclass(frozen=True, eq=False)
class Hummed:
    """The file to be written, and what was heard."""

    output: Output
    heard: Heard

    def named(self, name: str) -> Output:
        """The output by another name, where several recordings have one."""
        return replace(self.output, name=name)


def hum(sound: Sound, request: HumRequest, *, source: str) -> Hummed:
    """The melody of a recording, given by its path or its bytes; `source` is its name. Raises InputError where there is
    none."""
    heard = hear(sound, source=source, request=request)
    events = score_to_events(heard.score())
    return Hummed(Output(hummed_name(source), events, _record(heard, request, _digest(sound))), heard)


def hummed_name(source: str) -> str:
    """What the melody of a recording is called."""
    return file_stem(Path(source).stem)


def _digest(sound: Sound) -> str:
    if isinstance(sound, bytes):
        return hashlib.sha256(sound).hexdigest()
    with regular_file(sound) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(heard: Heard, request: HumRequest, digest: str) -> dict[str, Any]:
    """What the sidecar says. Times are seconds of the recording."""
    taken, notes, pulse = heard.recording, heard.notes, heard.pulse
    libraries = {name: version(name) for name in ("soundfile", "soxr", LIBRARIES[request.tracker])}
    columns = (notes.onset + taken.begin, notes.end + taken.begin, notes.pitch, notes.confidence, notes.rounded)
    return {
        "program": f"symbolic_embed {installed_version()}",
        "command": "hum",
        "settings": request.model_dump(mode="json"),
        "versions": libraries,
        "seed": {"path": heard.source, "sha256": digest, "seconds": round(taken.whole, 3), "heard": True},
        "warnings": [str(warning) for warning in heard.warnings],
        "tuning_cents": round(100 * notes.tuning, 1),
        "tempo": round(pulse.tempo, 3),
        "metre": str(pulse.metre),
        "beat_is_heard": pulse.is_heard,
        "beat_agreement": None if pulse.agreement is None else round(pulse.agreement, 3),
        "notes": [
            {
                "onset": round(float(onset), 4),
                "end": round(float(end), 4),
                "pitch": round(float(pitch), 3),
                "confidence": round(float(confidence), 3),
                "written": int(written),
            }
            for onset, end, pitch, confidence, written in zip(*columns, strict=True)
        ],
    }

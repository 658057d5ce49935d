"""A small band and a composer with random weights that plays wildly, for tests of composing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from symbolic_embed.bars import ROLES, BarredScore
from symbolic_embed.composing.scope import EVERYTHING, Scope
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.composing.varying import Theme, Variation
from symbolic_embed.embedding.checkpoint import Checkpoint, write_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import (
    ComposerNetworks,
    ComposerSettings,
    ModelSettings,
    build_decoder,
    build_encoder,
)
from symbolic_embed.originality.fingerprint import FILE, Fingerprint, save_fingerprint
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.requests import VaryRequest
from symbolic_embed.score import Marker, Notes, Score, Tempo, TimeSignature, Track
from symbolic_embed.score.writing.layout import score_to_events

MODEL = ModelSettings(dim=16, context_dim=8, channels=8, hidden=12)
COMPOSER = ComposerSettings(hidden=12, width=8, heads=2)
QUARTER = 480
COMPOSER_PARTS = ("composer", "plan", "decoder", "copying")


def tiny_composer(*, seed: int = 0) -> TrainedComposer:
    """Untrained networks; their distances are given a table of quantiles as training would."""
    torch.manual_seed(seed)
    encoder, decoder = build_encoder(MODEL), build_decoder(MODEL)
    networks = ComposerNetworks(COMPOSER, model=MODEL)
    for network in (encoder, decoder, networks):
        network.eval().requires_grad_(False)
    quantiles = [round(8.0 * share / 100, 3) for share in range(101)]
    card = {"cell_distance_quantiles": dict.fromkeys(ROLES, quantiles)}
    return TrainedComposer.from_networks(Embedder(MODEL, encoder, decoder, card, "0" * 64), networks)


def deciding(trained: TrainedComposer, *, returns: bool | None = None, plays: bool | None = None) -> TrainedComposer:
    """The same composer, whose cells always or never return, and whose parts always or never play; None: as it was."""
    for logit, answer in ((trained.composer.returning[-1], returns), (trained.plan.playing[-1], plays)):
        if answer is not None:
            logit.bias.fill_(1000.0 if answer else -1000.0)
    return trained


def quiet_composer() -> TrainedComposer:
    """A composer whose decoder would rather end a window than write a note, whose parts rest where they may, and which
    never has anything return."""
    trained = deciding(tiny_composer(), returns=False, plays=False)
    trained.decoder.onset_head.bias[-1] += 1000.0
    return trained


def opened(trained: TrainedComposer, *, seed: int = 0) -> TrainedComposer:
    """The same composer with random weights where fresh ones are nought: what it copies, and what it sees of the window
    that returns."""
    random = torch.Generator().manual_seed(seed)
    copying = trained.copying
    for gates in (copying.onset_gates, copying.pitch_gates, copying.length_gates):
        gates.weight.copy_(torch.randn(gates.weight.shape, generator=random) * 0.3)
        gates.bias.copy_(torch.randn(gates.bias.shape, generator=random) * 0.3)
    look_back = trained.composer.look_back.weight
    look_back.copy_(torch.randn(look_back.shape, generator=random) * 0.3)
    return trained


def band_seed(*, bars: int = 4, numerator: int = 4) -> Seed:
    """A tune, chords, a bass and drums, `bars` bars long, at 100 beats a minute with a slower end."""
    beats = [(bar * numerator + beat) * QUARTER for bar in range(bars) for beat in range(numerator)]
    tune = Notes.of(beats, [400] * len(beats), [60 + (i * 5) % 12 for i in range(len(beats))], [80] * len(beats))
    downbeats = beats[::numerator]
    chords = [(tick, QUARTER * numerator - 10, pitch, 70) for tick in downbeats for pitch in (60, 64, 67)]
    bass = Notes.of(downbeats, [900] * bars, [(36, 41, 43, 36)[bar % 4] for bar in range(bars)], [90] * bars)
    drums = [(tick, 100, 36 if number % 2 == 0 else 38, 100 - number % 3) for number, tick in enumerate(beats)]
    tracks = (
        Track(tune, name="tune", program=73, channel=0),
        Track(Notes.of(*zip(*chords, strict=True)), name="keys", program=4, channel=1),
        Track(bass, name="bass", program=33, channel=2),
        Track(Notes.of(*zip(*drums, strict=True)), name="kit", channel=9),
    )
    score = Score(
        division=QUARTER,
        tracks=tracks,
        tempi=(Tempo(0, 600_000), Tempo(downbeats[-1], 650_000)),
        time_signatures=(TimeSignature(0, numerator, 4),),
        markers=(Marker(0, "A"),),
    )
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="band.mid")


def duo_seed(*, bars: int = 6, semitones: int = 0) -> Seed:
    """A high tune and a bell part, no bass and no drums; at 150 beats a minute, in another division."""
    tune = [(beat * 96, 90, 67 + semitones + (beat * 4) % 7, 70) for beat in range(4 * bars)]
    bells = [(bar * 384, 300, pitch + semitones, 50) for bar in range(bars) for pitch in (84, 88)]
    tracks = (
        Track(Notes.of(*zip(*bells, strict=True)), name="bells", program=14, channel=1),
        Track(Notes.of(*zip(*tune, strict=True)), name="flute", program=73, channel=0),
    )
    score = Score(96, tracks, (Tempo(0, 400_000),), (TimeSignature(0, 4, 4),))
    return Seed.from_bytes(score_to_events(score).to_bytes(), path="duo.mid")


def renamed(seed: Seed, names: Sequence[str]) -> Seed:
    """The seed with other names of its tracks."""
    score = seed.barred.score
    tracks = tuple(replace(track, name=name) for track, name in zip(score.tracks, names, strict=True))
    return Seed.from_bytes(score_to_events(replace(score, tracks=tracks)).to_bytes(), path=seed.path)


def variation(
    embedder: Embedder, barred: BarredScore, *, random_seed: int, scope: Scope = EVERYTHING, **dial: float
) -> Variation:
    """One variation of a piece, by `strength` or `change`."""
    return Theme.of(embedder, barred, VaryRequest(**dial), scope=scope).variations([random_seed])[0]


def composer_checkpoint(folder: Path, *, fingerprint: Fingerprint | None = None) -> Checkpoint:
    """The tiny composer as a checkpoint on disk, with a fingerprint of training data if one is given."""
    trained = tiny_composer()
    embedder = nn.ModuleDict({"encoder": trained.embedder.encoder, "decoder": trained.embedder.decoder})
    composer = nn.ModuleDict({name: getattr(trained, name) for name in COMPOSER_PARTS})
    card = {**trained.embedder.card, "model": MODEL.model_dump(), "composer": COMPOSER.model_dump()}
    beside = {}
    if fingerprint:
        beside[FILE], card["fingerprint"] = save_fingerprint(fingerprint)
    parts = {"embedder": embedder.state_dict(), "composer": composer.state_dict()}
    return write_checkpoint(folder, parts=parts, card=card, beside=beside)

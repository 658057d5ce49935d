"""A piece played as people play, ready to be saved."""

from __future__ import annotations

from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.names import humanised_name, record_of
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.playing.humanising import LOUDNESS, TIME, Human, Humaniser
from symbolic_embed.playing.places import BarPlaces
from symbolic_embed.requests import HumaniseRequest
from symbolic_embed.verbs.replaying import movable_tracks, replayed_output
from symbolic_embed.verbs.scope import parts_named


def humanise(seed: Seed, request: HumaniseRequest) -> Output:
    """`seed` with its notes played as people play: nothing else of it changes. What is played already stays, and the
    record warns of it, unless it is asked for as well. Raises UsageError for tracks that `seed` does not have, for a
    style that nobody plays, and where all that was chosen is played already."""
    seed = seed.with_roles(request.roles)
    chosen = None if request.tracks is None else parts_named(seed.barred, request.tracks, field="tracks")
    tracks = movable_tracks(seed, chosen)
    human = Human(request.amount, request.style, request.random_seed, replace_played=request.played)
    places = BarPlaces.of(seed.barred)
    humaniser = Humaniser(seed.barred.score, places, human)
    ways = {number: humaniser.way(number) for number in tracks.movable}
    warnings = [] if request.played else _already_played(seed, humaniser, tracks.movable)
    if not request.played and all({TIME, LOUDNESS} == set(humaniser.already[number]) for number in tracks.movable):
        raise UsageError(f"{seed.path}: {'; '.join(warnings)}; nothing was written; `played` plays it anew")
    settings = {
        "amount": request.amount,
        "style": request.style,
        "played": request.played,
        "random_seed": request.random_seed,
        "tracks": None if chosen is None else sorted(chosen),
    }
    record = record_of("humanise", seed, None, settings)
    record["warnings"] += [*tracks.warnings, *warnings]
    name = humanised_name(seed, amount=request.amount, style=request.style, random_seed=request.random_seed)
    return replayed_output(seed, name, record, places=places, ways=ways)


def _already_played(seed: Seed, humaniser: Humaniser, numbers: list[int]) -> list[str]:
    """What is said of tracks that are played already."""
    warnings = []
    for number in numbers:
        what = humaniser.already[number]
        if what:
            track = f"track {number} {seed.barred.score.tracks[number].name}".rstrip()
            warnings.append(f"{track} is played already, and keeps its {' and '.join(what)}")
    return warnings

"""The timing and loudness of one piece laid on another, ready to be saved."""

from __future__ import annotations

from collections.abc import Mapping

from symbolic_embed.errors import UsageError
from symbolic_embed.outputs.names import grooved_name, record_of
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.playing.groove import FEWEST_NOTES, Groove, grooves_of
from symbolic_embed.playing.laying import groove_way
from symbolic_embed.playing.places import BarPlaces
from symbolic_embed.requests import GrooveRequest
from symbolic_embed.verbs.replaying import movable_tracks, replayed_output
from symbolic_embed.verbs.scope import parts_named


def groove(source: Seed, seed: Seed, request: GrooveRequest) -> Output:
    """`seed` with its notes played as those of `source` are: nothing else of it changes. Bars in a metre that `source`
    has not stay, and the record warns of them. Raises UsageError for tracks that `seed` does not have, and where no bar
    has the metre of one of `source` with notes enough to hear a groove in."""
    seed = seed.with_roles(request.roles)
    chosen = None if request.tracks is None else parts_named(seed.barred, request.tracks, field="tracks")
    places, grooves = BarPlaces.of(seed.barred), grooves_of(source.barred)
    _require_common_metre(source, seed, places, grooves)
    tracks = movable_tracks(seed, chosen)
    ways = {
        number: groove_way(seed.barred.score.tracks[number], places, grooves, amount=request.amount)
        for number in tracks.movable
    }
    settings = {"amount": request.amount, "tracks": None if chosen is None else sorted(chosen)}
    record = record_of("groove", seed, None, settings)
    record["groove"] = {"path": source.path, "sha256": source.sha256, "bars": source.barred.bars}
    record["tables"] = [groove.record() for groove in grooves.values()]
    record["warnings"] += [*tracks.warnings, *_warnings(source, places, grooves)]
    return replayed_output(seed, grooved_name(seed, source, amount=request.amount), record, places=places, ways=ways)


def _require_common_metre(source: Seed, seed: Seed, places: BarPlaces, grooves: Mapping[str, Groove]) -> None:
    """Raises UsageError where no bar of the seed has a groove."""
    if not grooves:
        raise UsageError(
            f"{source.path}: fewer than {FEWEST_NOTES} notes in any metre, too few to hear a groove in; "
            "give a clip of a bar or more"
        )
    if not set(places.metre) & grooves.keys():
        ours, theirs = (" and ".join(dict.fromkeys(metres)) for metres in (places.metre, grooves))
        raise UsageError(
            f"{source.path} is in {theirs}, {seed.path} in {ours}: there is no bar to lay the groove on; "
            f"give a clip in {ours}"
        )


def _warnings(source: Seed, places: BarPlaces, grooves: Mapping[str, Groove]) -> list[str]:
    """What has to be said of a groove and the piece it was laid on."""
    left: dict[str, int] = {}
    for metre in places.metre:
        if metre not in grooves:
            left[metre] = left.get(metre, 0) + 1
    warnings = [f"{bars} bars in {metre} stay as they are: the groove has none" for metre, bars in left.items()]
    if source.barred.follows_beats:
        warnings.append("the groove follows no grid: it was heard against estimated beats")
    if all(groove.is_mechanical for groove in grooves.values()):
        warnings.append("the groove is on the grid and equally loud throughout: laid on a piece it makes it so")
    return warnings

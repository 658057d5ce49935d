"""What do distances mean? Fits the curves of `similarity/calibration.py`, and says how often they err.

    python benchmarks/calibration.py --music FOLDER [--split valid] [--checkpoint DIR] [--only pieces|fragments]
                                     [--unrelated 250] [--groups 20] [--fragments 120] [--seed 0] [--write]

FOLDER holds data sets, each with a meta.jsonl. UNRELATED pieces, drawn from the sets in turn, no two of one cluster or
group, are unrelated; beside them stand two versions of each of GROUPS groups of each set of SAME (one piece in another
edition, key or band) and of RELATED (variations of a theme, settings of a tune). Every file is transposed at random.

pieces      pairs, compared by all and by each part as `rank --transpose` does, bars by either metric
fragments   FRAGMENTS fragments each of all parts, of one and of two, of 2, 4 and 8 bars, found as `find` does: in their
            own piece, as they are and moved with 5 % of the notes wrong ("same"), in another version of it ("related"),
            and in all unrelated pieces but their own, as if they came from a piece that is not there

Prints for each curve its middle and width, until where its word is said, of how many of those it is about, and of how
many unrelated ones (of those in one set and of others in equal shares); for fragments how many find anything that is
called the same music though their piece is absent, and would among a thousand pieces; last, the curves as JSON. With
--write they are written into the card of CHECKPOINT, which must be named.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from finding import alterations, chosen_pieces, cut_fragments
from numpy.typing import NDArray
from scipy.optimize import minimize

from symbolic_embed.bars import BarredScore, cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.embedding.checkpoint import open_checkpoint, own_folder, rewrite_card
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.evaluation.groups import at_random
from symbolic_embed.library.building import build, featured
from symbolic_embed.library.comparing import comparable
from symbolic_embed.library.features import Needs, always, known
from symbolic_embed.library.find import find
from symbolic_embed.library.stores import MemoryStore
from symbolic_embed.requests import FindRequest
from symbolic_embed.score import read
from symbolic_embed.similarity.calibration import (
    FEWEST_NOTES,
    LIKELY,
    PRIOR,
    PRIOR_RELATED,
    SURE,
    Calibration,
    Curve,
    Scale,
)
from symbolic_embed.similarity.joint import ALL_PARTS, needed, parts
from symbolic_embed.similarity.likeness import Likeness

NARROWEST = 0.03  # width of a curve
SAME = ("pop909", "chopin_first_editions", "mma_openewld", "ruleband")
RELATED = ("tavern_beethoven", "cre_irish", "nottingham")
BARS = (2, 4, 8)
WAYS = {
    **{by: Likeness(transpose=True, parts=by) for by in ("all", "passages", "bars", "harmony", "melody")},
    **{f"{by} cosine": Likeness(transpose=True, parts=by, metric="cosine") for by in ("all", "bars")},
}


@dataclass(frozen=True)
class Pieces:
    """The pieces of a test by path, and which pairs of them are versions of one another."""

    barred: dict[str, BarredScore]
    same: list[tuple[str, str]]
    related: list[tuple[str, str]]
    unrelated: list[str]


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--only", choices=("pieces", "fragments"))
    parser.add_argument("--unrelated", type=int, default=250)
    parser.add_argument("--groups", type=int, default=20)
    parser.add_argument("--fragments", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    if given.write:
        own_folder(given.checkpoint)
    embedder = Embedder.load(given.checkpoint)
    pieces = pieces_of(given, random)
    fitted = Calibration.of_card(embedder.card).model_dump()
    print(f"{len(pieces.unrelated)} pieces, {len(pieces.same)} pairs the same, {len(pieces.related)} related\n")
    print(
        f"{'':<27}  {'middle':>6}  {'width':>6}  {'until':>6}  {'nearer':>6}  {'in n':>5}  {'others':>7}  {'in n':>6}"
    )
    if given.only != "fragments":
        fitted["pieces"] = scales_of_pieces(pieces, embedder)
    if given.only != "pieces":
        fitted["fragments"] = scales_of_fragments(pieces, embedder, count=given.fragments, random=random)
    calibration = Calibration(**fitted)
    print("\n" + json.dumps(calibration.model_dump()))
    if given.write:
        checkpoint = open_checkpoint(given.checkpoint)
        rewrite_card(checkpoint, {**checkpoint.card, "calibration": calibration.model_dump()})


def pieces_of(given: argparse.Namespace, random: np.random.Generator) -> Pieces:
    """What takes part, each file transposed at random."""
    barred = chosen_pieces(given.music, split=given.split, count=given.unrelated, random=random)
    barred = {path: cut(at_random(piece.score, random)) for path, piece in barred.items()}
    unrelated, pairs = list(barred), {}
    for name in (*SAME, *RELATED):
        found = versions(given.music / name, split=given.split, random=random)
        pairs[name] = [tuple(couple) for couple in found[: given.groups]]
        for path in {path for couple in pairs[name] for path in couple} - set(barred):
            barred[path] = cut(at_random(read(given.music / path), random))
    same, related = ([pair for name in names for pair in pairs[name]] for names in (SAME, RELATED))
    return Pieces(barred, same, related, unrelated)


def versions(folder: Path, *, split: str, random: np.random.Generator) -> list[list[str]]:
    """Two files of each group that has two, in an order drawn by chance."""
    groups = defaultdict(list)
    for line in map(json.loads, (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines()):
        if line["split"] == split and line.get("group"):
            groups[line["group"]].append(f"{folder.name}/{line['path']}")
    several = sorted(group for group, paths in groups.items() if len(paths) > 1)
    return [[str(path) for path in random.permutation(groups[group])[:2]] for group in random.permutation(several)]


def scales_of_pieces(pieces: Pieces, embedder: Embedder) -> dict[str, Scale]:
    """A scale for each way to rank."""
    apart = list(combinations(pieces.unrelated, 2))
    is_one_set = np.array([a.split("/")[0] == b.split("/")[0] for a, b in apart])
    weights = np.where(is_one_set, 0.5 / max(is_one_set.sum(), 1), 0.5 / (~is_one_set).sum())
    found = measured([*pieces.same, *pieces.related, *apart], pieces.barred, embedder)
    ends = np.cumsum([len(pieces.same), len(pieces.related)])
    return {way: scale(way, *np.split(values, ends), weights=weights) for way, values in found.items()}


def measured(
    pairs: list[tuple[str, str]], barred: dict[str, BarredScore], embedder: Embedder
) -> dict[str, NDArray[np.float64]]:
    """The distance of each pair by each of WAYS, in the best of twelve keys; (pairs,) each."""
    told = [name for name in ALL_PARTS if name != "passages" or embedder.has_passages]
    needs = Needs.of("bars", *told, "precedence", in_all_keys=always)
    known_of = {piece.path: piece for piece in featured(barred.items(), embedder, needs)}
    first_and_others = defaultdict(list)
    for number, pair in enumerate(pairs):
        one, other = sorted(pair, key=lambda path: known(known_of[path].precedence))
        first_and_others[one].append((number, other))
    asked = {way: likeness for way, likeness in WAYS.items() if way != "passages" or embedder.has_passages}
    found = {way: np.zeros(len(pairs)) for way in asked}
    for metric in ("euclidean", "cosine"):
        joint = Likeness(transpose=True, metric=metric)
        points = {path: comparable(piece, joint, embedder, names=told) for path, piece in known_of.items()}
        ways = {way: likeness for way, likeness in asked.items() if likeness.metric == metric}
        names = told if metric == "euclidean" else needed(joint, has_passages=embedder.has_passages)
        for one, others in first_and_others.items():
            beside = [replace(points[other], bars=points[other].bars[:1]) for _, other in others]
            compared = parts(points[one], beside, likeness=joint, names=names)
            for way, likeness in ways.items():
                found[way][[number for number, _ in others]] = compared.distances(likeness).min(axis=0)
    return found


def scales_of_fragments(
    pieces: Pieces, embedder: Embedder, *, count: int, random: np.random.Generator
) -> dict[int, Scale]:
    """A scale for each number of bars."""
    store = MemoryStore(embedder.embedding_hash, frozenset({"bars", "cells"}))
    build(((path, pieces.barred[path]) for path in pieces.unrelated), embedder, store)
    alone = {path: pieces.barred[path] for path in pieces.unrelated}
    mates = dict([*pieces.same, *pieces.related])
    scales = {}
    for bars in BARS:
        same, related, others, nearest = [], [], [], []
        for kind in ("all", "one", "two"):
            fragments = list(cut_fragments(alone, parts=kind, count=count, bars=bars, random=random))
            altered = alterations(fragments, random=random)["moved, 5 % wrong"]
            for one, wrong in zip(fragments, altered, strict=True):
                places = find(cut(one.score), store, embedder, FindRequest())
                absent = [place.distance for place in places if place.path != one.path]
                own = [(one.path, alone[one.path])]
                same += [place.distance for place in places if place.path == one.path]
                same += [find(cut(wrong.score), own, embedder, FindRequest())[0].distance]
                others.append(absent)
                nearest.append(min(absent) if one.score.note_count >= FEWEST_NOTES else np.inf)
            grouped = {path: pieces.barred[path] for path in mates}
            for one in cut_fragments(grouped, parts=kind, count=len(grouped) // 3, bars=bars, random=random):
                mate = [(mates[one.path], pieces.barred[mates[one.path]])]
                related += [find(cut(one.score), mate, embedder, FindRequest())[0].distance]
        scales[bars] = scale(f"{bars} bars", *map(np.array, (same, related, np.concatenate(others))))
        share = np.mean(np.array(nearest) <= scales[bars].same.distance(SURE))
        among = 1 - (1 - share) ** (1000 / (len(store) - 1))
        print(f"    absent and called the same: {share:.3f} of {len(nearest)}; among 1000: {among:.3f}", flush=True)
    return scales


def scale(
    name: str,
    same: NDArray[np.floating],
    related: NDArray[np.floating],
    others: NDArray[np.floating],
    *,
    weights: NDArray[np.float64] | None = None,
) -> Scale:
    """The curves of "same" against all others, and of "related" or nearer, and a line of each."""
    weights = np.full(len(others), 1 / len(others)) if weights is None else weights
    curves = []
    for title, near, prior, sure in (("same music", same, PRIOR, SURE), ("related", related, PRIOR_RELATED, LIKELY)):
        curve = fitted_curve(near if near is same else np.concatenate([same, near]), others, weights, prior=prior)
        until = curve.distance(sure)
        print(
            f"{name:<15} {title:<11}  {curve.middle:>6.3f}  {curve.width:>6.4f}  {until:>6.3f}  "
            f"{np.mean(near <= until):>6.3f}  {len(near):>5}  {weights[others <= until].sum():>7.5f}  {len(others):>6}",
            flush=True,
        )
        curves.append(curve)
    return Scale(same=curves[0], related=curves[1])


def fitted_curve(
    near: NDArray[np.floating], others: NDArray[np.floating], weights: NDArray[np.float64], *, prior: float
) -> Curve:
    """By maximum likelihood, with so much `prior` for the near ones; `weights` of the others sum to 1. Those that lie
    no nearer than half of the others cannot be told by distance, and say nothing of how to tell the rest."""
    near = near[near < np.median(others)]
    x = np.concatenate([near, others]).astype(np.float64)
    weight = np.concatenate([np.full(len(near), prior / len(near)), (1 - prior) * weights]) / prior
    sign = np.concatenate([np.ones(len(near)), -np.ones(len(others))])

    def loss(parameters: NDArray[np.float64]) -> float:
        middle, log_width = parameters
        return float(weight @ np.logaddexp(0, sign * (x - middle) / np.exp(log_width)))

    # Where near and far do not overlap the likeliest curve is a cliff, and says too much of what was not measured.
    best = min((minimize(loss, [start, -3.0], method="Nelder-Mead") for start in (0.2, 0.4, 0.7)), key=lambda r: r.fun)
    middle, log_width = best.x
    return Curve(middle=round(float(middle), 4), width=round(max(float(np.exp(log_width)), NARROWEST), 5))


if __name__ == "__main__":
    main()

"""What a page says of each take, in HTML: why it was kept, how it did in each check, its file, its settings.

Of a record's `take` every key may be missing: results that were not drawn as takes have cards as well. All text may
come from a file or from somebody's keyboard, so none reaches the page unescaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from symbolic_embed.errors import printable
from symbolic_embed.outputs.seed_file import Output, Seed

MEANINGS = {
    "drone": "longest run of one pitch in a part",
    "empty": "how far a part falls silent",
    "doubling": "how far parts that double each other still do",
    "groove": "likeness of the drums to the seed's",
    "clash": "share of minor seconds and major sevenths",
    "out of key": "share of the time in the seed's scale",
    "range": "semitones beyond a part's own range",
    "static": "bass notes at barlines that differ",
    "no return": "share of cells that return",
    "repetition": "equal bars that are still equal",
    "leaps": "leaps beyond a fifth, more than before",
}
NOTHING = "–"


def seed_tab(seed: Seed) -> str:
    """The button that chooses the seed."""
    return _tab(0, "Seed", f"{seed.barred.bars} bars", is_clean=None)


def take_tab(number: int, output: Output) -> str:
    """The button that chooses a take; `number` is its place on the page, from 1."""
    failures = _failures(output)
    return _tab(
        number, take_title(number, output), _verdict(output), is_clean=None if failures is None else not failures
    )


def seed_card(seed: Seed) -> str:
    """What is said of the seed."""
    said = [f"<p>What the takes were made of: {len(seed.barred.score.tracks)} parts, {seed.barred.bars} bars.</p>"]
    said.append(_definitions({"File": _text(Path(seed.path).name)}))
    return _card(0, "Seed", "", said)


def take_card(number: int, output: Output, *, folder: str) -> str:
    """What is said of a take; `folder`: the address, from the page, of the folder of the outputs."""
    take = _mapping(output.record.get("take"))
    said = []
    if take.get("why"):
        said.append(f'<p class="why"><strong>Why it was kept.</strong> {_value(take["why"])}</p>')
    href = escape(f"{folder}/{quote(output.name)}.mid")
    facts = {"File": f'<a href="{href}">{_text(output.name)}.mid</a>'}
    if take.get("new_cells") is not None:
        facts["New cells"] = f"{_value(take['new_cells'])} <small>of all, neither the seed's nor earlier ones</small>"
    said += [_definitions(facts), _checks(take, _failures(output))]
    settings = {key: value for key, value in _mapping(output.record.get("settings")).items() if value is not None}
    if settings:
        pairs = {_words(key): _value(value) for key, value in settings.items()}
        said.append(f"<details><summary>Settings</summary>{_definitions(pairs)}</details>")
    rank, of = take.get("rank"), take.get("of")
    place = " ".join([f"rank {_value(rank)}" if rank is not None else "", f"of {_value(of)} takes" if of else ""])
    return _card(number, take_title(number, output), place.strip(), said)


def take_title(number: int, output: Output) -> str:
    """What a take is called: the number it was drawn under, else that of the result."""
    take, settings = _mapping(output.record.get("take")), _mapping(output.record.get("settings"))
    if "number" in take:
        return f"Take {take['number']}"
    return f"Result {settings.get('variation', settings.get('step', number))}"


def _tab(number: int, title: str, below: str, *, is_clean: bool | None) -> str:
    mark = "" if is_clean is None else f' data-clean="{"yes" if is_clean else "no"}"'
    chosen = "true" if number == 1 else "false"
    return (
        f'<button type="button" role="tab" id="tab-{number}" aria-controls="panel-{number}" aria-selected="{chosen}"'
        f' data-take="{number}"{mark}><kbd>{number}</kbd><span class="name">{_text(title)}</span>'
        f'<span class="below">{_text(below)}</span></button>'
    )


def _card(number: int, title: str, place: str, said: Sequence[str]) -> str:
    beside = f" <small>{place}</small>" if place else ""
    return (
        f'<section class="card take" role="tabpanel" id="panel-{number}" aria-labelledby="tab-{number}" tabindex="-1">'
        f"<h2>{_text(title)}{beside}</h2>{''.join(said)}</section>"
    )


def _failures(output: Output) -> list[str] | None:
    """The checks that a take fails; None where nobody looked."""
    failures = _mapping(output.record.get("take")).get("failures")
    return None if failures is None else [_words(str(failure)) for failure in failures]


def _verdict(output: Output) -> str:
    failures = _failures(output)
    if failures is None:
        return output.name
    return ", ".join(failures) if failures else "no failure"


def _checks(take: Mapping[str, Any], failures: Sequence[str] | None) -> str:
    """The table of checks, those that failed first; a sentence where none were made."""
    checks = {_words(str(name)): _mapping(check) for name, check in _mapping(take.get("checks")).items()}
    checks |= {name: {} for name in failures or () if name not in checks}
    if not checks:
        return "<h3>Checks</h3><p>None were made.</p>" if failures is None else "<h3>Checks</h3><p>No failure.</p>"
    inorder = sorted(checks, key=lambda name: name not in (failures or ()))
    rows = "".join(_check_row(name, checks[name], fails=name in (failures or ())) for name in inorder)
    heads = "".join(f'<th scope="col"{kind}>{head}</th>' for head, kind in zip(
        ("Check", "Measured", "Bound", "Result"), ("", ' class="number"', ' class="number"', ""), strict=True
    ))  # fmt: skip
    return f'<h3>Checks</h3><table class="checks"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _check_row(name: str, check: Mapping[str, Any], *, fails: bool) -> str:
    measured, bound = (_value(check.get(key)) for key in ("measured", "bound"))
    applies = fails or check.get("measured") is not None
    kind, result = ("fails", "✗ fails") if fails else ("passes", "✓ passes") if applies else ("apart", "does not apply")
    meaning = f"<small>{MEANINGS[name]}</small>" if name in MEANINGS else ""
    return (
        f'<tr class="{kind}"><th scope="row">{_text(name)}{meaning}</th><td class="number">{measured}</td>'
        f'<td class="number">{bound}</td><td class="result">{result}</td></tr>'
    )


def _definitions(pairs: Mapping[str, str]) -> str:
    """Pairs of a name and what is said of it, already HTML."""
    return (
        "<dl>" + "".join(f"<div><dt>{_text(name)}</dt><dd>{said}</dd></div>" for name, said in pairs.items()) + "</dl>"
    )


def _value(value: object) -> str:
    """A value of a record as HTML: numbers with three digits, lists with commas."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{_text(_words(str(key)))} {_value(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value)) or NOTHING
    return _text(value)


def _words(key: str) -> str:
    return key.replace("_", " ")


def _text(value: object) -> str:
    return escape(printable(str(value)))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

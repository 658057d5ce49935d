"""From what was said to the fields of a request: which setting of which verb a fact is.

A verb takes the facts that its table names. One that it does not take has not been understood, and neither has one that
its request refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symbolic_embed.understanding.facts import Fact, Facts

ROLES = ("chords", "bass", "drums", "melody")
PLAYED = {0.1: 0.3, 0.2: 0.3, 0.3: 0.5, 0.6: 1.0}  # how far playing goes where a word says how far notes change
DRAWN = {"versions": "variations", "temperature": "temperature", "random_seed": "random_seed", "humanise": "humanise",
         "takes": "takes", "kept": "keep"}  # fmt: skip
HARMONY = {"scale": "scale", "chords": "chords"}
SINGLE: dict[str, dict[str, str]] = {  # by verb: facts of which there is one, and the fields they are
    "compose": DRAWN | HARMONY | {"count_of_bars": "bars", "ending": "ending", "alone": "alone", "form": "form"},
    "vary": {"versions": "count", "share": "change", "strength": "strength", "bars": "bars", "each_bar": "each_bar",
             "random_seed": "random_seed", "humanise": "humanise", "amount": "change"},
    "fill": DRAWN | {"bars": "bars"},
    "accompany": DRAWN,
    "blend": {"steps": "steps", "to_tempo": "to_tempo", "to_key": "to_key", "random_seed": "random_seed",
              "bars": "bars", "versions": "steps"},
    "live": {"tempo": "tempo", "metre": "metre", "trade": "trade", "end_after": "end_after",
             "temperature": "temperature", "random_seed": "random_seed", "count_of_bars": "end_after"},
    "groove": {"amount": "amount", "share": "amount"},
    "humanise": {"amount": "amount", "share": "amount", "style": "style", "random_seed": "random_seed"},
    "rank": {"items": "top", "why": "why", "transpose": "transpose", "level": "level"},
    "find": {"items": "top"},
    "next": {"items": "top", "after": "after", "transpose": "transpose"},
    "duplicates": {"passages": "passages", "same_file": "same_file", "shortest": "shortest", "transpose": "transpose"},
    "compare": {"transpose": "transpose"},
    "map": {"method": "method", "colour": "colour", "random_seed": "random_seed"},
    "embed": {"level": "level"},
    "check": {"faults": "faults"},
    "build_library": {"prune": "prune"},
}  # fmt: skip
SEVERAL: dict[str, dict[str, str]] = {  # the same, of parts
    "compose": {"keep": "loop", "except": "except_tracks", "only": "tracks"},
    "vary": {"keep": "keep", "except": "except_tracks", "only": "tracks", "named": "tracks"},
    "fill": {"except": "except_tracks", "only": "tracks", "named": "tracks"},
    "blend": {"keep": "keep", "except": "except_tracks", "only": "tracks"},
    "accompany": {"only": "parts", "named": "parts"},
    "live": {"only": "parts", "named": "parts"},
    "groove": {"only": "tracks", "named": "tracks"},
    "humanise": {"only": "tracks", "named": "tracks"},
    "rank": {"only": "tracks", "named": "tracks"},
    "find": {"only": "tracks"},
    "next": {"only": "tracks"},
}
CONTROLS = {"density": "density", "range": "range", "length": "note_length", "thick": "polyphony"}
CONTROLLED = frozenset({"compose", "fill"})
TOWARD = {("density", "higher"): "denser", ("density", "lower"): "calmer", ("range", "higher"): "higher",
          ("range", "lower"): "lower"}  # fmt: skip
CHORDAL = {"piano", "Klavier", "钢琴", "guitar", "Gitarre", "吉他", "organ", "Orgel"}  # who plays these plays chords
SAYING_NOTHING = {
    "seed_is_melody",
    "fragment_is_melody",
    "very_like",
    "rest_stays",
    "at_the_end",
    "either_file",
    "both_files",
}
OUTPUTS = frozenset({"compose", "vary", "fill", "blend", "accompany", "groove", "humanise"})
LISTED = frozenset({"rank", "find", "next", "order", "duplicates", "map", "reconstruct", "show"})


class NotTakenError(ValueError):
    """A fact that the verb has no setting for; the message is the words that say it."""


def settings_of(verb: str, facts: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the verb's request, and the options of its command. Raises NotTakenError."""
    fields: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for name, fact in facts.single.items():
        _single(verb, name, fact, fields, options)
    for name, several in facts.several.items():
        OF_SEVERAL.get(name, _parts)(verb, name, several, fields)
    return fields, options


def _single(verb: str, name: str, fact: Fact, fields: dict[str, Any], options: dict[str, Any]) -> None:
    known = SINGLE.get(verb, {})
    if name in known:
        value = fact.value
        if name == "amount" and verb in ("groove", "humanise"):
            is_number = any(sign.isdigit() for sign in fact.text)
            value = value if is_number else PLAYED.get(float(value), value)
        _set(fields, known[name], value, fact)
    elif (found := _option(verb, name, fact)) is not None:
        options.update(found)
    elif name == "metre" and verb in ("rank", "find", "next", "compare", "duplicates", "map", "order", "embed"):
        _condition(fields, f"metre={fact.value}")
    elif name == "parts_are_chords":
        fields["parts"] = ("chords", *fields.get("parts", ()))
    elif name == "scale" and verb == "live":
        return  # whoever plays along hears the key; `understanding` says so
    elif name not in SAYING_NOTHING:
        raise NotTakenError(fact.text)


def _option(verb: str, name: str, fact: Fact) -> dict[str, Any] | None:
    """What of a command's own options a fact is; None where it is none."""
    if name in ("plot", "notation", "output") and verb in OUTPUTS:
        return {name: fact.value}
    if name == "page" and verb in OUTPUTS:
        return {"page": f"{verb}.html"}
    if name == "page" and verb == "map":
        return {"output": "map.html"}
    if name == "format" and verb in LISTED | {"compare", "check"} and _has_format(verb, str(fact.value)):
        return {"format": fact.value}
    return None


def _has_format(verb: str, format: str) -> bool:
    """Whether a verb prints in a format."""
    if verb == "compare":
        return format == "csv"
    few = {"map": ("json",), "reconstruct": ("json",), "check": ("json",), "show": ("json", "jsonl")}
    return format in few.get(verb, ("json", "jsonl", "csv"))


def _parts(verb: str, name: str, several: Sequence[Fact], fields: dict[str, Any]) -> None:
    """Parts that are named: those that stay, are left out, are meant."""
    known = SEVERAL.get(verb, {})
    for fact in several:
        is_harmony = verb == "compose" and name == "keep" and fact.value == "chords"
        if is_harmony:  # the seed's own go on, as they do anyway
            continue
        is_new = known.get(name) == "parts"
        if name not in known or (is_new and fact.value not in ROLES) or (name != "keep" and fact.value == "rhythm"):
            raise NotTakenError(fact.text)
        if fact.value == "rhythm" and verb == "compose":
            raise NotTakenError(fact.text)
        before = fields.setdefault(known[name], ())
        fields[known[name]] = tuple(dict.fromkeys((*before, fact.value)))


def _controls(verb: str, name: str, several: Sequence[Fact], fields: dict[str, Any]) -> None:
    for fact in several:
        part, wish = fact.value
        if verb == "live" and part is None and (name, wish) in TOWARD:
            _set(fields, "toward", TOWARD[name, wish], fact)
        elif verb in CONTROLLED:
            said = {**dict(fields.get(CONTROLS[name], ())), part: wish}
            fields[CONTROLS[name]] = tuple(said.items())
        else:
            raise NotTakenError(fact.text)


def _part_amounts(verb: str, name: str, several: Sequence[Fact], fields: dict[str, Any]) -> None:
    """One part with its amount is the part that is meant; several have each its own."""
    if len(several) == 1:
        part, amount = several[0].value
        fields["tracks"] = (*fields.get("tracks", ()), part)
        _set(fields, "change", amount, several[0])
    else:
        fields["change"] = {fact.value[0]: fact.value[1] for fact in several}


def _measures(verb: str, name: str, several: Sequence[Fact], fields: dict[str, Any]) -> None:
    """By what part of a likeness things are sorted."""
    for fact in several:
        by = {"chords": "harmony", "melody": "melody", "rhythm": "rhythm"}.get(fact.value)
        if by is None or verb not in ("rank", "compare"):
            raise NotTakenError(fact.text)
        _set(fields, "by", by, fact)


def _holding(verb: str, name: str, several: Sequence[Fact], fields: dict[str, Any]) -> None:
    """Parts that the pieces must have that are searched."""
    for fact in several:
        if fact.value not in ROLES:
            raise NotTakenError(fact.text)
        _condition(fields, str(fact.value))


def _player(verb: str, name: str, several: Sequence[Fact], fields: dict[str, Any]) -> None:
    for fact in several:
        role = "chords" if fact.value in CHORDAL else fact.value
        if role not in ROLES:
            raise NotTakenError(fact.text)
        _set(fields, "player", role, fact)


def _condition(fields: dict[str, Any], text: str) -> None:
    fields["where"] = f"{fields['where']} {text}" if "where" in fields else text


def _set(fields: dict[str, Any], name: str, value: Any, fact: Fact) -> None:
    """Sets a field. Raises NotTakenError where it has another value."""
    if fields.setdefault(name, value) != value:
        raise NotTakenError(fact.text)


OF_SEVERAL: Mapping[str, Callable[[str, str, Sequence[Fact], dict[str, Any]], None]] = {
    **dict.fromkeys(CONTROLS, _controls),
    "part_amount": _part_amounts,
    "by": _measures,
    "with": _holding,
    "player": _player,
}

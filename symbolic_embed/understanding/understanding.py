"""A request in words, and what it means: a verb, its request, which file is what; or what was not understood.

Rules say the verb (`verbs`) and the settings (`rules`, `settings`), a classifier of our own says the verb as well
(`classifier`). Only where both agree, where every word that matters has been understood, where each setting is one that
the verb has and each file has its place, is the meaning sure. Otherwise one line says what is missing, and the nearest
that can be asked is named: nothing is to be done before its user has said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from symbolic_embed import requests
from symbolic_embed.errors import SettingsError, printable
from symbolic_embed.requests.base import Request
from symbolic_embed.requests.command_line import command_line, told
from symbolic_embed.understanding.arguments import Given, UnclearFilesError, arguments_of
from symbolic_embed.understanding.classifier import NONE, Classifier, classifier
from symbolic_embed.understanding.examples import EXAMPLES
from symbolic_embed.understanding.facts import Facts
from symbolic_embed.understanding.reading import UNKNOWN, Reading, read
from symbolic_embed.understanding.row import Row
from symbolic_embed.understanding.rules import facts_in
from symbolic_embed.understanding.settings import SEVERAL, NotTakenError, settings_of
from symbolic_embed.understanding.standing import standing_for
from symbolic_embed.understanding.verbs import CONTINUING, not_understood, verb_said

LONGEST = 500  # letters of a request
DOUBTED = 0.05  # the probability of a verb below which what the rules say is not believed
NOTHING_HERE = (UNKNOWN, "UNSUPPORTED")
PLACED, OF_SELECTION = ("vary", "fill"), ("bars", "tracks")  # verbs that take what is selected
NEAREST = 2  # verbs that are suggested
REQUESTS: dict[str, type[Request]] = {
    kind.verb(): kind
    for kind in (
        *(requests.ComposeRequest, requests.VaryRequest, requests.FillRequest, requests.BlendRequest),
        *(requests.AccompanyRequest, requests.LiveRequest, requests.GrooveRequest, requests.HumaniseRequest),
        *(requests.RankRequest, requests.FindRequest, requests.NextRequest, requests.OrderRequest),
        *(requests.DuplicatesRequest, requests.CompareRequest, requests.MapRequest, requests.EmbedRequest),
        *(requests.ReconstructRequest, requests.ShowRequest, requests.CheckRequest, requests.RenderRequest),
        *(requests.PlayRequest, requests.BuildLibraryRequest),
    )
}
Kind = Literal["static", "continuing"]


@dataclass(frozen=True)
class Understanding:
    """What a request in words means.

    kind      a single answer (static), or something that goes on (continuing)
    verb      what is asked for, as its request is called; None where nothing was recognised
    request   the request; None where it is not sure
    options   what the command has beside it: which file is which argument, a library, formats
    is_sure   whether it may be done
    unclear   one line: what was not understood; of a sure one, what is left to the verb
    nearest   commands and phrases that are near, where it is not sure
    command   the command line that asks for the same; None where it is not sure
    """

    kind: Kind
    verb: str | None
    request: Request | None
    options: Mapping[str, Any]
    is_sure: bool
    unclear: str | None
    nearest: tuple[str, ...]
    command: str | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it: sure, kind, verb, request (what differs from the defaults), options, command, unclear,
        nearest."""
        return {
            "sure": self.is_sure,
            "kind": self.kind,
            "verb": self.verb,
            "request": {} if self.request is None else told(self.request),
            "options": dict(self.options),
            "command": self.command,
            "unclear": self.unclear,
            "nearest": list(self.nearest),
        }


class UnclearError(ValueError):
    """What was not understood, in one line."""


def understand(
    text: str,
    files: Sequence[str] = (),
    libraries: Sequence[str] = (),
    *,
    selected: Mapping[str, str] | None = None,
    by: Classifier | None = None,
) -> Understanding:
    """What `text` asks for, in English, German or Chinese. `files` are the names of the files and folders given with
    it, `libraries` those of the libraries that there are. Nothing is read and nothing is done. `selected`:
    `bars` ("5-8") and `tracks` ("0,2") that are meant where nothing else is said. `by` is another classifier than the
    package's."""
    if len(text) > LONGEST:
        return _unsure(f"a request has at most {LONGEST} letters, this one has {len(text):,}", None, ())
    reading = read(text, files=files, libraries=libraries)
    marks = standing_for(reading.marks, files)
    given = Given(Row(marks), files, libraries)
    chances = (by or classifier()).probabilities(reading, files=len(given.every))
    verb = verb_said(Row(marks), files=len(given.every), has_library=given.library is not None)
    likely = tuple(name for name in chances if name != NONE)
    row = Row(marks)
    try:
        _require_words(reading)
        if verb is None:
            raise UnclearError("what is to be done" if reading.marks else "nothing was said")
        meaning = _meaning(verb, row, given, selected or {})
        _require_agreement(verb, chances)
        return meaning
    except UnclearError as unclear:
        return _unsure(str(unclear), verb, likely)


def _require_words(reading: Reading) -> None:
    """Raises UnclearError for words that are not known, or are known to be of other programs."""
    unknown = [mark.text for mark in reading.marks if mark.concept in NOTHING_HERE]
    if unknown:
        raise UnclearError(", ".join(f'"{word}"' for word in unknown))


def _require_agreement(verb: str, chances: Mapping[str, float]) -> None:
    """Raises UnclearError where the classifier holds the verb for improbable."""
    guess = next(iter(chances))
    if guess != verb and chances[verb] < DOUBTED:
        other = "something else" if guess == NONE else guess
        raise UnclearError(f"whether {verb} is meant, or {other}")


def _meaning(verb: str, row: Row, given: Given, selected: Mapping[str, str]) -> Understanding:
    """What it means where it is this verb, of what is selected where it says no other place. Raises UnclearError."""
    facts = facts_in(row, verb)
    if "named" in SEVERAL.get(verb, {}):
        for found in row.take("<PARTS>"):
            for part in found.values(0, "PART", "NAME"):
                facts.add("named", part, found.text)
    _require_all(verb, row, facts)
    try:
        fields, options = settings_of(verb, facts)
        options = arguments_of(verb, given) | options
        request = REQUESTS[verb](**fields, **_selected(verb, fields, selected))
    except NotTakenError as words:
        raise UnclearError(f'"{words}": {verb} has no such setting') from None
    except (UnclearFilesError, SettingsError) as wrong:
        raise UnclearError(str(wrong)) from None
    _require_bars(request)
    remark = _left_to_the_verb(verb, facts)
    kind: Kind = "continuing" if verb in CONTINUING else "static"
    return Understanding(kind, verb, request, options, True, remark, (), command_line(request, options))


def _selected(verb: str, fields: Mapping[str, Any], selected: Mapping[str, str]) -> dict[str, str]:
    """What is selected, as far as the verb has a place for it and nothing else was said of it."""
    said = {"bars": {"bars", "part_bars"}, "tracks": {"tracks", "except_tracks", "keep"}}
    takes = OF_SELECTION if verb in PLACED else ()
    return {name: selected[name] for name in takes if name in selected and not said[name] & fields.keys()}


def _require_all(verb: str, row: Row, facts: Facts) -> None:
    """Raises UnclearError for words that say nothing of this verb, and for contradictions."""
    left = not_understood(row, verb)
    if left:
        raise UnclearError(", ".join(f'"{mark.text}"' for mark in left) + f" beside {verb}")
    if facts.contradictions:
        raise UnclearError(f"which of {facts.contradictions[0]}")


def _require_bars(request: Request) -> None:
    """Raises UnclearError where a stretch is to be filled, and which is not said."""
    if isinstance(request, requests.FillRequest) and not request.bars:
        raise UnclearError("which bars are to be filled")


def _left_to_the_verb(verb: str, facts: Facts) -> str | None:
    """What was said and is no setting, since the verb hears it."""
    key = facts.single.get("scale")
    return f'"{key.text}" is not set: live hears the key that is played' if verb == "live" and key else None


def _unsure(what: str, verb: str | None, likely: Sequence[str]) -> Understanding:
    """An answer that says what was not understood, and the nearest that is."""
    verbs = list(dict.fromkeys(filter(None, (verb, *likely))))[:NEAREST]
    kind: Kind = "continuing" if verb in CONTINUING else "static"
    return Understanding(
        kind, verb, None, {}, False, printable(f"not understood: {what}"), tuple(EXAMPLES[one] for one in verbs), None
    )

"""What is made of a clip: results of the verbs that are asked for, and neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from symbolic_embed.api.session import Session
from symbolic_embed.bars import ROLES
from symbolic_embed.bars.choosing import parts_meant
from symbolic_embed.errors import NothingNewError, SymbolicEmbedError, UsageError
from symbolic_embed.outputs.seed_file import Output, Seed, contents_of
from symbolic_embed.requests import VaryRequest
from symbolic_embed.requests.scope import LOCKS
from symbolic_embed.requests.watching import Made, WatchRequest
from symbolic_embed.verbs.accompany import accompany
from symbolic_embed.verbs.compose import compose
from symbolic_embed.verbs.vary import vary
from symbolic_embed.watching.neighbours import Opens, neighbours_of

Counting = Callable[[str], Callable[[Sequence[int]], Iterable[int]]]


@dataclass(frozen=True)
class Batch:
    """What was made of a clip: all files by name, how many of them are new music, and what could not be made, each in
    a line."""

    contents: dict[str, bytes]
    made: int
    neighbours: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Workshop:
    """Makes what a request asks for, with one model. `opens`: what opens the library of neighbours; None: there is
    none. `counting`: how progress is told, given a word for what is done."""

    session: Session
    request: WatchRequest
    opens: Opens | None
    counting: Counting

    def make(self, data: bytes, *, path: str) -> Batch:
        """What a clip of these bytes, at a path, gets. Raises InputError where it cannot be read, and the error of a
        verb where nothing at all could be made."""
        seed = Seed.from_bytes(data, path=path, join_channels=self.request.join_channels)
        seed = seed.with_roles(self.request.roles)
        outputs, problems = self._outputs(seed)
        contents = {f"{one.name}{ending}": content for one in outputs for ending, content in contents_of(one).items()}
        near: dict[str, bytes] = {}
        if self.opens is not None and self.request.neighbours:
            near = neighbours_of(seed, data, self.session, self.request, self.opens)
        if problems and not outputs and not near:
            raise problems[0]
        return Batch({**near, **contents}, len(outputs), max(len(near) - 1, 0), tuple(map(str, problems)))

    def _outputs(self, seed: Seed) -> tuple[list[Output], list[SymbolicEmbedError]]:
        """The results of all verbs, and what those said that could make none."""
        outputs: list[Output] = []
        problems: list[SymbolicEmbedError] = []
        for verb in self.request.verbs:
            try:
                outputs += self._asked(verb, seed)
            except (NothingNewError, UsageError) as error:
                problems.append(error)
        return outputs, problems

    def _asked(self, verb: Made, seed: Seed) -> list[Output]:
        session, progress = self.session, self.counting(verb)
        if verb == "vary":
            return vary(seed, session, _of(seed, self.request.varying), progress=progress)
        if verb == "compose":
            return compose(seed, session.composer, self.request.composing, progress=progress)
        return accompany(seed, session.composer, self.request.accompanying, progress=progress)


def _of(seed: Seed, request: VaryRequest) -> VaryRequest:
    """A request for many clips, as it is meant for one: where nobody plays the drums, they need not be kept."""
    silent = {role for role in ROLES if role in request.keep and role not in LOCKS and not _plays(seed, role)}
    return request.model_copy(update={"keep": tuple(word for word in request.keep if word not in silent)})


def _plays(seed: Seed, role: str) -> bool:
    try:
        return bool(parts_meant(role, seed.barred, field="keep"))
    except UsageError:
        return False

"""All tools, with what an assistant is told of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symbolic_embed.assistant import noting, reading, searching, writing
from symbolic_embed.assistant.arguments import checked, schema_of
from symbolic_embed.assistant.workplace import Workplace
from symbolic_embed.assistant.writing import Progress
from symbolic_embed.requests import (
    AccompanyRequest,
    BlendRequest,
    CheckRequest,
    ComposeRequest,
    FillRequest,
    FindRequest,
    NextRequest,
    RankRequest,
    Request,
    VaryRequest,
)
from symbolic_embed.settings import Settings

Answer = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """A tool. `about`: what it is good for, for whoever chooses among tools; `own` and `request`: what it takes;
    `answer`: what it does, told of the progress where it writes music; `by_model`: whether it needs the model;
    `writes`: whether there are new files after it."""

    name: str
    title: str
    about: str
    own: type[Settings]
    request: type[Request]
    answer: Callable[..., Answer]
    by_model: bool = True
    writes: bool = False

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        return schema_of(self.own, self.request)

    def call(self, place: Workplace, given: Mapping[str, Any], progress: Progress) -> Answer:
        """What the tool answers. Raises SymbolicEmbedError for what cannot be done, or be meant."""
        own, request = checked(self.name, self.own, self.request, given)
        told = (progress,) if self.by_model and self.writes else ()
        return self.answer(place, own, request, *told)


_WRITTEN = "Answers with handles and what was measured, not with notes: read_clip reads them."

TOOLS = (
    Tool(
        "list_clips",
        "List clips",
        "The MIDI files in the folder, and results that were not saved.",
        reading.ListClips,
        Request,
        reading.list_clips,
        by_model=False,
    ),
    Tool(
        "read_clip",
        "Read a clip",
        "A clip as music: metre, tempo, key, scale, the chords of each bar, what each part does, and its notes, each "
        "[bar, quarters after the barline, length in quarters, pitch, velocity]. Long clips come some bars at a time: "
        "goes_on_at_bar says where to read on.",
        reading.OfClip,
        reading.ReadRequest,
        reading.read_clip,
        by_model=False,
    ),
    Tool(
        "write_clip",
        "Write a clip",
        "Notes of your own as a new MIDI file in the folder, to be heard, or varied, continued, accompanied by the "
        "other tools.",
        noting.WriteClip,
        Request,
        noting.write_clip,
        by_model=False,
        writes=True,
    ),
    Tool(
        "vary",
        "Vary a clip",
        "The clip with other notes: `change` is the share of the notes that becomes another; `tracks`, `bars` and "
        f"`keep` say what may change and what stays, event for event. {_WRITTEN}",
        writing.WritesFromOne,
        VaryRequest,
        writing.vary,
        writes=True,
    ),
    Tool(
        "compose",
        "Continue a clip",
        f"The clip and new bars after it, in its own tracks, style, tempo and metre. {_WRITTEN}",
        writing.WritesFromOne,
        ComposeRequest,
        writing.compose,
        writes=True,
    ),
    Tool(
        "fill",
        "Fill bars of a clip",
        f"New music for an empty or unloved stretch, from what comes before and after; give `bars`. {_WRITTEN}",
        writing.WritesFromOne,
        FillRequest,
        writing.fill,
        writes=True,
    ),
    Tool(
        "accompany",
        "Accompany a clip",
        f"New parts (bass, drums, chords, melody) beside those of the clip, which stay. {_WRITTEN}",
        writing.WritesFromOne,
        AccompanyRequest,
        writing.accompany,
        writes=True,
    ),
    Tool(
        "blend",
        "Blend two clips",
        f"Clips on the way from one to another, in the tracks of the first. {_WRITTEN}",
        writing.WritesFromTwo,
        BlendRequest,
        writing.blend,
        writes=True,
    ),
    Tool(
        "rank",
        "Find similar clips",
        "Pieces of a library by likeness to a clip, the most alike first; a distance is 0 for the same music and about "
        "1 for unrelated pieces. Each has a handle, to be read or varied.",
        searching.Searches,
        RankRequest,
        searching.rank,
    ),
    Tool(
        "find",
        "Find a fragment",
        "Which piece of a library a fragment is from, and where in it, in whatever key.",
        searching.Searches,
        FindRequest,
        searching.find,
    ),
    Tool(
        "next",
        "Find what goes on",
        "Pieces of a library by how well they go on from a clip: what comes after what, not what is alike.",
        searching.Searches,
        NextRequest,
        searching.next,
    ),
    Tool(
        "check",
        "Check a clip",
        "What in a clip sounds or shows wrong in a DAW, such as hanging notes or overlaps, and ways out.",
        reading.OfClip,
        CheckRequest,
        reading.check,
        by_model=False,
    ),
    Tool(
        "libraries",
        "List libraries",
        "The libraries that rank, find and next search.",
        searching.Nothing,
        Request,
        searching.libraries,
        by_model=False,
    ),
)

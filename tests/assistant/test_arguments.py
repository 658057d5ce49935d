"""What a tool takes is what its request takes."""

import pytest

from symbolic_embed.assistant.arguments import checked, schema_of
from symbolic_embed.assistant.tools import TOOLS
from symbolic_embed.assistant.writing import WritesFromOne
from symbolic_embed.errors import SettingsError, UsageError
from symbolic_embed.requests import ComposeRequest, FillRequest, VaryRequest


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_tool_offers_every_field_once_and_says_what_it_is(tool):
    fields = [*tool.own.model_fields, *tool.request.model_fields]
    assert len(set(fields)) == len(fields)
    assert list(tool.schema["properties"]) == [name for name in fields if not name.startswith("part_")]
    assert all(schema.get("description") for schema in tool.schema["properties"].values())
    assert tool.schema["additionalProperties"] is False


def test_bounds_and_defaults_are_those_of_the_request():
    offered = schema_of(WritesFromOne, VaryRequest)
    assert offered["properties"]["count"]["minimum"] == 1
    assert offered["properties"]["count"]["maximum"] == 1000
    assert offered["properties"]["random_seed"]["default"] == 0
    assert offered["required"] == ["clip"]


def test_bars_are_text_that_counts_from_1_or_how_many():
    assert schema_of(WritesFromOne, VaryRequest)["properties"]["bars"]["type"] == "string"
    assert schema_of(WritesFromOne, ComposeRequest)["properties"]["bars"]["type"] == "integer"
    _, request = checked("vary", WritesFromOne, VaryRequest, {"clip": "a.mid", "bars": "2-3"})
    assert request.bars == (1, 2)
    for request_class in (VaryRequest, FillRequest):
        with pytest.raises(UsageError, match=r'^`bars` must be text, such as "5-8,12", counted from 1$'):
            checked("vary", WritesFromOne, request_class, {"clip": "a.mid", "bars": [2, 3]})


def test_what_a_client_leaves_empty_is_left_out():
    own, request = checked("vary", WritesFromOne, VaryRequest, {"clip": "a.mid", "output": None, "tracks": None})
    assert (own, request) == (WritesFromOne(clip="a.mid"), VaryRequest())


def test_what_is_unknown_missing_or_impossible_is_said_as_the_command_line_says_it():
    with pytest.raises(SettingsError, match=r"^vary has no setting `chnge`; did you mean `change`"):
        checked("vary", WritesFromOne, VaryRequest, {"clip": "a.mid", "chnge": 0.2})
    with pytest.raises(UsageError, match=r"^`clip` must be given: A handle such as clip:3"):
        checked("vary", WritesFromOne, VaryRequest, {"change": 0.2})
    with pytest.raises(SettingsError, match=r"^`count` must be at least 1, not 0$"):
        checked("vary", WritesFromOne, VaryRequest, {"clip": "a.mid", "count": 0})

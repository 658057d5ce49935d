"""The examples in the documentation of the verbs, run with the bundled model as they stand."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import symbolic_embed
from symbolic_embed import api

CLONE = Path(__file__).parents[2]
WITHOUT_EXAMPLE = {
    "render",
    "play_along",
    "replay_session",
}  # they need a sound font, a keyboard, what was played on it


def documented():
    for page in pkgutil.iter_modules(api.__path__):
        yield from doctest.DocTestFinder().find(importlib.import_module(f"symbolic_embed.api.{page.name}"))


EXAMPLES = {example.name.rpartition(".")[2]: example for example in documented() if example.examples}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_it_says(name, monkeypatch):
    monkeypatch.chdir(CLONE)
    said: list[str] = []
    result = doctest.DocTestRunner().run(EXAMPLES[name], out=said.append)
    assert result.failed == 0, "".join(said)


def test_every_public_function_has_one():
    assert set(symbolic_embed.__all__) - WITHOUT_EXAMPLE <= set(EXAMPLES)


@pytest.mark.parametrize("name", symbolic_embed.__all__)
def test_every_parameter_is_documented(name):
    """Each field of the request that a verb takes, and each parameter of its own, has its line."""
    import inspect

    from symbolic_embed.requests import Request

    function = getattr(symbolic_embed, name)
    text = inspect.getdoc(function) or ""
    if inspect.isclass(function):
        return
    parameters = inspect.signature(function, eval_str=True).parameters
    wanted = {parameter for parameter in parameters if parameter != "fields"}
    requests = [kind for kind in Request.__subclasses__() for kind in [kind, *all_below(kind)] if kind.verb() == name]
    wanted |= {field for kind in requests for field in kind.model_fields}
    named = {word.strip() for line in text.splitlines() for word in line.partition(" : ")[0].split(",")}
    assert wanted <= named


def all_below(kind):
    return [below for child in kind.__subclasses__() for below in [child, *all_below(child)]]

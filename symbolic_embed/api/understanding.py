"""A request in words for Python: what it means, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence

from symbolic_embed.understanding import Understanding
from symbolic_embed.understanding import understand as understood


def understand(text: str, files: Sequence[str] = (), libraries: Sequence[str] = ()) -> Understanding:
    """What a request in words means: a verb, its request, which file is which argument. Nothing is read or done.

    Parameters
    ----------
    text : str
        What is asked for, in English, German or Chinese, at most 500 letters.
    files : sequence of str, optional
        Names of the files and folders that are given with it.
    libraries : sequence of str, optional
        Names of the libraries that there are.

    Returns
    -------
    Understanding
        `is_sure` says whether it may be done; then `verb`, `request` and `options` are for the verb of that name, and
        `command` is the command line that asks for the same. Otherwise `unclear` says in one line what was not
        understood, and `nearest` what can be asked that is near. `kind` is "static" for a single answer and
        "continuing" for playing along. `as_dict` gives all of it as JSON has it.

    Examples
    --------
    >>> import symbolic_embed
    >>> symbolic_embed.understand("four bars more, calmer, keep the bass", files=["riff.mid"]).command
    'symbolic-embed compose riff.mid --bars 4 --loop bass --density lower'
    >>> symbolic_embed.understand("make it louder", files=["riff.mid"]).unclear
    'not understood: "louder"'
    """
    return understood(text, files, libraries)

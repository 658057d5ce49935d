"""A request in words: what it means, as a verb, its request and its files; or what of it was not understood.

    understand("four bars more, calmer, keep the bass", files=["riff.mid"]).command
    "symbolic-embed compose riff.mid --bars 4 --loop bass --density lower"

understanding  the whole way, and its result
lexicon        what words stand for; words/ has a table for English, German, Chinese
numerals       numbers in words
signs          files, keys, chords, metres, names
standing       what marks stand for: files, parts
reading        a text as a row of concepts
row, rules     patterns over concepts
facts          what they say
verbs          which verb the concepts say
classifier     which verb a classifier of our own holds for probable, by the weights in verbs.json
settings       from what was said to the fields of a request
arguments      which file is what
spoken         what can be said aloud, as a grammar
examples       a phrase for each verb
"""

from symbolic_embed.understanding.understanding import Understanding, understand

__all__ = ["Understanding", "understand"]

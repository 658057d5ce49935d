"""A request that is said: a recording as samples, and samples as words.

recordings  WAV files of any rate as samples of 16 kHz
loudness    where in a recording somebody speaks
speech      what is said, by a grammar of what can be said
microphone  somebody speaking now

The recogniser and the microphone are the extra `speech`.
"""

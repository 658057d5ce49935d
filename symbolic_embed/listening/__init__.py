"""What is heard: a recording as samples, samples as a melody or as words.

melodies    the pitch at each instant and the notes of a melody, as types
recordings  sound files of any rate as samples
loudness    where in a recording somebody speaks
speech      what is said, by a grammar of what can be said
microphone  somebody speaking now

The recogniser and the microphone are the extra `speech`.
"""

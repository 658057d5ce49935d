"""What is heard: a recording as samples, samples as a melody or as words.

    hear(path or bytes, source=...)                a recording as a melody, with its score and its warnings (`hearing`)
    pitch_curve(samples), notes_of(curve, samples)  the steps of it, in memory
    pulse_of(notes), melody_score(notes, pulse)

recordings  sound files of any kind, rate and number of channels as samples of 16 kHz
melodies    the pitch at each instant and the notes of a melody, as types
trackers    the pitch at each instant
onsets      how loud it is, and what speaks for a note that begins
noting      notes from a pitch curve
tuning      by how much a melody is out of tune
pulse       where its beats are, if it has any
partials    how much of a sound is the melody
scoring     its notes as a score that keeps the times of the recording
hearing     all of these together
loudness    where in a recording somebody speaks
spectra     what sounds at each instant, semitone by semitone; its colour, its strokes
countings   the pulse of a recording, and every way in which its bars can be counted
speech      what is said, by a grammar of what can be said
microphone  somebody speaking or singing now

The recogniser and the microphone are the extra `speech`. Sound libraries and the network are loaded when a recording is
heard, not before.
"""

"""What returns in music, and what it is made of: loops, chords, measures of how a part plays.

loops      after how many bars a piece, or a part of it, returns; how long its sections are
chords     the chord and the bass of each half of a bar
measures   density, polyphony, pitch and length of notes
"""

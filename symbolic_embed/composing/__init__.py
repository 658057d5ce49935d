"""Music from music, as notes on a grid: this knows no files.

trained        the composer of a checkpoint, in use
context        what it is conditioned on: cells, whole bars, what others have written
history        what the parts have played, and may bring back
part_writer    a part that is written, and what it may play
candidates     several cells are drawn for each that is written; which one is taken
ensemble       the part writers at work, and what comes out
continuing     new bars after a piece
chords         the chords that new music goes over
harmony_plan   what its harmony shall be, step by step
half_bars      which pitch classes sound in each half bar
joint_harmony  whose chords hold between two pieces
last_chord     how each part closes
looping        parts that go on as they do
hanging        for how long a part may stay on one note
controls       density, polyphony, range, length: asked against played
form           which of them return
accompanying   new parts beside those that are there
drum_form      where new drums leave their groove, and where they crash
borrowing      the same, from the user's own music
varying        other notes in chosen cells, as far away as asked
dial           how far that is: by distance, or by the share of notes
searching      embeddings that decode to cells so far away
fading         which notes of a part go first where it leaves
retrieving     the user's own cells, and a scale for distances made of them
pairing        two pieces side by side: parts, bars, keys
interpolation  music between them
scope          which tracks and bars may change
locks          what must stay of them: melody, chords, rhythm
stretches      a seed and what was written for it, side by side
failures       what is wrong with that as a composer hears it, counted
idiom          what a part can be expected to play: range, kit, voices, harmony
"""

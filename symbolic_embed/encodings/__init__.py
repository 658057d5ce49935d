"""Windows of music as arrays for the networks, each encoding but that of sound with its inverse.

- `note_rows`: what the decoder writes, a row of classes a note;
- `pianoroll`: planes of 48 steps by 128 pitches, made only where somebody wants to look at them; the network is fed
  with the same content kept sparse;
- `events`: tokens of a MIDI tokeniser, one sequence a window;
- `sound`: windows of a recording, by chroma or MFCC.
"""

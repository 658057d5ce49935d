"""From music of our own to MIDI that every DAW reads: `layout` (a score to events, one part a chunk), `channels` (which
part plays where), `normalising` (a file of any layout brought into ours), `verified` (read back before it is put
anywhere).
"""

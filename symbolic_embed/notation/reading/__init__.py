"""Notation in: what a player reads from paper, as the events of a MIDI file.

files/kinds         which notation a file is
guarded, worker     read in a process of its own, within limits of time and memory
formats             each notation as sheet music: musicxml_file and streams through music21, abc_file and abc_voice here
sheet, performing   sheet music in memory, and how it is played; repeats in which order
"""

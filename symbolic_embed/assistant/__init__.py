"""The verbs as tools of an assistant: `symbolic-embed mcp` speaks the Model Context Protocol on stdin and stdout.

An assistant reads a clip as notes, has it varied, continued, filled, accompanied or blended, searches libraries for
what is like it, and writes notes of its own. Its arguments are the fields of the requests (`symbolic_embed.requests`),
so that what the command line takes and refuses is taken and refused here, in the same sentences. Answers are small: a
clip is named by a handle, "clip:3", and told in a few numbers; its notes are read a stretch at a time. All clips lie in
one folder, and nothing in it is overwritten.

folder     the one folder: names that lead out of it are refused
clips      handles, and the clips that they stand for
workplace  what all tools share: folder, clips, libraries, the model
arguments  what a tool takes: its own fields and those of a request, as one JSON schema
positions  notes as an assistant has them: bar, quarters after the barline
reading    read_clip, list_clips, check
noting     write_clip
writing    vary, compose, fill, accompany, blend
searching  rank, find, next, libraries
tools      all tools, with what each is good for
serving    the protocol: tools listed and called, progress told, errors as text
"""

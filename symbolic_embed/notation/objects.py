"""Objects of other libraries, from and to the bytes of a MIDI file."""


def bytes_of(music: object) -> bytes:
    """The bytes themselves."""
    if isinstance(music, bytes):
        return music
    raise TypeError(f"{type(music).__name__} is no music")

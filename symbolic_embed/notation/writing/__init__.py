"""From a score to sheet music: quantising, voices, spelling, staves, and MusicXML as its elements."""

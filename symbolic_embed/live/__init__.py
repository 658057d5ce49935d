"""Playing along while somebody plays: capture, embed, perturb, write or retrieve, play; again and again ([91-97] of the
patent).

notes        bars as plain tuples; clock: beats and seconds; conducting: whose beat counts;
             clock_out: the clock that we send
capture      what the player plays, bar by bar; hearing: its chord, key, scale; following: its loudness and density
asking       what goes to whoever answers and what comes back; events: all that can happen
answering    the composer's answers; cells: bars as it takes them; drumming: the groove of our drums
deadline     what is played when a bar must be known; sending: what is planned, and what sounds
cycle        the bars of a session; performance: the session, without a clock or ports
controls     what is asked of the next bars
sessions     a session as a file; checking: its lines; replay: played again; exporting: as MIDI
rehearsing   a session without ports, faster
borrowing    answers from the player's own music
ports        MIDI ports by name; linking: Ableton Link
rooms        rooms of a server as ports; listening: being in one
worker       the process that answers; watching: the one that sends, and ends what sounds; helpers: both from here
keeping      whoever answers, for the length of a session
wire         JSON between machines; telling: questions and answers as JSON; comparing: two clocks
remote       whoever answers and sends, on other machines; serving: there; places: which of all these a session has
running      a session on ports, in real time; interrupting: by signals; view: what a terminal shows
takes        sessions in a folder
"""

"""The verbs over HTTP, and the page.

A request that comes in is the request of the package, beside it the files that it is about. It becomes a job: a folder
of its own, in which a process carries out the verb as the command line does, with the same output, the same files and
the same exit code. The server itself opens no music: what is sent is parsed by the process alone, which may be ended.

verbs     what is offered, as the server is told
names     names of files from elsewhere
jobs      what was asked, how far it is, what came of it
spool     the folders of jobs, and what is left of them
crew      the processes that work, and who waits for them
sent      the files and the request of a body
guarding  who may ask, from where, how much, how long
libraries the libraries that are kept, and their pieces
answering routes of verbs, jobs, libraries
asking    the route of requests in words
telling   server-sent events
rooms     what one asks and another plays; room_routes: their routes
pages     the page, and the description of the interface
app       all of it as an application
running   the socket, the clocks of connections
"""

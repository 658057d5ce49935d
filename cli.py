"""For people who cloned: `python cli.py VERB ...` is the installed command `symbolic-embed VERB ...`."""

from symbolic_embed.commands.app import main

if __name__ == "__main__":
    main()

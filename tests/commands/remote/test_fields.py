"""What of a command's options may come from elsewhere."""

from symbolic_embed.commands.remote.fields import kinds
from symbolic_embed.commands.remote.offered import OFFERED, offered, page_of


def test_each_option_of_each_verb_may_come_from_elsewhere_or_may_not():
    for verb in OFFERED:
        assert kinds(page_of(verb).options)


def test_what_is_offered_takes_no_path_of_the_server():
    for verb in offered().values():
        assert not {"checkpoint", "at", "force", "jobs", "cache", "append"} & verb.options.model_fields.keys()

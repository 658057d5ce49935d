"""What several verbs need: inputs and their account, options, outputs, progress."""

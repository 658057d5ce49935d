"""What words stand for, a table a language: `symbolic_embed.understanding.lexicon` reads them."""

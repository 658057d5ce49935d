"""Packages, among them the bundled checkpoint: it lies in `checkpoints/bundled` and is installed inside the package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["symbolic_embed*"]), "symbolic_embed.bundled"],
    package_dir={"symbolic_embed.bundled": "checkpoints/bundled"},
    package_data={
        "symbolic_embed": ["py.typed"],
        "symbolic_embed.bundled": ["*.json", "*.safetensors"],
        "symbolic_embed.playing": ["*.safetensors", "*.txt"],
        "symbolic_embed.presenting": ["page/*"],
        "symbolic_embed.understanding": ["verbs.json"],
        "symbolic_embed.understanding.words": ["*.txt"],
    },
)

"""Tables of text: aligned, whole, and the same everywhere."""

from symbolic_embed.presenting.tables import aligned


def test_columns_are_aligned_and_numbers_flush_right():
    rows = [("Bass", 9, "E1"), ("Flute, transverse", 1234, "")]
    assert aligned(rows, header=("name", "notes", "range"), right={"notes"}) == [
        "name               notes  range",
        "Bass                   9  E1",
        "Flute, transverse   1234",
    ]


def test_wide_characters_take_two_columns():
    assert aligned([("你好", "x"), ("ab", "y")], header=("name", "z")) == ["name  z", "你好  x", "ab    y"]


def test_no_rows_are_a_header():
    assert aligned([], header=("a", "b")) == ["a  b"]

"""The page and the picture of a map: whole, the same each time, asking for nothing, whatever files are called."""

import json
import re
import shutil
import subprocess

import numpy as np
import pieces
import pytest

from symbolic_embed.bars import cut
from symbolic_embed.library.map import Map, map_of
from symbolic_embed.presenting.map_page import SCRIPTS, Blended, map_page, shell_word
from symbolic_embed.presenting.map_picture import Way, map_picture
from symbolic_embed.presenting.page_parts import joined
from symbolic_embed.presenting.page_pieces import Excerpts, page_piece
from symbolic_embed.requests import MapRequest

BAND = cut(pieces.piece(1, bars=3))
EVIL = "</script><script>alert(1)</script><!-- & ' \" --> \udce9\n$x_$.mid"
REQUEST = MapRequest()


def drawn(names, *, groups=None) -> Map:
    vectors = np.random.default_rng(1).normal(size=(len(names), 5))
    return map_of(list(names), vectors, list(groups or ["songs"] * len(names)), REQUEST)


def excerpts_of(names) -> Excerpts:
    excerpts = Excerpts(bars=2)
    for name in names:
        excerpts.add(name, BAND)
    return excerpts


def page_of(names, **more) -> str:
    return map_page(drawn(names), excerpts_of(names), REQUEST, title="songs", **more)


def data_of(html):
    (text,) = re.findall(r'<script type="application/json" id="music">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def test_the_page_holds_every_point_and_its_music():
    names = [f"a/songs/{number}.mid" for number in range(20)]
    data = data_of(page_of(names))
    assert data["folder"] == "a/songs/"
    assert data["names"] == [f"{number}.mid" for number in range(20)]
    assert data["groups"] == [["songs", 20]]
    assert [point[:2] for point in data["points"]] == [[point.x, point.y] for point in drawn(names).points]
    assert data["pieces"] == [page_piece(BAND, bars=2)] * 20
    assert data["words"] == {}
    assert page_of(names) == page_of(names)


def test_a_blend_lies_on_its_way():
    blended = Blended(Way(((0.0, 0.0), (1.0, 2.0), (3.0, 3.0))), (("blend/x.mid", BAND),))
    data = data_of(page_of(["a.mid", "b.mid"], blended=blended))
    assert (data["blends"], data["names"][-1], data["points"][-1][:2]) == (1, "blend/x.mid", [1.0, 2.0])
    assert data["way"] == [[0.0, 0.0], [1.0, 2.0], [3.0, 3.0]]
    assert data["pieces"][-1] == page_piece(BAND)


def test_names_from_files_can_neither_end_the_data_nor_open_an_element():
    html = map_page(drawn([EVIL], groups=[EVIL]), excerpts_of([EVIL]), REQUEST, title=EVIL)
    assert html.count("</script>") == 2
    assert html.count("<script") == 2
    html.encode()
    data = data_of(html)
    assert "\n" not in data["folder"] + data["names"][0] + data["groups"][0][0]
    assert data["words"]["0"].startswith("$'")


def test_the_page_is_well_formed_its_parts_find_each_other_and_it_asks_for_nothing():
    html = page_of(["a.mid", "b.mid"])
    ids = re.findall(r'\bid="([\w-]+)"', html)
    assert len(set(ids)) == len(ids)
    script = html[html.rindex("<script>") :]
    wanted = set(re.findall(r'(?:getElementById|element|find|fill)\("([\w-]+)"', script))
    assert len(wanted) > 20
    assert wanted <= set(ids)
    assert not re.search(r"<(?:link|iframe|object|embed|img|base|form)\b", html)
    assert re.findall(r'(?:href|src|action)="([^"]*)"', html) == ["#cloud"]
    for word in ("http:", "https:", "//cdn", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "import(",
                 "sendBeacon", "EventSource", "new Image", "Worker(", "eval(", "innerHTML"):  # fmt: skip
        assert word not in html, word
    assert "default-src 'none'" in html


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_joined_script_is_a_script():
    done = subprocess.run(["node", "--check", "-"], input=joined(SCRIPTS), text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "path", ["a.mid", "with space/it's.mid", "-x.mid", "new\nline.mid", "caf\udce9.mid", 'ä$`".mid']
)
def test_a_word_of_a_command_means_the_very_file(path, tmp_path):
    printed = subprocess.run(["bash", "-c", f"printf %s {shell_word(path)}"], capture_output=True, check=True).stdout
    assert printed.decode("utf-8", "surrogateescape").removeprefix("./") == path


@pytest.mark.parametrize("count", [1, 2, 30])
@pytest.mark.parametrize("format", ["png", "svg"])
def test_the_picture_is_the_same_each_time_and_makes_no_noise(count, format, capsys):
    names = [f"{EVIL}{number}" for number in range(count)]
    some = drawn(names, groups=[f"{EVIL}{number % 20}" for number in range(count)])
    way = Way(((0.0, 0.0), (1.0, 2.0)))
    first = map_picture(some, title=EVIL, way=way, format=format)
    assert first == map_picture(some, title=EVIL, way=way, format=format)
    assert first != map_picture(some, title=EVIL, format=format)
    assert capsys.readouterr() == ("", "")

"""Ableton Link between two processes. Left out where there is no linkpython-extern, or the network has no multicast."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from live_players import Counting

from symbolic_embed.live.events import Linked
from symbolic_embed.live.linking import Linking
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.requests.live import LiveRequest

pytest.importorskip("link")

QUARTERS, SECONDS = 4.0, 10.0
PEER = """
import sys, time
import link
peer = link.Link(97.0)
peer.enabled = True
end = time.monotonic() + 10
while not peer.numPeers() and time.monotonic() < end:
    time.sleep(0.02)
print(peer.numPeers(), flush=True)
for line in sys.stdin:
    state = peer.captureSessionState()
    if line != "\\n":
        state.setTempo(float(line), peer.clock().micros())
        peer.commitSessionState(state)
    state = peer.captureSessionState()
    print(time.monotonic(), state.phaseAtTime(peer.clock().micros(), 4.0), state.tempo(), flush=True)
"""


def test_tempo_and_bars_are_those_of_the_other_program() -> None:
    told: list[tuple[float, Linked]] = []
    peer = subprocess.Popen(
        [sys.executable, "-c", PEER], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1
    )
    assert peer.stdin is not None
    assert peer.stdout is not None
    time.sleep(1.0)  # the peer is there first: it is its tempo that counts
    linking = Linking(120.0, quarters=QUARTERS, hear=lambda said: told.append((time.monotonic(), said)))
    try:
        if peer.stdout.readline() == "0\n":
            pytest.skip("no multicast: Link finds nobody")
        for tempo in (97.0, 133.0):
            peer.stdin.write("133\n" if tempo == 133.0 else "\n")
            end = time.monotonic() + SECONDS
            while not told or told[-1][1].tempo != pytest.approx(tempo):
                assert time.monotonic() < end, told[-1:]
                time.sleep(0.02)
            peer.stdout.readline()
        time.sleep(0.5)
        peer.stdin.write("\n")
        at, phase, _ = map(float, peer.stdout.readline().split())
        time.sleep(0.2)
        ours = min(told, key=lambda one: abs(one[0] - at))
        apart = (ours[1].beat + (at - ours[0]) * 133.0 / 60 - phase) % QUARTERS
        assert min(apart, QUARTERS - apart) < 0.1
    finally:
        linking.close()
        peer.stdin.close()
        peer.wait(SECONDS)
    last = len(told)
    time.sleep(0.2)
    assert len(told) == last


def test_a_session_has_the_bars_of_link_and_follows_its_tempo() -> None:
    """Link stands at beat 8.5 of bars of four, and goes from 120 to 150 at 2 s: the bar goes on at 3.5 quarters."""
    request = LiveRequest(parts="bass", sync="link")
    rehearsal = Rehearsal(request, Counting(), parts=("bass",), lead=0.4, seconds_for=lambda _: 0.05)
    beat = 8.5
    for number in range(200):
        tempo = 120.0 if number < 40 else 150.0
        rehearsal.add(Linked(tempo, beat), at=number * 0.05)
        beat += 0.05 * tempo / 60
    rehearsal.hear([(0.1, b"\x90\x3c\x50"), (3.0, b"\x80\x3c\x00"), (3.1, b"\x90\x3e\x50")])
    rehearsal.run(until=5.0)
    onsets = [due for due, message in rehearsal.sent if message[0] & 0xF0 == 0x90]
    assert onsets[:2] == [pytest.approx(1.75, abs=0.001), pytest.approx(2.0 + 3.5 * 0.4, abs=0.001)]

"""Workers: every task is answered, in order, whatever some of them do to the process that works on them."""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time

import harmful
import pytest

from symbolic_embed.errors import SymbolicEmbedError
from symbolic_embed.workers import Limits, Lost, Workers, pool

posix = pytest.mark.skipif(os.name == "nt", reason="signals")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")


def answers(tasks, *, jobs=2, **limits):
    with Workers(harmful.done, jobs=jobs, limits=Limits(**limits)) as workers:
        return list(workers.each(tasks))


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as said:
            return said.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_answers_come_in_the_order_of_tasks():
    tasks = [("slow" if number % 7 == 0 else "do", number) for number in range(100)]
    assert answers(tasks, jobs=3) == [(task, 2 * task[1]) for task in tasks]


def test_nothing_to_do_starts_nothing(monkeypatch):
    monkeypatch.setattr(pool, "Process", None)
    assert answers([]) == []


def test_no_more_is_taken_ahead_than_some_tasks_a_worker():
    taken = []
    with Workers(harmful.done, jobs=2) as workers:
        each = workers.each((taken.append(number) or ("do", number)) for number in itertools.count())
        assert next(each) == (("do", 0), 0)
        time.sleep(0.2)
        assert len(taken) <= pool.TOGETHER * pool.AHEAD * 2


@posix
@pytest.mark.parametrize(
    ("word", "reason", "limits"),
    [
        ("crash", "the process that reads files died of it (signal 11); is it damaged?", {}),
        ("leave", "the process that reads files died of it (exit code 5); is it damaged?", {}),
        ("hang", "takes more than 0.5 seconds to read; is it music?", {"seconds": 0.5}),
        ("turn", "takes more than 0.5 seconds to read; is it music?", {"seconds": 0.5}),
        ("raise", "cannot be read (KeyError: 'no such thing'); is it damaged?", {}),
        pytest.param("eat", "takes more than 1.1 GB of memory to read; is it music?", {}, marks=linux),
        ("eat in secret", "takes more than 0.3 GB of memory to read; is it music?", {"memory": 300_000_000}),
    ],
)
def test_what_kills_a_worker_costs_itself_alone_and_is_named(word, reason, limits):
    tasks = [("do", number) for number in range(40)]
    tasks[20] = (word, 20)
    given = dict(answers(tasks, **limits))
    assert given.pop((word, 20)) == Lost(reason)
    assert given == {("do", number): 2 * number for number in range(40) if number != 20}


@posix
def test_who_is_killed_by_somebody_else_costs_nothing():
    tasks, is_over = [("slow", number) for number in range(300)], threading.Event()
    killed = []

    def kill(workers):
        chance = random.Random(1)
        while not is_over.wait(chance.uniform(0.2, 0.5)):
            for pid in workers.pids[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    with Workers(harmful.done, jobs=2) as workers:
        threading.Thread(target=kill, args=(workers,)).start()
        try:
            assert list(workers.each(tasks)) == [(task, 2 * task[1]) for task in tasks]
        finally:
            is_over.set()
    assert len(set(killed)) >= 3


@linux
def test_an_interrupt_leaves_no_process():
    pids = []

    def interrupted():
        with Workers(harmful.done, jobs=2) as workers:
            each = workers.each(("hang" if number > 40 else "do", number) for number in range(1000))
            next(each)
            pids.extend(workers.pids)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert pids
    assert not any(map(is_running, pids))


SCRIPT = """
import harmful, sys
from symbolic_embed.workers import Workers
workers = Workers(harmful.done, jobs=2)
for _ in workers.each([("do", number) for number in range(40)] + [("turn", 40)] * 64):
    print(*workers.pids, flush=True)
"""


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_parent(how):
    """Not even one that is busy; and a program need not guard its main module."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, env=environment) as parent:
        pids = [int(pid) for pid in [parent.stdout.readline() for _ in range(30)][-1].split()]
        assert len(pids) == 2
        assert all(map(is_running, pids))
        parent.send_signal(how)
    until = time.monotonic() + 10
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, pids))


def test_an_installation_that_is_broken_is_not_blamed_on_a_file(monkeypatch):
    monkeypatch.setattr(pool, "SERVING", "symbolic_embed.workers.no_such_module")
    with pytest.raises(SymbolicEmbedError, match=r"does not start; try it$"):
        answers([("do", 1)])

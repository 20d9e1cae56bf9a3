"""Many processes on this machine: each loads the coder once; one that dies is replaced and its batch done again."""

from __future__ import annotations

import os
import pickle
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from communique.engines.batches import Batch, Done, Host, Job
from communique.engines.children import end_of, start
from communique.engines.order import in_order
from communique.engines.rescue import Rescue, WorkerDied
from communique.errors import CommuniqueError, EngineError

_AHEAD = 2  # batches in flight for each worker: one that it codes, one for when it is done before the others
_STARTS = 3  # a worker that dies while it loads is started so often


def processes(job: Job, batches: Iterator[Batch], host: Host) -> Iterator[Done]:
    """Code batches in `job.jobs` processes, 0 for one on each core (an `Engine`)."""
    number = job.jobs or cores()
    host.say(f"starting {number} workers" if number > 1 else "starting a worker")
    pool = _Pool(job, number)
    try:
        yield from in_order(batches, pool.submit, lambda: _AHEAD * number)
    finally:
        pool.close()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Pool:
    """Workers, each served by a thread that waits for it. A worker starts when there is a batch for it."""

    def __init__(self, job: Job, number: int) -> None:
        self._workers = [_Worker(job) for _ in range(number)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="communique-worker")
        self._rescue = Rescue(self._attempt)

    def submit(self, batch: Batch) -> Any:
        return self._threads.submit(self._rescue, batch)

    def close(self) -> None:
        """End all workers at once, whatever they are doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.forget()

    def _attempt(self, batch: Batch) -> Done:
        worker = self._idle.get()
        try:
            return worker.code(batch)
        finally:
            self._idle.put(worker)


class _Worker:
    """A process that codes batches (communique.engines.worker), and the pipes to it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def code(self, batch: Batch) -> Done:
        """Return what comes of a batch. Raises WorkerDied, and the errors of our own kind that the worker meets."""
        process = self._process or self._start()
        done = self._ask(process, batch)
        assert isinstance(done, Done)
        return done

    def close(self) -> None:
        """Kill the process; whoever waits for it is told that it died."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    def forget(self) -> None:
        """Wait for the end of a process that was killed while nobody waited for it."""
        if self._process is not None:
            end_of(self._process)
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process and wait until it has loaded the coder."""
        for tries in range(1, _STARTS + 1):
            process = self._process = self._opened()
            try:
                self._ask(process, self._job)
            except WorkerDied as death:
                if tries == _STARTS:
                    raise EngineError(
                        f"A worker process does not start: it {death} while it loaded the language model. "
                        "If the machine is short of memory, give a smaller number of --jobs."
                    ) from None
            else:
                break
        return process

    def _opened(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise EngineError("The workers were stopped.")
        process = start("communique.engines.worker")
        if self._closed:  # meanwhile
            process.kill()
        return process

    def _ask(self, process: subprocess.Popen[bytes], message: Batch | Job) -> Any:
        assert process.stdin is not None and process.stdout is not None
        try:
            pickle.dump(message, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            answer = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            self._process = None
            raise WorkerDied(end_of(process)) from None
        if isinstance(answer, CommuniqueError):
            raise answer
        if isinstance(answer, str):  # a fault of the program's, as text: not every exception can be sent
            raise RuntimeError(answer)
        return answer

"""A worker process: takes a job and then batches from standard input, and answers on standard output.

Both are pickles, and only ever ours: whoever started the process holds the other ends. What a library prints goes to
standard error. When nobody holds the other end any more, the process ends at once, whatever it is doing; a part that it
was writing then stays without its name and is swept.
"""

from __future__ import annotations

import io
import os
import pickle
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from communique.engines.batches import Job
from communique.engines.children import own_pipes
from communique.engines.loading import load_coder
from communique.engines.work import code_batch
from communique.errors import CommuniqueError

READY = None
_FIRST_TO_GO = "500"  # of 1000: when memory runs out, a worker can be replaced and the driver cannot


def main() -> None:
    """Serve until standard input ends."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    asked, answers = own_pipes()
    messages: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked, messages), daemon=True).start()
    job: Job = messages.get()
    try:
        coder = load_coder(job.settings)
        coder.parser.nlp  # noqa: B018 - loaded now, so that a batch is not blamed for what goes wrong here
        _answer(answers, READY)
        while True:
            _answer(answers, code_batch(coder, job.store, messages.get()))
    except CommuniqueError as error:
        _answer(answers, error)
    except Exception:
        _answer(answers, traceback.format_exc())
        raise


def _listen(asked: BinaryIO, messages: SimpleQueue[Any]) -> None:
    """Pass on what comes; at its end, end the process."""
    try:
        while True:
            messages.put(pickle.load(asked))
    except (EOFError, OSError, pickle.UnpicklingError):
        pass
    finally:
        os._exit(0)


def _answer(answers: BinaryIO, answer: Any) -> None:
    whole = io.BytesIO()
    pickle.dump(answer, whole, pickle.HIGHEST_PROTOCOL)
    answers.write(whole.getbuffer())
    answers.flush()


if __name__ == "__main__":
    main()

"""What holds for the whole suite."""

from __future__ import annotations

import signal

# A suite that is started in the background has SIGINT ignored, and so have the programs that it starts; those that are
# to be interrupted must hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

"""Ends a function that takes too long, by a signal: it may be in an endless loop."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_AGAIN = 0.5  # seconds until the signal comes again, for one that catches everything


class TimeUpError(BaseException):
    """The time is up; no ``except Exception`` of the function catches it."""


def call_within(seconds: float, work: Callable[[], None]) -> None:
    """Call a function, for some seconds at most.

    Only the main thread gets signals, and Windows has no timer for them: there, and where
    somebody else waits for the same signal, the time has no limit.

    Raises:
        TimeUpError: if the function has not ended by then.

    """
    import signal
    import threading

    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "setitimer"):
        work()
        return
    if signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        work()
        return

    def end(*_: object) -> None:
        raise TimeUpError

    def stop() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    signal.signal(signal.SIGALRM, end)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
            work()
        finally:
            stop()
    except TimeUpError:
        stop()  # it may have come before the timer was stopped
        raise

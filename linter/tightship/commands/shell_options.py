"""The options of a shell that decide whether it goes on after a command has failed."""

from __future__ import annotations

from tightship.commands.program import shell_kind
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class ShellOptions(Record, frozen=False):
    """Whether ``errexit`` and ``pipefail`` are set.

    ``sure`` is false if a word may set others. ``is_bash`` tells that the shell runs as
    bash and not as ``sh``: a command substitution then does not inherit ``errexit``
    (Bash manual, Command Substitution).
    """

    errexit: bool = False
    pipefail: bool = False
    sure: bool = True
    is_bash: bool = False

    @classmethod
    def of(cls, words: Sequence[str | None]) -> ShellOptions:
        """Read a command line that starts a shell; ``None`` is an unknown word."""
        for place, word in enumerate(words):
            if word is not None and shell_kind(word) == "sh":
                found = cls(is_bash=word.rpartition("/")[2] == "bash")
                found.take(words[place + 1 :])
                return found
        return cls(sure=False)

    def take(self, words: Iterable[str | None]) -> None:
        """Read the words of ``set``, or those after the name of a shell."""
        rest = iter(words)
        for word in rest:
            if word is None:
                self.sure = False
                return
            if len(word) < 2 or word[0] not in "-+" or word[1] == "-":
                return
            for letter in word[1:]:
                if letter == "e":
                    self.errexit = word[0] == "-"
                elif letter == "o":
                    self._name(next(rest, ""), is_set=word[0] == "-")
                elif letter == "O":
                    next(rest, "")

    def _name(self, name: str | None, *, is_set: bool) -> None:
        if name == "errexit":
            self.errexit = is_set
        elif name == "pipefail":
            self.pipefail = is_set
        elif name is None or name == "posix":
            self.sure = False

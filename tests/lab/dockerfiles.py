"""Make Dockerfiles at random, of everything that decides the settings of an image.

Nearly all of them build; what BuildKit refuses is recorded as that. The same seed makes
the same Dockerfile. None has a RUN, so that hundreds are built in a minute.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.lab.run import IMAGE

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "lab/base:1"
"""An image that sets everything, which no Dockerfile of the project tells."""

BASE_TEXT = f"""\
FROM {IMAGE}
ENV A=image IMAGE_ONLY=1
LABEL image=base
USER app
WORKDIR /image
VOLUME /image-data
EXPOSE 9000
STOPSIGNAL SIGUSR1
HEALTHCHECK --retries=7 CMD ["/bin/probe", "once"]
ENTRYPOINT ["/bin/probe"]
CMD ["image"]
ONBUILD ENV TRIGGERED=yes
ONBUILD LABEL triggered=yes
"""

_NAMES = ("A", "B", "C", "D")
_PREDEFINED = ("TARGETARCH", "TARGETOS", "BUILDPLATFORM", "HTTP_PROXY", "no_proxy")
_SIGNALS = ("SIGTERM", "9", "SIGKILL", "SIGRTMIN+3", "KILL", "sigint")


class Dockerfile:
    """A Dockerfile, the targets to build, and build arguments."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.escape = "`" if self._chance(0.1) else "\\"
        self.args: dict[str, str] = {}
        self.names: list[str] = []
        self.lines: list[str] = [f"# escape={self.escape}"] * (self.escape == "`")
        self._global_arguments()
        for index in range(self.random.randint(1, 4)):
            self._stage(f"s{index}")
        for name in (*_NAMES, "G", "HTTP_PROXY", "TARGETARCH"):
            if self._chance(0.12):
                self.args[name] = self.random.choice(["passed", "", "pas sed", "8"])

    @property
    def text(self) -> str:
        """Return the text."""
        return "\n".join(self.lines) + "\n"

    # -- words

    def _chance(self, chance: float) -> bool:
        return self.random.random() < chance

    def _one(self, *of: str) -> str:
        return self.random.choice(of)

    def _use(self) -> str:
        """Return a use of a variable, which may be set or not."""
        name = self._one(*_NAMES, *_NAMES, "G", "PATH", "TARGETARCH", "HTTP_PROXY")
        return self._one(
            *(f"${name}", f"${{{name}}}"),
            *(f"${{{name}:-or}}", f"${{{name}-or}}", f"${{{name}:+and}}"),
            *(f"${{{name}+and}}", f"${{{name}#a}}", f"${{{name}%%a*}}"),
            *(f"${{{name}/a/o}}", f"${{{name}//a/o}}"),
            *(f"{self.escape}${name}", f"'${name}'", f'"${name}"'),
        )

    def _value(self) -> str:
        """Return a value of ENV, ARG or LABEL, without blanks outside of quotes."""
        return self._one(
            *("a", "banana", "''", '""', "'a b'", '"a  b"', f"a{self.escape} b", "1"),
            *(self._use() for _ in range(4)),
            *(f"x{self._use()}", f'"{self._one("$A", "${B:-b c}", "$C")} d"'),
        )

    def _path(self) -> str:
        return self._one(
            *("/srv", "/srv/app", "/a//b/../c", "relative", "./here", "../up", "/"),
            *("/x$A", "sub${B:-or}", "/${C#a}", "$A/b", '"/quo ted"', "/blan k", "/v/$D"),
        )

    # -- instructions

    def _global_arguments(self) -> None:
        for _ in range(self.random.randint(0, 3)):
            name = self._one("G", "G", "A", "TARGETARCH")
            value = self._one("", "=one", "=two", "=${G:-three}", '="f our"')
            self.lines.append(f"ARG {name}{value}")

    def _stage(self, name: str) -> None:
        bases = ["scratch", "scratch", "scratch", IMAGE, BASE, *self.names * 2]
        base = self.random.choice(bases)
        if self._chance(0.1):
            base = f"${{BASE_{name}:-{base}}}"
        label = name.upper() if self._chance(0.1) else name
        self.lines.append(f"FROM {base} {self._one('AS', 'as')} {label}")
        self.names.append(name)
        parts: tuple[tuple[int, Callable[[], str]], ...] = (
            (4, self._arg),
            (5, self._env),
            (3, self._user),
            (3, self._workdir),
            (3, lambda: f"CMD {self._command()}"),
            (3, lambda: f"ENTRYPOINT {self._command()}"),
            (2, self._expose),
            (2, self._volume),
            (2, self._health),
            (2, self._label),
            (1, lambda: f"STOPSIGNAL {self._one(*_SIGNALS, '${STOP:-15}')}"),
            (1, self._shell),
            (1, self._copy),
        )
        weights, makers = zip(*parts, strict=True)
        for maker in self.random.choices(makers, weights, k=self.random.randint(1, 8)):
            line = maker()
            if maker == self._copy and self._chance(0.5):
                continue
            if self._chance(0.12) and not line.startswith("COPY"):
                line = f"ONBUILD {line}"
            if self._chance(0.1):
                line = line.replace(" ", f" {self.escape}\n  ", 1)
            keyword, _, rest = line.partition(" ")
            self.lines.append(f"{keyword.lower()} {rest}" if self._chance(0.1) else line)

    def _arg(self) -> str:
        names = self.random.sample([*_NAMES, "G", *_PREDEFINED], self.random.randint(1, 2))
        return "ARG " + " ".join(
            name if self._chance(0.4) else f"{name}={self._value()}" for name in names
        )

    def _env(self) -> str:
        if self._chance(0.2):
            text = self._one("a b", "  a", '"a b"', "a=b", "a $B c", "it's", "$A", "a ${C:-x y}")
            if "'" not in text:
                return f"ENV {self._one(*_NAMES)} {text}"
        count = self.random.randint(1, 3)
        pairs = (f"{self._one(*_NAMES, 'P')}={self._value()}" for _ in range(count))
        return "ENV " + " ".join(pairs)

    def _user(self) -> str:
        return "USER " + self._one(
            *("root", "0", "app", "1000", "1000:1000", "app:app", "root:0", "00", ":5"),
            *('"app"', "'0'", "$A", "${A:-app}", "${B:+root}", "$A:$B", "app user", "+0"),
            *(self._use(), "$UNSET", "1000:$C", "${D:-0}:${D:-0}"),
        )

    def _workdir(self) -> str:
        return f"WORKDIR {self._path()}"

    def _command(self) -> str:
        return self._one(
            *('["a"]', '["a", "b c"]', "[]", '[ "a" , "$A" ]', '["a\\u0041", "b\\\\c"]'),
            *("a", "a b  c", "a $A 'b'", "exec a && b", "['a']", '["a"', "a # b"),
            f"a {self.escape}\n  # comment\n  b",
        )

    def _expose(self) -> str:
        ports = ("80", "80/tcp", "81/udp", "8000-8003", "90-91/UDP", "$PORT", "${P:-70}")
        some = self.random.sample([*ports, "080", '"82"', "443/sctp"], self.random.randint(1, 3))
        return "EXPOSE " + " ".join(some)

    def _volume(self) -> str:
        return "VOLUME " + self._one(
            *("/data", "/data /more", '["/data", "/m ore"]', '["/v$A"]', "/v$B /w"),
            *("relative", "/data/", "/a/../b", '"/quoted"', '["/data"', "/data:ro"),
        )

    def _health(self) -> str:
        if self._chance(0.25):
            return f"HEALTHCHECK {self._one('NONE', 'none')}"
        flags = self.random.sample(
            [
                *("--interval=5s", "--timeout=1m30s", "--start-period=500ms"),
                *("--start-interval=2s", "--retries=3", "--retries=0", "--interval=0"),
            ],
            self.random.randint(0, 3),
        )
        if sum(flag.startswith(("--retries", "--interval")) for flag in flags) > 1:
            flags = flags[:1]
        words = " ".join([*flags, self._one("CMD", "cmd"), self._command()])
        return f"HEALTHCHECK {words}".replace("[]", '["a"]')

    def _label(self) -> str:
        if self._chance(0.15):
            return f"LABEL old {self._one('a b', '$A', 'x')}"
        key = self._one("a", "org.label", '"a b"', "b$A", "a")
        return f"LABEL {key}={self._value()} second={self._value()}"

    def _shell(self) -> str:
        return "SHELL " + self._one(
            '["/bin/bash", "-o", "pipefail", "-c"]', '["/bin/$A", "-c"]', '["cmd", "/S"]'
        )

    def _copy(self) -> str:
        opener = self._one("EOF", '"EOF"', "-EOF")
        return f"COPY <<{opener} /copied\nUSER nobody\n$A\nEOF"

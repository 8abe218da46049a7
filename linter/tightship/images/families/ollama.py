"""Ollama.

It starts and works as root, and its API has no login at all: anyone who reaches the port
runs, loads and deletes models. Old versions unpack programs into `/tmp` and run them there.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, tags
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("ollama/ollama@fb3076099687, Dockerfile")
_PAGE = documented("ollama/ollama@fb3076099687, docs/docker.mdx")

FAMILY = Family(
    names=("ollama/ollama",),
    summary="Ollama, a language model server",
    holds_for="version 0.1 and later",
    programs=("ollama", "serve"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(11434, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/root/.ollama", "the models and the key of the server", _PAGE, kind="data"),
        Write(
            "/root/.nv", "what CUDA has compiled", _DOCKERFILE, options=("mode=700",), optional=True
        ),
        Write("/tmp", "temporary files, which old versions run", _DOCKERFILE, options=("exec",)),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(True, _DOCKERFILE, needs="HOME has to name a folder that belongs to that user"),
    ),
    heap=(),
    open_ports=(OpenPort(11434, "every model, to run, load and delete", _DOCKERFILE),),
    grants=(
        Grant("devices", "/dev/kfd", "an AMD graphics card", _PAGE, tags("rocm")),
        Grant("devices", "/dev/dri", "an AMD graphics card", _PAGE, tags("rocm")),
    ),
)

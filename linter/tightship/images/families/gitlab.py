"""GitLab, everything in one container.

It starts as root, configures itself and runs a dozen services under many accounts: few
hardening settings work with it. It needs 4 GB of memory and `shm_size: 256m`, and takes
minutes to start.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("docs.gitlab.com/install/docker/installation")
_TROUBLE = documented("docs.gitlab.com/install/docker/troubleshooting")

FAMILY = Family(
    names=("gitlab/gitlab-ce", "gitlab/gitlab-ee"),
    summary="GitLab, a Git service with CI and packages",
    holds_for="version 13 and later",
    programs=("wrapper",),
    user=(User("root", _PAGE),),
    accounts=(Account("git", 998, 998, _PAGE),),
    steps_down=(StepDown("chpst", _PAGE, AS_ROOT),),
    ports=(Port(80, "HTTP", _PAGE), Port(443, "HTTPS", _PAGE), Port(22, "SSH", _PAGE)),
    volumes=(
        Volume("/etc/gitlab", _PAGE),
        Volume("/var/opt/gitlab", _PAGE),
        Volume("/var/log/gitlab", _PAGE),
    ),
    read_only=(
        ReadOnly(False, _TROUBLE, why="it writes its configuration to many places at each start"),
    ),
    other_user=(OtherUser(False, _PAGE, needs="it needs root, which configures the services"),),
    heap=(),
    open_ports=(),
    grants=(),
)

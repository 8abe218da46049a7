"""Jenkins.

It runs as `jenkins` (uid 1000) and writes its home only. Libraries are loaded from `/tmp`,
so a tmpfs there needs `exec`. Without `-Xmx` the heap is a quarter of the memory: a limit
makes it smaller. The first password is in the log.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("jenkinsci/docker@ab3f5e0a80d6, debian/Dockerfile")
_START = derived("jenkinsci/docker@ab3f5e0a80d6, jenkins.sh")
_README = documented("jenkinsci/docker@ab3f5e0a80d6, README.md")
_CHART = documented("jenkinsci/helm-charts, charts/jenkins/VALUES.md")

FAMILY = Family(
    names=("jenkins/jenkins", "ghcr.io/jenkinsci/jenkins"),
    summary="Jenkins, a build server",
    holds_for="2.300 and later, on Debian and Alpine",
    programs=("jenkins.sh",),
    user=(User("jenkins", _DOCKERFILE),),
    accounts=(Account("jenkins", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _README), Port(50000, "Jenkins agents", _README)),
    volumes=(Volume("/var/jenkins_home", _DOCKERFILE),),
    writes=(
        Write(
            "/tmp",
            "its web server, and libraries that are loaded from there",
            _CHART,
            options=("exec",),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "builds that run as root may give files away",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
        Capability("DAC_OVERRIDE", "its home belongs to `jenkins`", _DOCKERFILE, AS_ROOT),
        Capability(
            "FOWNER",
            "it changes the mode of files of `jenkins`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "SETGID",
            "builds that run as root may switch the group",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "SETUID",
            "builds that run as root may switch the user",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _CHART),),
    new_privileges=(NewPrivileges(False, _CHART),),
    other_user=(OtherUser(True, _README, needs="`/var/jenkins_home` has to belong to that user"),),
    heap=(
        Heap(_README, variable="JAVA_OPTS", flag="-Xmx"),
        Heap(_README, variable="JENKINS_JAVA_OPTS", flag="-Xmx"),
    ),
    open_ports=(),
    grants=(),
)

"""Tomcat, TomEE, and XWiki, which runs in Tomcat.

Java starts and works as root, in folders that belong to root: no capability is needed,
unless a folder of the host belongs to another user. With `user:` it works too, since
everybody may write to the image's `logs`, `temp` and `work`; unpacking a WAR file into
`webapps` does not. The JVM takes a quarter of the limit as its heap, unless a variable
changes that.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, unless, variable
from tightship.images.facts import (
    Capability,
    Content,
    Heap,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

NAMES = ("tomcat", "tomee", "xwiki")

_TOMCAT = derived("docker-library/tomcat@b7738e888d6a, 11.0/jdk25/temurin-noble/Dockerfile")
_XWIKI = "xwiki-contrib/docker-xwiki@148ecfcaed11, 13/mysql-tomcat"
_DOCKERFILE = {
    "tomcat": _TOMCAT,
    "tomee": derived(
        "tomitribe/docker-tomee@3cb57b674b16, "
        "TomEE-11.0/jre25/Temurin/ubuntu/microprofile/Dockerfile"
    ),
    "xwiki": derived(f"{_XWIKI}/Dockerfile"),
}
_SUMMARY = {
    "tomcat": "Tomcat, a server for Java web applications",
    "tomee": "TomEE, a server for Java enterprise applications",
    "xwiki": "XWiki",
}
_OPTIONS = documented("Apache Tomcat documentation, RUNNING.txt: CATALINA_OPTS")

_LAB = measured("stand-in of tomcat:10.1 with Debian 13's tomcat10 10.1.60, Docker Engine 26.1.5")


def family(name: str) -> Family:
    """Return the family of one of the names."""
    dockerfile, wiki = _DOCKERFILE[name], name == "xwiki"
    entrypoint = derived(f"{_XWIKI}/xwiki/docker-entrypoint.sh")
    return Family(
        names=NAMES,
        summary=_SUMMARY[name],
        holds_for="all versions",
        programs=("xwiki",) if wiki else ("catalina.sh",),
        user=(User("root", dockerfile),),
        accounts=(),
        steps_down=(),
        ports=(Port(8080, "HTTP", dockerfile),),
        volumes=(Volume("/usr/local/xwiki", dockerfile),) if wiki else (),
        contents=(
            Content(
                f"/usr/local/{'tomee' if name == 'tomee' else 'tomcat'}/conf/server.xml",
                "without its configuration Tomcat does not start",
                dockerfile,
                unless(variable("CATALINA_BASE")),
            ),
        ),
        capabilities=(
            Capability(
                "DAC_OVERRIDE",
                "a folder of the host may belong to another user",
                dockerfile,
                AS_ROOT,
                HOST_FOLDERS,
                at="operation",
            ),
        ),
        read_only=(
            ReadOnly(
                False,
                entrypoint,
                why="the entrypoint writes the configuration into the web application",
            ),
        )
        if wiki
        else None,
        new_privileges=(NewPrivileges(False, dockerfile if wiki else _LAB),),
        other_user=(
            OtherUser(
                True,
                _TOMCAT,
                needs="that user has to be able to write to `webapps` if it holds a WAR file",
            ),
        )
        if name == "tomcat"
        else None,
        heap=(
            Heap(_OPTIONS, variable="CATALINA_OPTS", flag="-Xmx"),
            Heap(_OPTIONS, variable="JAVA_OPTS", flag="-Xmx"),
            Heap(_OPTIONS, variable="JAVA_TOOL_OPTIONS", flag="-Xmx"),
        ),
        open_ports=(),
        grants=(),
    )

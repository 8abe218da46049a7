"""Units of Podman as folders of texts, and the command lines that Podman makes of them.

The answers in ``tests/oracles/quadlet.json`` are those of Podman 5.4.2. To record them again,
run this module where ``QUADLET`` names its generator.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path

RECORD = Path(__file__).parents[2] / "oracles" / "quadlet.json"
IMAGE = "[Container]\nImage=docker.io/library/nginx:1.29\n"

# Of each case, `w.container` is the unit.
CASES: dict[str, dict[str, str]] = {
    name: {"w.container": IMAGE + lines}
    for name, lines in {
        "quotes": 'HostName="a"\nUserNS="keep-id"\nSeccompProfile="unconfined"\nShmSize=""\n',
        "single quotes": "HostName='a'\n",
        "user and group": 'User="1000"\nGroup="5"\n',
        "the last text counts": "User=1\nUser=2\nReadOnly=true\nReadOnly=no\n",
        "an empty line resets": "Volume=/:/h\nVolume=\nVolume=/a:/b\nAddCapability=ALL\n"
        "AddCapability=\nNetwork=host\nNetwork=\nPodmanArgs=--privileged\nPodmanArgs=\n",
        "an empty line alone": "Volume=\nUser=\nPublishPort=\n",
        "words": 'AddCapability=SYS_ADMIN "NET_ADMIN"\nDropCapability=CHOWN\nDropCapability=ALL\n'
        'Sysctl=a=b "c=d"\nEnvironment=A=b "C=d e"\n',
        "items are whole": "Tmpfs=/a b\nPublishPort=80:80\nPublishPort=127.0.0.1:1:1/udp\n",
        "devices": "AddDevice=/dev/null:r\nAddDevice=/dev/fuse:/dev/x:rw /dev/zero\n",
        "masks": "Mask=/proc/a\nUnmask=/proc/b:/proc/c /d\nUnmask=ALL\n",
        "options": "NoNewPrivileges=TRUE\nSecurityLabelDisable=on\nSecurityLabelType=spc_t\n",
        "mounts": 'Mount=type=bind,source=/a,destination=/b,ro\nMount="type=tmpfs,target=/t u"\n',
        "continued": "PodmanArgs=--privileged \\\n# a comment\n  --pid=host\nExec=a \\\n  b\n",
    }.items()
} | {
    "a root file system": {"w.container": "[Container]\nRootfs=/srv/root\nUser=1\n"},
    "drop-ins": {
        "w-x.container": f"{IMAGE}Volume=/a:/a\nReadOnly=true\n",
        "w-x.container.d/20.conf": "[Container]\nVolume=\nVolume=/c:/c\nReadOnly=false\n",
        "w-.container.d/10.conf": "[Container]\nAddCapability=ALL\nVolume=/b:/b\n",
        "w-.container.d/30.conf": "[Container]\nUser=1\n",
        "w-x.container.d/30.conf": "[Container]\nUser=2\n",
        "container.d/10.conf": "[Container]\nAddCapability=CHOWN\n",
        "container.d/40.conf": "[Container]\nUnmask=ALL\n",
    },
    "a drop-in has the image": {
        "w.container": "[Container]\nUser=1\n",
        "w.container.d/1.conf": IMAGE,
    },
    "the network of a container": {
        "w.container": f"{IMAGE}Network=z.container\n",
        "z.container": IMAGE,
    },
    "a pulled image": {
        "w.container": "[Container]\nImage=i.image\n",
        "i.image": "[Image]\nImage=quay.io/a/b:1\n",
    },
    "a built image": {
        "w.container": "[Container]\nImage=i.build\n",
        "i.build": "[Build]\nImageTag=localhost/b:1\nSetWorkingDirectory=unit\n",
    },
}


def recorded() -> dict[str, list[str]]:
    """Return the words of `podman run` for each case."""
    answers: dict[str, list[str]] = json.loads(RECORD.read_text())
    return answers


def _answer(files: dict[str, str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        made = subprocess.run(
            [os.environ["QUADLET"], "-dryrun", "-user"],
            env={"QUADLET_UNIT_DIRS": folder, "HOME": folder, "PATH": "/usr/bin:/bin"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    name = next(iter(files)).removesuffix(".container")
    _, _, after = made.stdout.partition(f"---{name}.service---")
    line = next(one for one in after.splitlines() if one.startswith("ExecStart="))
    return shlex.split(line.partition(" run ")[2])


if __name__ == "__main__":
    RECORD.write_text(json.dumps({k: _answer(v) for k, v in CASES.items()}, indent=1) + "\n")

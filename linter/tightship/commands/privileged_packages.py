"""Packages that bring programs with privileges of their own.

A program with the setuid or setgid bit, or with file capabilities, gains what its caller
lacks (execve(2)): `no-new-privileges` and an emptied bounding set take that away. The
programs are those of the packages of Debian 12 and 13, as `dpkg-deb --contents` and the
maintainer scripts show them, and of the packages with these names in Alpine and Fedora.
"""

from __future__ import annotations

PRIVILEGED_PACKAGES = {
    "arping": "arping",
    "at": "at",
    "bubblewrap": "bwrap",
    "busybox-suid": "bbsuid",
    "chromium-sandbox": "chrome-sandbox",
    "cifs-utils": "mount.cifs",
    "cron": "crontab",
    "cronie": "crontab",
    "davfs2": "mount.davfs",
    "doas": "doas",
    "dumpcap": "dumpcap",
    "exim4": "exim4",
    "exim4-daemon-heavy": "exim4",
    "exim4-daemon-light": "exim4",
    "firejail": "firejail",
    "fping": "fping",
    "fuse": "fusermount",
    "fuse3": "fusermount3",
    "inetutils-ping": "ping",
    "iputils": "ping",
    "iputils-arping": "arping",
    "iputils-ping": "ping",
    "mtr": "mtr-packet",
    "mtr-tiny": "mtr-packet",
    "nfs-common": "mount.nfs",
    "ntfs-3g": "ntfs-3g",
    "opendoas": "doas",
    "pmount": "pmount",
    "policykit-1": "pkexec",
    "polkit": "pkexec",
    "pkexec": "pkexec",
    "postfix": "postdrop",
    "procmail": "procmail",
    "sendmail": "sendmail",
    "shadow-uidmap": "newuidmap",
    "singularity-container": "starter-suid",
    "sudo": "sudo",
    "sudo-ldap": "sudo",
    "tcptraceroute": "tcptraceroute",
    "uidmap": "newuidmap",
    "wireshark-common": "dumpcap",
}
"""Package names, each with one of its programs that gains privileges."""

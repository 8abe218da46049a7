"""The service mounts a directory that all processes of the host share.

Any process can leave files in `/tmp`, `/var/tmp` and `/dev/shm` of the host, and many
processes trust the files that they find there: sockets, locks, files with a predictable
name that a program running as root writes. A container with such a directory can read
the files of other processes, and place links and files where they expect their own. The
sticky bit separates users, but it does not stop root in the container.

The X server's socket, `/tmp/.X11-unix`, is a special case. A program that connects to
it can read the screen and every key press, and send key presses itself.

## How to fix

Use `tmpfs: [/tmp]` for scratch space, and a named volume for files that two services
share. For shared memory, `shm_size` gives the container its own `/dev/shm`, and `ipc:
service:NAME` shares it with one other service. Run graphical programs against their
own X server.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Verified, by_default, rule  # fmt: skip


@rule(
    on=Mount,
    severity="warning",
    cwe=(668,),
    references=("Linux, hier(7)", "X Window System, Xsecurity(7)"),
    checked=Verified("""
      - $ docker run --rm -v /tmp:/x busybox sh -c 'echo mine >/x/seen'
      - $ docker run --rm -v /tmp:/y busybox sh -c 'cat /y/seen && rm /y/seen'
      - mine
      + $ docker run --rm --tmpfs /x busybox sh -c 'echo mine >/x/seen'
      + $ docker run --rm --tmpfs /y busybox sh -c 'cat /y/seen && rm /y/seen'
      + cat: can't open '/y/seen': No such file or directory
    """),
    aliases=("CL-0013",),
    examples=(
        Bad("""
            services:
              worker:
                image: worker
                volumes:
                  - «/tmp:/tmp»
                  - {type: bind, source: «/dev/shm», target: /dev/shm}
        """),
        Bad("""
            services:
              browser:
                image: browser
                environment: [DISPLAY]
                volumes: [«/tmp/.X11-unix:/tmp/.X11-unix:ro»]
        """),
        Good("""
            services:
              worker:
                image: worker
                tmpfs: [/tmp]
                shm_size: 1g
                volumes: [/tmp/worker:/work]
        """).because("The service has its own directory below `/tmp`, which is not shared."),
    ),
)
def world_temp_mount(mount: Mount) -> Findings:
    """Point at the mount."""
    if mount.host is not HostPath.WORLD_TEMP:
        return
    advice = ""
    if mount.is_below("/tmp/.X11-unix"):
        what = "can reach the X server of the host: its screen and every key pressed"
        advice = "remove the mount, or give the program its own X server, such as Xvfb or Xpra"
    else:
        what = f"shares `{mount.source}` with every process of the host"
    yield Finding(
        mount.span,
        f"{mount.container.title} {what}{by_default(mount.provenance)}",
        because=mount.because,
        advice=advice,
    )

"""A step of the build runs outside the sandbox.

With `--security=insecure` the command has all capabilities, the host's devices and no
seccomp or AppArmor profile, as in a privileged container. A build runs code from
everywhere: the base image, packages, the scripts of their maintainers. One tampered
package in such a step is enough to take over the host that builds, and with it every
image that is built there.

BuildKit runs such a step only if the entitlement `security.insecure` was given to the
daemon and to the build, so everyone who builds the file has to give it to their
builder.

## How to fix

Remove the flag. Work that needs such rights, such as mounting a file system or
running a container in the build, is usually possible at run time, or with a tool that
does not need them (`buildah`, `fakeroot`, `debugfs`).
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, Run, Unverified, remove_flag, rule


@rule(
    on=Run,
    severity="warning",
    fix="tightens",
    cwe=(250,),
    references=("Dockerfile reference, RUN --security",),
    checked=Unverified("the BuildKit of that engine does not know `RUN --security`"),
    when=("instruction.flags",),
    examples=(
        Bad("""
            FROM alpine:3.22
          - RUN «--security=insecure» mount -o loop disk.img /mnt
          + RUN mount -o loop disk.img /mnt
        """),
        Bad("""
            FROM alpine:3.22
            RUN --mount=type=cache,target=/var/cache/apk \\
          -     «--security=insecure» \\
                ./build.sh
        """),
        Good("""
            FROM alpine:3.22
            RUN --security=sandbox ./build.sh
            RUN ./build.sh --security=insecure
        """).because("The first one is the default; the second one is an option of `build.sh`."),
    ),
)
def insecure_build_step(run: Run) -> Findings:
    """Point at the flag that takes a step out of the sandbox."""
    flag = run.instruction.flag("security")
    if flag is None or flag.value is None or flag.value.value != "insecure":
        return
    yield Finding(
        flag.span,
        "this step of the build runs with all rights of the host's root, as a"
        " privileged container does",
        fix=Fix.tightens(
            "Run the step in the sandbox",
            remove_flag(run.instruction, "security", run.stage.build.escape),
            may_break="commands that mount file systems, use devices or run containers",
        ),
    )

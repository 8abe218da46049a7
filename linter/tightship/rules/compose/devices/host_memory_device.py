"""The container has access to the host's memory.

Through `/dev/mem` and `/dev/kmem` a process reads and changes the memory of every
other process and of the kernel. `/dev/port` does the same for the registers of
devices. Nothing isolates the container then.

The kernel opens them only for a process with `SYS_RAWIO`. Some kernels are built to
deny most of this access, or deny it in lockdown mode. Services that map the device
usually ask for the capability as well.

## How to fix

Remove the device. On single-board computers, `/dev/gpiomem` and `/dev/gpiochip0` give
access to the pins, but not to the memory. Run `dmidecode` on the host and pass its
values to the container.
"""

from tightship.rules import Bad, Device, DeviceKind, Finding, Findings, Good, HostPath, Severity, Unverified, by_default, rule  # fmt: skip


@rule(
    on=Device,
    severity="error",
    severity_note="warning if the device cgroup blocks it",
    cwe=(250,),
    references=("Linux, mem(4)", "Linux, drivers/char/mem.c, open_port"),
    advice="remove the device; on small boards, `/dev/gpiomem` and"
    " `/dev/gpiochip0` give only the pins",
    checked=Unverified("the test machine has no `/dev/mem`"),
    examples=(
        Bad("""
            services:
              gpio:
                image: gpio
                cap_add: [SYS_RAWIO]
                devices: [«/dev/mem»]
        """),
        Bad("""
            services:
              gpio:
                image: gpio
                volumes: [«/dev/mem:/dev/mem»]
        """).at("warning"),
        Good("""
            services:
              gpio:
                image: gpio
                devices: [/dev/gpiomem, "./mem:/dev/mem"]
        """),
    ),
)
def host_memory_device(device: Device) -> Findings:
    """Point at the device, by whatever way it comes."""
    if device.host is not HostPath.DEVICE or device.kind is not DeviceKind.MEMORY:
        return
    shut = "" if device.access else ", which only the device rules of the container block"
    yield Finding(
        device.span,
        f"{device.container.title} gets the memory of the host,"
        f" `{device.source}`{shut}{by_default(device.provenance)}",
        severity=Severity.WARNING if shut else None,
        because=device.because,
    )

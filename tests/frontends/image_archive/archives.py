"""Makes image archives, as `docker save` and OCI tools write them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Make = Callable[[Sequence[bytes], Mapping[str, Any], Sequence[str]], bytes]

PASSWD = b"root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n"
GROUP = b"root:x:0:\napp:x:1001:\nshared:x:2000:app\n"
_CAPABILITY = "SCHILY.xattr.security.capability"


class Member:
    """A file, folder or link of a layer."""

    def __init__(
        self,
        data: bytes | None = None,
        mode: int = 0o644,
        owner: tuple[int, int] = (0, 0),
        *,
        link: str = "",
        hard: str = "",
        capabilities: int = 0,
    ) -> None:
        self.data = data
        self.mode = mode
        self.owner = owner
        self.link = link
        self.hard = hard
        self.capabilities = capabilities


def folder(mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> Member:
    return Member(None, mode, owner)


def script(text: str) -> Member:
    return Member(text.encode(), 0o755)


def layer(members: Mapping[str, Member], *, compressed: bool = False) -> bytes:
    """Return a layer; a name that ends in a slash is no other than without it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, member in members.items():
            header = tarfile.TarInfo(name)
            header.mode = member.mode
            header.uid, header.gid = member.owner
            header.type = tarfile.REGTYPE if member.data is not None else tarfile.DIRTYPE
            if member.link or member.hard:
                header.type = tarfile.SYMTYPE if member.link else tarfile.LNKTYPE
                header.linkname = member.link or member.hard
            if member.capabilities:
                low, high = member.capabilities & 0xFFFFFFFF, member.capabilities >> 32
                value = struct.pack("<5I", 0x02000001, low, 0, high, 0)
                header.pax_headers = {_CAPABILITY: value.decode("utf-8", "surrogateescape")}
            data = member.data or b""
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return gzip.compress(made.getvalue()) if compressed else made.getvalue()


def saved(
    layers: Sequence[bytes], config: Mapping[str, Any], names: Sequence[str] = ("acme/app:2",)
) -> bytes:
    """Return an archive as `docker save` writes it."""
    whole = _configuration(config)
    members = {f"{number}/layer.tar": data for number, data in enumerate(layers)}
    manifest = [{"Config": "config.json", "RepoTags": [*names], "Layers": [*members]}]
    return _tar({"manifest.json": json.dumps(manifest).encode(), "config.json": whole, **members})


def oci(
    layers: Sequence[bytes], config: Mapping[str, Any], names: Sequence[str] = ("acme/app:2",)
) -> bytes:
    """Return an archive of an OCI layout, with an index in the index."""
    members: dict[str, bytes] = {}

    def blob(data: bytes, **more: Any) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        members[f"blobs/sha256/{digest}"] = data
        return {"digest": f"sha256:{digest}", "size": len(data), **more}

    described = [blob(one) for one in layers]
    manifest = {"config": blob(_configuration(config)), "layers": described}
    attested = blob(
        json.dumps(manifest).encode() + b" ",
        annotations={"vnd.docker.reference.type": "attestation-manifest"},
    )
    nested = {"manifests": [blob(json.dumps(manifest).encode()), attested]}
    index = blob(json.dumps(nested).encode(), annotations={"io.containerd.image.name": names[0]})
    top = json.dumps({"schemaVersion": 2, "manifests": [index]}).encode()
    return _tar({"oci-layout": b"{}", "index.json": top, **members})


def _configuration(config: Mapping[str, Any]) -> bytes:
    return json.dumps({"os": "linux", "architecture": "amd64", "config": {**config}}).encode()


def _tar(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return made.getvalue()

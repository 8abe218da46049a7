"""The files of an image, from the layers of its archive."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from tests.frontends.image_archive.archives import Member, folder, layer, oci, saved, script

from tightship.frontends.image_archive.archive import Archive, ArchiveError
from tightship.frontends.image_archive.file_system import FileSystem

if TYPE_CHECKING:
    from tests.frontends.image_archive.archives import Make

RUN = script("#!/bin/sh\nrun\n")


def files_of(*layers: dict[str, Member], compressed: bool = False) -> FileSystem:
    archive = Archive(io.BytesIO(saved([layer(one, compressed=compressed) for one in layers], {})))
    [image] = archive.images()
    return FileSystem(archive, image)


@pytest.mark.parametrize("make", [saved, oci])
@pytest.mark.parametrize("compressed", [False, True])
def test_both_forms_have_the_same_files(make: Make, compressed: bool) -> None:
    layers = [layer({"a": Member(b"", 0o4755, (7, 8))}, compressed=compressed)]
    archive = Archive(io.BytesIO(make(layers, {"User": "7"}, ["acme/app:2"])))
    [image] = archive.images()
    assert image.names == ("acme/app:2",)
    assert (image.platform, image.config.user) == ("linux/amd64", "7")
    [(path, status)] = FileSystem(archive, image).files.items()
    assert (path, status.kind, status.mode, status.uid, status.gid) == ("a", "file", 0o4755, 7, 8)


def test_a_layer_changes_and_removes_what_is_below_it() -> None:
    files = files_of(
        {"a/x": RUN, "a/y": RUN, "b/x": RUN, "c/x": RUN, "d/x": RUN},
        {"a/.wh.x": Member(b""), "b/.wh..wh..opq": Member(b""), "b/z": RUN, ".wh.c": Member(b"")},
        {"d": Member(b"", 0o600)},
    )
    assert {*files.files} == {"a/y", "b/z", "d"}
    assert {*files.texts} == {"a/y", "b/z"}
    assert files.files["d"].kind == "file"


def test_a_whiteout_takes_nothing_from_its_own_layer() -> None:
    files = files_of({"a/x": RUN}, {"a/y": RUN, "a/.wh..wh..opq": Member(b""), "a/z": RUN})
    assert {*files.files} == {"a/y", "a/z"}


def test_files_go_where_the_links_of_lower_layers_lead() -> None:
    files = files_of(
        {"usr/bin": folder(), "bin": Member(link="usr/bin")},
        {"bin/run": RUN, "opt/go": Member(link="/bin/run"), "same": Member(hard="bin/run")},
    )
    assert files.text("/bin/run") == files.text("opt/go") == "#!/bin/sh\nrun\n"
    assert "usr/bin/run" in files.files


def test_links_end_within_the_image() -> None:
    files = files_of({"run": RUN, "up": Member(link="../../../run"), "a": Member(link="a")})
    assert files.text("up") == "#!/bin/sh\nrun\n"
    assert files.resolved("a/x") is None
    assert files.text("a") is None


def test_capabilities_of_files_are_read() -> None:
    files = files_of({"ping": Member(b"x", 0o755, capabilities=1 << 13 | 1 << 38)})
    assert files.files["ping"].capabilities == 1 << 13 | 1 << 38


def test_packages_own_files() -> None:
    files = files_of(
        {
            "var/lib/dpkg/info/sudo.list": Member(b"/.\n/usr/bin/sudo\n"),
            "var/lib/dpkg/info/login:amd64.list": Member(b"/bin/su\n"),
            "lib/apk/db/installed": Member(b"P:doas\nF:usr/bin\nR:doas\n\nP:x\nF:etc\nR:y\n"),
        }
    )
    assert [*files.packaged()] == [
        ("sudo", "/."),
        ("sudo", "/usr/bin/sudo"),
        ("login", "/bin/su"),
        ("doas", "/usr/bin/doas"),
        ("x", "/etc/y"),
    ]


def test_a_script_that_is_too_large_is_missed() -> None:
    assert files_of({"a.sh": RUN}).is_whole
    assert not files_of({"a.sh": Member(b"#!/bin/sh\n" + b"#" * 200_001, 0o755)}).is_whole


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/a/../../b"])
def test_an_entry_that_leads_out_of_the_image_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="leads out of it"):
        files_of({name: RUN})


def test_a_file_below_a_circle_of_links_is_refused() -> None:
    with pytest.raises(ArchiveError, match="lead in a circle"):
        files_of({"a": Member(link="b"), "b": Member(link="a")}, {"a/x": RUN})

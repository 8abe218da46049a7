"""Where the values of each key come from: one table, from a key to what yields its choices."""

from __future__ import annotations

from tightship.isolation.effect import effect
from tightship.values import capability
from tightship_lsp.features.completion import paths
from tightship_lsp.features.completion.images import images
from tightship_lsp.features.completion.item import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tightship.images.needs import Needs
    from tightship_lsp.features.completion.cursor import Place
    from tightship_lsp.features.completion.scope import Scope

    Source = Callable[["Writing"], Iterator[Item]]

_OF_SERVICE = "service:"
_READ_ONLY = ":ro"
_INTERFACES = {
    "127.0.0.1:": "only for programs on this machine",
    "": "on every interface of the host",
}
_ALWAYS_TEMPORARY = ("/tmp", "/run", "/var/run", "/var/cache")


class Writing:
    """A scalar that is being written: its text up to the cursor, and what is around it.

    ``key`` is the key of the table that it is for, and ``is_named`` says that it is the value below a name of the user's own.
    """

    def __init__(self, scope: Scope, place: Place, text: str, key: str, *, is_named: bool) -> None:
        self.scope = scope
        self.key = key
        self.is_named = is_named
        self.place = place
        self.typed = text[place.start : place.at]
        self.values: Mapping[str, str] = dict(place.values)
        path = place.path
        self.service = str(path[1]) if len(path) > 1 and path[0] == "services" else ""

    @property
    def needs(self) -> Needs | None:
        """Return what is known of the service's image, for this service."""
        return self.scope.needs(self.service) if self.service else None

    def paths(
        self,
        folder: str,
        wanted: Callable[[str], bool] | None = None,
        *,
        folders_only: bool = False,
        dotted: bool = False,
    ) -> Iterator[Item]:
        """Yield paths from a folder on."""
        return paths.paths(
            *(self.scope.root, folder, self.typed, self.place.start, wanted),
            folders_only=folders_only,
            dotted=dotted,
        )


def _names(kind: str) -> Source:
    def source(writing: Writing) -> Iterator[Item]:
        for name, origin in writing.scope.names(kind).items():
            if name not in writing.place.others:
                yield Item(name, "name", origin or kind)

    return source


def _services(writing: Writing) -> Iterator[Item]:
    """Yield the services that this one may need."""
    for name in writing.scope.free_of(writing.service):
        if name not in writing.place.others:
            yield _service(writing, name)


def _service(writing: Writing, name: str, prefix: str = "") -> Item:
    return Item(prefix + name, "service", writing.scope.described(name), rank=2)


def _namespace(writing: Writing) -> Iterator[Item]:
    """Yield the services whose namespace this one may share."""
    for name in writing.scope.free_of(writing.service):
        yield _service(writing, name, _OF_SERVICE)


def _extended(writing: Writing) -> Iterator[Item]:
    """Yield the services of the file that is extended: this one by default."""
    file = writing.values.get("file") or writing.scope.setting(writing.service, "extends", "file")
    if not file:
        for name in writing.scope.names("service"):
            if name != writing.service:
                yield _service(writing, name)
        return
    for name in writing.scope.services_of(file):
        yield Item(name, "service", file)


def _profiles(writing: Writing) -> Iterator[Item]:
    for name in writing.scope.names("profile"):
        if name not in writing.place.others:
            yield Item(name, "value", "profile")


def _capabilities(writing: Writing) -> Iterator[Item]:
    """Yield capabilities, each with what it gives or takes."""
    key, needs = writing.key, writing.needs
    added = key == "cap_add"
    known = needs.capabilities if needs is not None else None
    wanted = {one.name: one.why for one in known or ()}
    for name in ("ALL", *capability.MEANING):
        if name in writing.place.others:
            continue
        about, detail, rank = effect(key, name), "", 5
        if added and name in wanted:
            about, detail, rank = f"This image needs it: {wanted[name]}.", "needed here", 1
        elif not added and name == "ALL" and known is not None:
            names = ", ".join(f"`{one}`" for one in sorted(wanted))
            about += (
                f"\n\nThis image then needs {names} in `cap_add`."
                if names
                else ("\n\nThis image needs none of them.")
            )
            detail, rank = "known to work", 1
        elif added and name == "ALL":
            rank = 9
        yield Item(name, "value", detail, about, rank=rank, preselect=rank == 1)


def _read_only(writing: Writing) -> Iterator[Item]:
    """Yield `true` with what this image needs for it."""
    needs = writing.needs
    fact = needs.read_only if needs is not None else None
    about, detail = "", ""
    if fact is not None and needs is not None:
        detail = "known to work" if fact.works else "known to fail"
        about = f"This image does not run with it: {fact.why}." if not fact.works else ""
        writes = ", ".join(f"`{one.path}`" for one in needs.certain_writes)
        if fact.works:
            about = (
                f"This image runs with it; it writes to {writes}."
                if writes
                else ("This image runs with it.")
            )
    yield Item("true", "value", detail, about, rank=1)
    yield Item("false", "value", rank=2)


def _tmpfs(writing: Writing) -> Iterator[Item]:
    """Yield the paths that this image writes to, and usual ones."""
    needs = writing.needs
    for one in (needs.writes or ()) if needs is not None else ():
        if one.kind != "data" and one.path not in writing.place.others:
            options = f":{','.join(one.options)}" if one.options else ""
            about = f"This image writes {one.why} there."
            yield Item(one.path + options, "folder", "written here", about, rank=1)
    for path in _ALWAYS_TEMPORARY:
        yield Item(path, "folder", rank=5)


def _users(writing: Writing) -> Iterator[Item]:
    """Yield the users that this image is known to run as."""
    needs = writing.needs
    if needs is None:
        return
    other, account = needs.other_user, needs.account
    if other is not None and other.works:
        about = f"{other.needs[:1].upper()}{other.needs[1:]}." if other.needs else ""
        for user in other.users:
            yield Item(user, "value", "known to work", about, rank=1)
    elif account is not None:
        yield Item(f"{account.uid}:{account.gid}", "value", account.name, rank=2)


def _ports(writing: Writing) -> Iterator[Item]:
    """Yield the ports of this image, published for this machine alone, then for all."""
    needs = writing.needs
    for port in needs.ports if needs is not None else ():
        number, speaks = port.number, port.speaks
        for rank, (host, who) in enumerate(_INTERFACES.items()):
            label = f"{host}{number}:{number}"
            yield Item(label, "value", speaks, f"{speaks}, {who}.", rank=rank)


def _exposed(writing: Writing) -> Iterator[Item]:
    needs = writing.needs
    for port in needs.ports if needs is not None else ():
        yield Item(str(port.number), "value", port.speaks)


def _images(writing: Writing) -> Iterator[Item]:
    return images(writing.typed, writing.place.start)


def _mounts(writing: Writing) -> Iterator[Item]:
    """Yield what is before the first colon, the target after it, and the options at the end."""
    typed, start = writing.typed, writing.place.start
    source, colon, rest = typed.partition(":")
    if not colon:
        for name, origin in writing.scope.names("volume").items():
            yield Item(name, "name", origin or "volume", text=f"{name}:", rank=1)
        yield from writing.paths(writing.scope.folder, dotted=True)
        return
    _, second, options = rest.rpartition(":")
    if second:
        start += len(typed) - len(options.rpartition(",")[2])
        for option, about in _OPTIONS.items():
            yield Item(option, "value", about=about, start=start)
        return
    needs = writing.needs
    for one in (needs.volumes or ()) if needs is not None else ():
        yield Item(one.path, "folder", "data of this image", start=start + len(source) + 1)


_OPTIONS = {
    "ro": "The container cannot write to it.",
    "rw": "The container can write to it; the default.",
    "z": "SELinux: containers share the files.",
    "Z": "SELinux: only this container may use the files.",
    "nocopy": "A new volume stays empty.",
    "rslave": "Mounts of the host appear in the container.",
    "rshared": "Mounts on either side appear on the other.",
}


def _mount_source(writing: Writing) -> Iterator[Item]:
    kind = writing.values.get("type", "")
    if kind in ("", "volume"):
        yield from _names("volume")(writing)
    if kind in ("", "bind"):
        yield from writing.paths(writing.scope.folder, dotted=True)
    if kind == "image":
        yield from _images(writing)


def _stages(writing: Writing) -> Iterator[Item]:
    """Yield the stages of the Dockerfile that is built."""
    near = writing.values
    context, name = near.get("context", ""), near.get("dockerfile", "")
    file = writing.scope.dockerfile(writing.service, context, name)
    for one in file.instructions if file is not None else ():
        words = [word.value for word in one.arguments] if one.name == "FROM" else []
        if len(words) == 3 and words[1].lower() == "as":
            yield Item(words[2], "stage", f"FROM {words[0]}")


def _arguments(writing: Writing) -> Iterator[Item]:
    """Yield the ARGs of the Dockerfile that is built, with their defaults."""
    if writing.is_named or "=" in writing.typed:
        return
    file = writing.scope.dockerfile(writing.service)
    given = {one.partition("=")[0] for one in writing.place.others}
    for one in file.instructions if file is not None else ():
        for pair in one.pairs if one.name == "ARG" else ():
            name = pair.name.value
            if name not in given:
                default = pair.value.value if pair.value is not None else ""
                about = f"`ARG {name}={default}`" if pair.value is not None else f"`ARG {name}`"
                yield Item(name, "variable", default, about)


def _environment(writing: Writing) -> Iterator[Item]:
    """Yield the variables of `.env`, which a bare name passes to the container."""
    if writing.is_named or "=" in writing.typed:
        return
    given = {one.partition("=")[0] for one in writing.place.others}
    for name, (value, origin) in writing.scope.variables().items():
        if name not in given:
            yield Item(name, "variable", origin, f"`{value}` in `{origin}`." if value else "")


def _dockerfiles(writing: Writing) -> Iterator[Item]:
    context = writing.scope.context(writing.service)
    return writing.paths(context or "", paths.is_dockerfile)


def _files(wanted: Callable[[str], bool] | None = None) -> Source:
    def source(writing: Writing) -> Iterator[Item]:
        return writing.paths(writing.scope.folder, wanted)

    return source


def _folders(writing: Writing) -> Iterator[Item]:
    return writing.paths(writing.scope.folder, folders_only=True, dotted=True)


def _contexts(writing: Writing) -> Iterator[Item]:
    """Yield other services as contexts of a build."""
    _, equals, _ = writing.typed.partition("=")
    if equals or writing.is_named:
        start = writing.place.start + (writing.typed.find("=") + 1)
        for name in writing.scope.free_of(writing.service):
            yield Item(f"{_OF_SERVICE}{name}", "service", start=start)


_yaml = _files(paths.is_yaml)
_env = _files(paths.is_env)
_any = _files()

SOURCES: Mapping[tuple[str, str], tuple[Source, ...]] = {
    ("service", "image"): (_images,),
    ("service", "depends_on"): (_services,),
    ("service", "links"): (_services,),
    ("service", "volumes_from"): (_services,),
    ("service", "network_mode"): (_namespace,),
    ("service", "pid"): (_namespace,),
    ("service", "ipc"): (_namespace,),
    ("service", "networks"): (_names("network"),),
    ("service", "volumes"): (_mounts,),
    ("service", "secrets"): (_names("secret"),),
    ("service", "configs"): (_names("config"),),
    ("service", "models"): (_names("model"),),
    ("service", "extends"): (_extended,),
    ("service", "profiles"): (_profiles,),
    ("service", "env_file"): (_env,),
    ("service", "environment"): (_environment,),
    ("service", "label_file"): (_any,),
    ("service", "build"): (_folders,),
    ("service", "cap_add"): (_capabilities,),
    ("service", "cap_drop"): (_capabilities,),
    ("service", "read_only"): (_read_only,),
    ("service", "tmpfs"): (_tmpfs,),
    ("service", "user"): (_users,),
    ("service", "ports"): (_ports,),
    ("service", "expose"): (_exposed,),
    ("`extends`", "service"): (_extended,),
    ("`extends`", "file"): (_yaml,),
    ("build", "context"): (_folders,),
    ("build", "dockerfile"): (_dockerfiles,),
    ("build", "target"): (_stages,),
    ("build", "no_cache_filter"): (_stages,),
    ("build", "args"): (_arguments,),
    ("build", "additional_contexts"): (_contexts,),
    ("build", "secrets"): (_names("secret"),),
    ("secret of a build", "source"): (_names("secret"),),
    ("secret of a service", "source"): (_names("secret"),),
    ("config of a service", "source"): (_names("config"),),
    ("mount", "source"): (_mount_source,),
    ("environment file", "path"): (_env,),
    ("credential specification", "config"): (_names("config"),),
    ("watch rule", "path"): (_folders,),
    ("include", "path"): (_yaml,),
    ("include", "env_file"): (_env,),
    ("include", "project_directory"): (_folders,),
    ("Compose file", "include"): (_yaml,),
    # In an override, the names of the other files.
    ("Compose file", "services"): (_names("service"),),
    ("Compose file", "networks"): (_names("network"),),
    ("Compose file", "volumes"): (_names("volume"),),
    ("Compose file", "secrets"): (_names("secret"),),
    ("Compose file", "configs"): (_names("config"),),
    ("secret", "file"): (_any,),
    ("config", "file"): (_any,),
}
"""What yields the values of a key, or the names below it, by the thing that has the key."""

"""Whether a host in a URL is surely a service: what Docker's names lead to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.symbols.members import Member, Members
    from tightship.symbols.occurrence import Occurrence

_NO_NAMES = ("bridge", "host", "none", "container:")
_OF_SERVICE = "service:"
_DEFAULT = frozenset(("default",))


def is_host(members: Members, home: str, one: Occurrence, member: Member) -> bool:
    """Return whether a name in a file, such as that of a URL, is surely the service of that name.

    A service may have its own names for hosts, and another service may have the name as an
    alias. Without a network in common, the name leads nowhere.
    """
    user, user_home = one.service, members.home(member)
    if one.name in _own_names(members, user_home, user, one.name):
        return False
    mode, _ = members.settings(user_home, user).get("network_mode", ("", ""))
    if mode.startswith(_NO_NAMES) or "$" in mode:
        return False
    if mode.startswith(_OF_SERVICE):
        user = mode.removeprefix(_OF_SERVICE)
    if members.settings(home, one.name).get("network_mode", ("", ""))[0]:
        return False
    if not _networks(members, user_home, user) & _networks(members, home, one.name):
        return False
    return not _is_alias(members, one.name)


def _own_names(members: Members, home: str, service: str, name: str) -> set[str]:
    """Return the names to which a service gives addresses, or other services than the named one."""
    hosts = members.listed(home, service, "hosts")
    found = {host.partition(":")[0].partition("=")[0] for host in hosts}
    for link in members.listed(home, service, "links"):
        target, _, alias = link.partition(":")
        if alias and target != name:
            found.add(alias)
    return found


def _networks(members: Members, home: str, service: str) -> frozenset[str]:
    return frozenset(members.listed(home, service, "networks")) or _DEFAULT


def _is_alias(members: Members, name: str) -> bool:
    """Return whether another service has a name as an alias, or as that of its container."""
    return any(
        name in facts.lists.get("aliases", ())
        for member in members.by_path.values()
        for service, facts in member.outline.services.items()
        if service != name
    )

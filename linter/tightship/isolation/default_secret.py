"""Secrets that anyone guesses, where nobody outside can log in with them."""

from __future__ import annotations

from tightship.isolation.ports import may_be_reached
from tightship.lazy import TYPE_CHECKING, lazy_property
from tightship.values.default_secret import is_default_secret
from tightship.values.port import names_of_stores

if TYPE_CHECKING:
    from tightship.isolation.container import Container

# What the names of variables have that log in to a data store, beside the name of the store.
_OF_CLIENTS = ("database", "datasource", "jdbc", "amqp", "sql", "db", "pg")
_ACCOUNTS = ("USER", "USERNAME", "DB", "DATABASE", "NAME")
# Consoles through which any browser logs in to a data store.
_CONSOLES = frozenset((
    *("adminer", "cloudbeaver", "commander", "dbgate", "express", "kibana", "pgadmin", "pgweb"),
    *("phpmyadmin", "phppgadmin", "redisinsight", "sqlpad"),
))  # fmt: skip
# The most services of a project that are looked at for each secret.
_MOST = 100


class DefaultSecrets:
    """The secrets of a container that are defaults, as far as no other host reaches what they open.

    A password of a data store that its clients have, too, opens the ports of that store alone,
    and the console of a store if there is one. Any other service may be behind a proxy: it is reached if any port of the project is.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        self._near = container.siblings.values()

    def has(self, variable: str, secret: str) -> bool:
        """Return whether the secret of a variable is one of them."""
        if not self._near or len(self._near) > _MOST:
            return False
        if not is_default_secret(secret, (variable, self._container.name, *self._accounts)):
            return False
        stores = [one for one, texts in self._stores.items() if secret in texts]
        is_about_store = self._container in stores or _is_of_client(variable)
        if not (stores and is_about_store):
            return not any(map(may_be_reached, self._near))
        consoles = (one for one in self._near if not one.software_words.isdisjoint(_CONSOLES))
        return not any(map(may_be_reached, (*stores, *consoles)))

    @lazy_property
    def _accounts(self) -> list[str]:
        """Return the names of accounts and databases in the environment of the container."""
        return [
            pair.value.value
            for name, pair in self._container.environment.items()
            if pair.value.value and name.endswith(_ACCOUNTS)
        ][:_MOST]

    @lazy_property
    def _stores(self) -> dict[Container, str]:
        """Return the data stores of the project, each with the values of its environment."""
        names = names_of_stores()
        return {
            one: "\n".join(pair.value.value or "" for pair in one.environment.values())
            for one in self._near
            if not one.software_words.isdisjoint(names)
        }


def _is_of_client(variable: str) -> bool:
    name = variable.lower()
    return any(word in name for word in (*names_of_stores(), *_OF_CLIENTS))

"""Secrets that anyone guesses: the defaults of images, examples and templates.

They are made of nothing but a few words (``postgres``, ``my-secret-pw``, ``_admin_password_``,
``REPLACE-ME``), of what stands beside them (the name of the variable or of the database), and of
plain numbers. Such a text gives nothing away where it is read; it matters where somebody can log in.
The words are chosen by hand; ``tests/values/test_default_secret.py`` shows what they take and leave.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Collection

_WORDS = frozenset(
    " ".join((
        # The thing itself.
        "auth code cred credentials default key keys login pass passphrase passwd password passwort",
        "phrase pw pwd secret secrets session signing string text token value",
        # Requests to the reader.
        "change changed changeit changeme create enter fill fixme fixit generate generated insert",
        "put replace set todo tbd update use",
        "a an and any at be by for here in is it me my not of or our please some that the this to with",
        "you your",
        # How good it is.
        "bad dev develop developer development dummy example fake good insecure inseguro local",
        "localhost long mock only placeholder private prod production public random real safe sample",
        "secure simple staging strong super temp temporary test tester testing tests top unsafe",
        "unsecure very weak",
        # The account and the part of a system.
        "account admin administrator api app application backend bot client database db demo docker",
        "frontend guest host jwt main manager master name owner postgresadmin project registry",
        "replication repl root rootroot sa server service site super superuser sys system user",
        "username web worker",
        # The software that it opens.
        "airflow arango artemis authentik cassandra cockroach couch couchdb django drupal elastic",
        "elasticsearch flask ghost gitea gitlab grafana hasura influx influxdb joomla kafka keycloak",
        "kibana laravel maria mariadb metabase minio mongo mongodb mysql n8n neo nextcloud opensearch",
        "oracle pg pgadmin pma postgre postgres postgresql rabbit rabbitmq rails redis sentry solr spring",
        "sql strapi superset supabase surreal symfony vault wordpress wp zabbix",
        # Words that mean nothing.
        "abc abcd abcde abcdef asdf bar baz beef blah cafe babe dead fizz buzz foo foobar hello hola",
        "letmein magic monkey qux qwe qwer qwert qwerty qwertz sesame something sup whatever",
        "welcome world xyz zzz",
    )).split()
)  # fmt: skip
_TOKENS = regex(r"[a-z]+|[0-9]+")
_PLAIN_NUMBER = regex(
    r"0?1(?:2(?:3(?:4(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?)?)?)?|(\d)\1*|(?:19|20)\d\d|42|321|4321|54321|654321"
)
# As in `P@ssw0rd1`.
_LIKE_LETTER = regex(r"[@$!01345](?=[a-z@$])")
_LETTERS = dict(zip("@$!01345", "asioieas", strict=True))
_LONGEST = 60


def is_default_secret(text: str, beside: Collection[str] = ()) -> bool:
    """Return whether anyone guesses a secret.

    Args:
        text: the secret.
        beside: what stands beside it, such as the name of its variable and of its user.

    """
    if len(text) > _LONGEST:
        return False
    known = _WORDS.union(*(_TOKENS.findall(one.lower()) for one in beside))
    lower = text.lower()
    spelled = _LIKE_LETTER.sub(lambda found: _LETTERS[found[0]], lower)
    return any(_consists_of(one, known) for one in (lower, spelled))


def _consists_of(text: str, words: Collection[str]) -> bool:
    """Return whether all letters and digits of a text belong to words or plain numbers."""
    tokens = _TOKENS.findall(text)
    return bool(tokens) and all(
        _PLAIN_NUMBER.fullmatch(one) if one.isdecimal() else _are_words(one, words)
        for one in tokens
    )


def _are_words(text: str, words: Collection[str]) -> bool:
    """Return whether a text is one word after the other."""
    ends = [0]  # where a word may begin
    for end in range(1, len(text) + 1):
        if any(text[start:end] in words for start in ends):
            ends.append(end)
    return ends[-1] == len(text)

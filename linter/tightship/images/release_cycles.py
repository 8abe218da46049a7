"""When the support of widely used images ends, as their vendors publish it.

A product has cycles: `3.8 2024-10-07` is a cycle and the last day of its support, as
exactly as it is known: a month (`2025-07`) or a year (`2017`) has to be over. Other names
of a cycle are behind `=`, whether a code name or a tag that means this cycle for good
(`9.6=9`). What is not certain is left out, and so are cycles that nobody uses in images.

The support that counts is the longest that everybody gets: long-term support of Debian,
standard support of Ubuntu, whose extended support takes a subscription.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Product:
    """What a vendor supports: its title, its cycles, and the page that says so."""

    __slots__ = ("cycles", "source", "title")

    def __init__(self, title: str, source: str, cycles: str) -> None:
        self.title = title
        self.source = source
        self.cycles = cycles


class Withdrawn:
    """An image that is deprecated: the last day of its updates, and what to take instead.

    ``versions`` are those that it holds for; none means every tag.
    """

    __slots__ = ("end", "instead", "source", "versions")

    def __init__(self, end: str, instead: str, source: str, versions: str = "") -> None:
        self.end = end
        self.instead = instead
        self.source = source
        self.versions = versions


PRODUCTS: Mapping[str, Product] = {
    # Distributions, which other images are built on as well.
    "debian": Product(
        "Debian",
        "https://wiki.debian.org/LTS",
        """
        6=squeeze 2016-02-29   7=wheezy 2018-05-31    8=jessie 2020-06-30
        9=stretch 2022-06-30   10=buster 2024-06-30   11=bullseye 2026-08-31
        12=bookworm 2028-06-30 13=trixie 2030-06-30
        """,
    ),
    "ubuntu": Product(
        "Ubuntu",
        "https://ubuntu.com/about/release-cycle",
        """
        12.04=precise 2017-04  14.04=trusty 2019-04   16.04=xenial 2021-04
        18.04=bionic 2023-05   20.04=focal 2025-05    22.04=jammy 2027
        24.04=noble 2029
        12.10=quantal 2014-05  13.04=raring 2014-01   13.10=saucy 2014-07
        14.10=utopic 2015-07   15.04=vivid 2016-02    15.10=wily 2016-07
        16.10=yakkety 2017-07  17.04=zesty 2018-01    17.10=artful 2018-07
        18.10=cosmic 2019-07   19.04=disco 2020-01    19.10=eoan 2020-07
        20.10=groovy 2021-07   21.04=hirsute 2022-01  21.10=impish 2022-07
        22.10=kinetic 2023-07  23.04=lunar 2024-01    23.10=mantic 2024-07
        24.10=oracular 2025-07 25.04=plucky 2026-01
        """,
    ),
    "alpine": Product(
        "Alpine Linux",
        "https://alpinelinux.org/releases/",
        """
        2.6 2014-11  2.7 2015-11  3.0 2016-05  3.1 2016-11  3.2 2017-05  3.3 2017-11
        3.4 2018-05  3.5 2018-11  3.6 2019-05  3.7 2019-11  3.8 2020-05  3.9 2020-11
        3.10 2021-05 3.11 2021-11 3.12 2022-05 3.13 2022-11 3.14 2023-05 3.15 2023-11
        3.16 2024-05 3.17 2024-11 3.18 2025-05 3.19 2025-11 3.20 2026-04 3.21 2026-11
        3.22 2027-05 3.23 2027-11
        """,
    ),
    "centos": Product(
        "CentOS",
        "https://www.centos.org/centos-linux-eol/",
        "5 2017-03-31 6 2020-11-30 7 2024-06-30 8 2021-12-31",
    ),
    "fedora": Product(
        "Fedora",
        "https://docs.fedoraproject.org/en-US/releases/eol/",
        """
        20 2015-06 21 2015-12 22 2016-07 23 2016-12 24 2017-08 25 2017-12 26 2018-05
        27 2018-11 28 2019-05 29 2019-11 30 2020-05 31 2020-11 32 2021-05 33 2021-11
        34 2022-06 35 2022-12 36 2023-05 37 2023-12 38 2024-05 39 2024-11 40 2025-05
        41 2025-12
        """,
    ),
    "amazonlinux": Product(
        "Amazon Linux",
        "https://aws.amazon.com/amazon-linux-2/faqs/",
        """
        1 2023-12-31 2016 2023-12-31 2017 2023-12-31 2018 2023-12-31
        2 2026-06-30
        """,
    ),
    "opensuse/leap": Product(
        "openSUSE Leap",
        "https://en.opensuse.org/Lifetime",
        """
        42.1 2017-05 42.2 2018-01 42.3 2019-07 15.0 2019-12 15.1 2021-02 15.2 2022-01
        15.3 2022-12 15.4 2023-12 15.5 2024-12 15.6 2026-04
        """,
    ),
    # Languages.
    "python": Product(
        "Python",
        "https://devguide.python.org/versions/",
        """
        2.7=2 2020-01-01 3.3 2017-09-29  3.4 2019-03-18  3.5 2020-09-30  3.6 2021-12-23
        3.7 2023-06-27   3.8 2024-10-07  3.9 2025-10-31  3.10 2026-10    3.11 2027-10
        3.12 2028-10     3.13 2029-10    3.14 2030-10
        """,
    ),
    "node": Product(
        "Node.js",
        "https://github.com/nodejs/Release",
        """
        0.10 2016-10-31         0.12 2016-12-31         4=argon 2018-04-30
        5 2016-06-30            6=boron 2019-04-30      7 2017-06-30
        8=carbon 2019-12-31     9 2018-06-30            10=dubnium 2021-04-30
        11 2019-06-01           12=erbium 2022-04-30    13 2020-06-01
        14=fermium 2023-04-30   15 2021-06-01           16=gallium 2023-09-11
        17 2022-06-01           18=hydrogen 2025-04-30  19 2023-06-01
        20=iron 2026-04-30      21 2024-06-01           22=jod 2027-04-30
        23 2025-06-01           24=krypton 2028-04-30   25 2026-06-01
        """,
    ),
    "ruby": Product(
        "Ruby",
        "https://www.ruby-lang.org/en/downloads/branches/",
        """
        1.9 2015-02-23 2.0 2016-02-24 2.1 2017-03-31 2.2 2018-03-31 2.3 2019-03-31
        2.4 2020-03-31 2.5 2021-03-31 2.6 2022-04-12 2.7=2 2023-03-31
        3.0 2024-04-23 3.1 2025-03-26 3.2 2026-04    3.3 2027       3.4 2028
        """,
    ),
    "php": Product(
        "PHP",
        "https://www.php.net/supported-versions.php",
        """
        5.3 2014-08   5.4 2015-09       5.5 2016-07-21 5.6=5 2018-12-31 7.0 2019-01-10
        7.1 2019-12-01 7.2 2020-11-30   7.3 2021-12-06 7.4=7 2022-11-28 8.0 2023-11-26
        8.1 2025-12-31 8.2 2026-12-31   8.3 2027-12-31 8.4 2028-12-31   8.5 2029-12-31
        """,
    ),
    "golang": Product(
        # Two releases are supported: the end of one is the day of the next but one.
        "Go",
        "https://go.dev/doc/devel/release",
        """
        1.2 2014-12 1.3 2015-08  1.4 2016-02  1.5 2016-08  1.6 2017-02  1.7 2017-08
        1.8 2018-02 1.9 2018-08  1.10 2019-02 1.11 2019-09 1.12 2020-02 1.13 2020-08
        1.14 2021-02 1.15 2021-08 1.16 2022-03 1.17 2022-08 1.18 2023-02 1.19 2023-08
        1.20 2024-02 1.21 2024-08 1.22 2025-02 1.23 2025-08
        """,
    ),
    "perl": Product(
        # Three years of critical fixes for each series.
        "Perl",
        "https://perldoc.perl.org/perlpolicy",
        """
        5.18 2016-05 5.20 2017-05 5.22 2018-06 5.24 2019-05 5.26 2020-05 5.28 2021-06
        5.30 2022-05 5.32 2023-06 5.34 2024-05 5.36 2025-05 5.38 2026-07 5.40 2027-06
        5.42 2028-07
        """,
    ),
    "dotnet": Product(
        ".NET",
        "https://dotnet.microsoft.com/platform/support/policy/dotnet-core",
        """
        1.0 2019-06-27 1.1 2019-06-27 2.0 2018-10-01 2.1 2021-08-21 2.2 2019-12-23
        3.0 2020-03-03 3.1 2022-12-13 5.0 2022-05-10 6.0 2024-11-12 7.0 2024-05-14
        8.0 2026-11-10 9.0 2026-11-10 10.0 2028-11
        """,
    ),
    # Databases.
    "postgres": Product(
        "PostgreSQL",
        "https://www.postgresql.org/support/versioning/",
        """
        9.0 2015-10-08 9.1 2016-10-27 9.2 2017-11-09 9.3 2018-11-08 9.4 2020-02-13
        9.5 2021-02-11 9.6=9 2021-11-11 10 2022-11-10 11 2023-11-09 12 2024-11-21
        13 2025-11-13 14 2026-11-12 15 2027-11-11 16 2028-11-09 17 2029-11-08
        18 2030-11-14
        """,
    ),
    "mysql": Product(
        "MySQL",
        "https://www.oracle.com/support/lifetime-support/",
        """
        5.5 2018-12 5.6 2021-02 5.7=5 2023-10 8.0 2026-04 8.1 2023-10 8.2 2024-01
        8.3 2024-04 8.4 2032-04 9.0 2024-10 9.1 2025-01 9.2 2025-04 9.3 2025-07
        9.4 2025-10
        """,
    ),
    "mariadb": Product(
        "MariaDB",
        "https://mariadb.org/about/#maintenance-policy",
        """
        5.5=5 2020-04 10.0 2019-03 10.1 2020-10 10.2 2022-05 10.3 2023-05 10.4 2024-06
        10.5 2025-06 10.6 2026-07 10.7 2023-02 10.8 2023-05 10.9 2023-08 10.10 2023-11
        10.11 2028-02 11.0 2024-06 11.1 2024-08 11.2 2024-11 11.4 2029-05 11.8 2028-06
        """,
    ),
    "mongo": Product(
        "MongoDB",
        "https://www.mongodb.com/legal/support-policy/lifecycles",
        """
        2.4 2016-03 2.6=2 2016-10 3.0 2018-02 3.2 2018-09 3.4 2020-01 3.6=3 2021-04
        4.0 2022-04 4.2 2023-04 4.4=4 2024-02 5.0=5 2024-10 6.0=6 2025-07 7.0=7 2027-08
        8.0 2029-10
        """,
    ),
    "redis": Product(
        # The last version before the newest is supported; 6.2 was it until 2024.
        "Redis",
        "https://redis.io/docs/latest/operate/oss_and_stack/install/",
        "2 2017-07 3 2018-10 4 2020-04 5 2022-04",
    ),
    "elasticsearch": Product(
        "Elastic Stack",
        "https://www.elastic.co/support/eol",
        "1 2017 2 2018-02 5 2019-03 6 2022-02 7 2026-01",
    ),
    "cassandra": Product(
        "Apache Cassandra", "https://cassandra.apache.org/_/download.html", "2 2021-07 3 2024-09"
    ),
    # Servers and applications.
    "nginx": Product(
        # A branch ends when the next stable one begins.
        "nginx",
        "https://nginx.org/en/CHANGES",
        """
        1.7 2015-04 1.8 2016-04 1.9 2016-04 1.10 2017-04 1.11 2017-04 1.12 2018-04
        1.13 2018-04 1.14 2019-04 1.15 2019-04 1.16 2020-04 1.17 2020-04 1.18 2021-04
        1.19 2021-04 1.20 2022-05 1.21 2022-05 1.22 2023-04 1.23 2023-04 1.24 2024-04
        1.25 2024-04 1.26 2025-04 1.27 2025-04
        """,
    ),
    "httpd": Product("Apache HTTP Server", "https://httpd.apache.org/", "2.2 2017"),
    "tomcat": Product(
        "Apache Tomcat",
        "https://tomcat.apache.org/whichversion.html",
        "6 2016-12-31 7 2021-03-31 8.0 2018-06-30 8.5=8 2024-03-31 10.0 2022-10-31",
    ),
    "rabbitmq": Product(
        "RabbitMQ",
        "https://www.rabbitmq.com/release-information",
        "3.5 2016 3.6 2018 3.7 2020 3.8 2022 3.9 2023 3.10 2023 3.11 2024",
    ),
    "traefik": Product(
        "Traefik", "https://doc.traefik.io/traefik/deprecation/releases/", "1 2021-12"
    ),
    "drupal": Product(
        "Drupal",
        "https://www.drupal.org/about/core/policies/core-release-cycles",
        "6 2016-02 7 2025-01 8 2021-11 9 2023-11",
    ),
}

# Images of a product that have another name: registry and repository as people write them.
SAME_PRODUCT: Mapping[str, str] = {
    "opensuse": "opensuse/leap",
    "kibana": "elasticsearch",
    "logstash": "elasticsearch",
    "docker.elastic.co/elasticsearch/elasticsearch": "elasticsearch",
    "docker.elastic.co/kibana/kibana": "elasticsearch",
    "docker.elastic.co/logstash/logstash": "elasticsearch",
    "microsoft/dotnet": "dotnet",
    "mcr.microsoft.com/dotnet/aspnet": "dotnet",
    "mcr.microsoft.com/dotnet/runtime": "dotnet",
    "mcr.microsoft.com/dotnet/runtime-deps": "dotnet",
    "mcr.microsoft.com/dotnet/sdk": "dotnet",
    "mcr.microsoft.com/dotnet/core/aspnet": "dotnet",
    "mcr.microsoft.com/dotnet/core/runtime": "dotnet",
    "mcr.microsoft.com/dotnet/core/runtime-deps": "dotnet",
    "mcr.microsoft.com/dotnet/core/sdk": "dotnet",
}

_OFFICIAL = "https://github.com/docker-library/official-images"

WITHDRAWN: Mapping[str, Withdrawn] = {
    "centos": Withdrawn("2024-06-30", "", "https://www.centos.org/centos-linux-eol/"),
    "django": Withdrawn("2016-12-31", "python", _OFFICIAL),
    "java": Withdrawn("2016-12-31", "eclipse-temurin", _OFFICIAL),
    # Builds of versions to come are still published under this name.
    "openjdk": Withdrawn(
        "2022-07", "eclipse-temurin", _OFFICIAL, "6 7 8 9 10 11 12 13 14 15 16 17 18"
    ),
    "rails": Withdrawn("2016-12-31", "ruby", _OFFICIAL),
}

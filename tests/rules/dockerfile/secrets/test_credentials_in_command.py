"""The rule `credentials-in-command`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.secrets.credentials_in_command import credentials_in_command

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


SECRET = "hunter2x"


@pytest.mark.parametrize(
    "step",
    [
        f"RUN git clone https://me:{SECRET}@git.corp.io/a",
        f"RUN pip install git+https://me:{SECRET}@git.corp.io/a",
        f'RUN echo "https://me:{SECRET}@git.corp.io" > /root/.git-credentials',
        f"RUN curl -u me:{SECRET} https://corp.io",
        f"RUN curl -sSu me:{SECRET} https://corp.io",
        f"RUN curl --user=me:{SECRET} https://corp.io",
        f"RUN curl -H 'Authorization: Bearer {SECRET}' https://corp.io",
        f"RUN curl -H 'PRIVATE-TOKEN: {SECRET}' https://corp.io",
        f"RUN wget --user=me --password={SECRET} https://corp.io",
        f"RUN svn co --username me --password {SECRET} https://corp.io",
        f"RUN docker login -u me -p {SECRET} corp.io",
        f"RUN az login --service-principal -u me -p {SECRET} --tenant corp.io",
        f"RUN sshpass -p {SECRET} ssh me@corp.io",
        f"RUN tool --db-password={SECRET}",
        f'CMD ["server", "--password={SECRET}"]',
        f"ENTRYPOINT server --token {SECRET}",
        f"HEALTHCHECK CMD redis-cli --password={SECRET} ping",
        f"LABEL password={SECRET}",
        f"LABEL db=postgres://me:{SECRET}@db.corp.io/a",
    ],
)
def test_a_secret_is_found_and_hidden(judge: Judge, step: str) -> None:
    [one] = judge(image(step), [credentials_in_command])
    assert one.span.text == SECRET
    assert [place.text for place in one.finding.secrets] == [SECRET]
    assert SECRET not in one.finding.message


@pytest.mark.parametrize(
    "step",
    [
        "RUN git clone https://git@git.corp.io/a",
        "RUN git clone https://me:$TOKEN@git.corp.io/a",
        "RUN git clone https://me:${TOKEN}x@git.corp.io/a",
        "RUN git clone https://me:<password>@git.corp.io/a",
        "RUN curl -u me https://corp.io",
        "RUN curl -u me: https://corp.io",
        "RUN curl -u me:$PW https://corp.io",
        "RUN curl -H 'Accept: text/plain' https://corp.io",
        "RUN curl https://me:pw1@localhost:8080/",
        "RUN curl https://user:pass1@example.com/",
        "RUN docker login --password-stdin corp.io",
        "RUN az login --service-principal -u me -p /run/secrets/cert.pem --tenant corp.io",
        "RUN az login --identity && az account show -o tsv -p hunter2x",
        "RUN docker run -p 80:80 nginx",
        "RUN adduser --disabled-password app",
        "RUN adduser --disabled-password=yes app",
        "RUN tool --token-file=/run/secrets/t",
        "RUN tool --token=/run/secrets/t",
        "RUN tool --password=$PW --password ''",
        "RUN keytool -storepass changeit -list",
        'CMD ["server", "--password-file", "/run/secrets/p"]',
        "LABEL password_file=/run/secrets/p",
        "LABEL maintainer=me@corp.io url=https://corp.io/a:b@c",
        "ENV A=https://me:hunter2x@git.corp.io/a",
    ],
)
def test_other_values_are_silent(found: Found, step: str) -> None:
    assert found(image(step), credentials_in_command) == []


def test_a_known_token_is_reported_by_the_other_rule(found: Found) -> None:
    token = "ghp_k3JQ7vXw2ZpR9sTbN4mLc8YdF5hGa1UeB6oV"
    step = f"RUN git clone https://me:{token}@github.com/a/b"
    assert found(image(step), credentials_in_command) == []


def test_one_finding_for_each_command(found: Found) -> None:
    step = f"RUN curl -u a:{SECRET} https://x.io && curl -u b:{SECRET}y https://x.io"
    assert len(found(image(step), credentials_in_command)) == 2


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("RUN mysql -uroot -phunter2 -e 'x'", "hunter2"),
        ("RUN mariadb-dump --password=hunter2 a", "hunter2"),
        ("RUN sshpass -p hunter2 ssh h", "hunter2"),
        ("RUN sshpass -phunter2 ssh h", "hunter2"),
        ("HEALTHCHECK CMD redis-cli -a hunter2 ping", "hunter2"),
        ("HEALTHCHECK CMD mongosh -u a -p hunter2 --eval x", "hunter2"),
        ('CMD ["sqlcmd", "-S", "db", "-P", "hunter2"]', "hunter2"),
        ("RUN ldapsearch -D cn=a -w hunter2 x", "hunter2"),
        ("RUN helm registry login -u a -p hunter2 r.corp.io", "hunter2"),
    ],
)
def test_passwords_after_a_short_flag(found: Found, line: str, place: str) -> None:
    assert found(image(line), credentials_in_command) == [("warning", place)]


@pytest.mark.parametrize(
    "line",
    [
        "RUN mysql -uroot -p$PASSWORD -e 'x'",
        "RUN mysql -p app -e 'x'",
        "RUN mysqld -phunter2",
        "RUN mkdir -p hunter2",
        'RUN redis-cli -a "$(cat /run/secrets/x)" ping',
    ],
)
def test_short_flags_without_a_password(found: Found, line: str) -> None:
    assert found(image(line), credentials_in_command) == []


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("RUN PGPASSWORD=hunter2 psql -c x", "hunter2"),
        ("RUN export DB_PASSWORD='hunter2' && ./run", "hunter2"),
        ("RUN env API_TOKEN=hunter2 ./run", "hunter2"),
        ("RUN java -Ddb.password=hunter2 -jar x.jar", "hunter2"),
        ("RUN echo 'password=hunter2' > /app/.my.cnf", "hunter2"),
        ("RUN echo DB_PASSWORD=hunter2 | tee -a /etc/environment", "hunter2"),
        ("RUN echo 'machine h login u password hunter2' > /root/.netrc", "hunter2"),
        ("RUN echo '//r.corp.io/:_authToken=hunter2' > /root/.npmrc", "hunter2"),
        ("RUN cat <<EOF > /app/x\nuser=a\npassword=hunter2\nEOF", "hunter2"),
        ("RUN sed -i 's/password=.*/password=hunter2/' /etc/app.conf", "hunter2"),
        ("RUN htpasswd -bc /etc/x admin hunter2", "hunter2"),
        ("RUN rabbitmqctl add_user app hunter2", "hunter2"),
        ("RUN mc alias set a http://h minio hunter2", "hunter2"),
        ("RUN aws configure set aws_secret_access_key hunter2", "hunter2"),
        ("RUN gpg --batch --passphrase hunter2 -c x", "hunter2"),
        ("RUN wget --http-password hunter2 https://x.corp.io", "hunter2"),
        ('CMD ["sh", "-c", "DB_PASSWORD=hunter2 exec app"]', "hunter2"),
        ("COPY <<EOF /app/.env\nPORT=3\nDB_PASSWORD=hunter2\nEOF", "hunter2"),
    ],
)
def test_variables_files_and_operands_that_hold_a_secret(
    found: Found, line: str, place: str
) -> None:
    assert found(image(line), credentials_in_command) == [("warning", place)]


@pytest.mark.parametrize(
    "line",
    [
        'RUN PGPASSWORD="$PW" psql -c x',
        "RUN export TOKEN_TTL=30 GPG_KEY=7169605F62C751356D05",
        'RUN echo "password=$PW" > /app/x',
        "RUN echo 'password=hunter2' > /app/.env.example",
        "RUN echo password=hunter2",
        'RUN htpasswd -c /etc/x admin && htpasswd -bc /x a "$PW"',
        "RUN gpg --batch --passphrase '' -c x",
        "RUN cmake -DTOKEN_FILE=/x -DBUILD=on .",
        "COPY <<EOF /app/.env\nDB_PASSWORD=${PW}\nDB_PASSWORD_FILE=/run/x\nEOF",
    ],
)
def test_variables_files_and_operands_without_a_secret(found: Found, line: str) -> None:
    assert found(image(line), credentials_in_command) == []

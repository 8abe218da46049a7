"""Dockerfiles as people write them: stages of ordinary steps, put together by chance."""

from __future__ import annotations

import re
from random import Random

_IMAGES = """
debian debian:12 debian:bookworm-slim ubuntu ubuntu:22.04 ubuntu:latest alpine alpine:3.20
alpine:latest python:3.12-slim python:3 node:20-alpine node:lts golang:1.22 golang:1.22-alpine
ruby:3.3 php:8.3-apache centos:7 fedora:40 rockylinux:9 opensuse/leap:15.5 nginx nginx:1.27-alpine
scratch registry.example.com/team/base:1.4 ghcr.io/example/tool@sha256:{digest} openjdk:21-jdk
eclipse-temurin:21 mcr.microsoft.com/dotnet/sdk:8.0 rust:1.79 $BASE ${BASE} ${BASE:-alpine:3.20}
postgres:$VERSION --platform=linux/amd64|debian:12 --platform=$BUILDPLATFORM|golang:1.22
--platform=$TARGETPLATFORM|alpine:3.20
""".replace("{digest}", "0123456789abcdef" * 4).split()

_COMMANDS = """
apt-get update
apt-get update && apt-get install -y curl
apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-10 git=1:2.39.2-1.1
apt-get update && apt-get install -y --no-install-recommends ca-certificates
apt-get update -qq && apt-get install -yqq --no-install-recommends python3-pip
apt-get update && apt-get install curl
apt-get -y install nginx
apt-get install -y --no-install-recommends ./tool.deb
apt-get install --yes --no-install-recommends build-essential libpq-dev
apt-get upgrade -y
apt-get dist-upgrade -y
apt-get -y update && apt-get -y upgrade && apt-get install -y vim
apt update && apt install -y wget
apt-get clean && rm -rf /var/lib/apt/lists/*
apt-get purge -y --auto-remove gcc
apk add curl
apk add --no-cache curl
apk --no-cache add bash=5.2.26-r0 git
apk add --no-cache nodejs=20.15.1-r0
apk update && apk add python3
apk add --no-cache --virtual .build gcc musl-dev
apk add --update --no-cache openssl && rm -rf /var/cache/apk/*
apk upgrade --no-cache
yum install -y httpd
yum install httpd-2.4.6
yum -y install gcc make && yum clean all
yum update -y
dnf install -y nginx
dnf install -y nginx-1.20.1 && dnf clean all
dnf install nginx && rm -rf /var/cache/dnf
microdnf install -y tar && microdnf clean all
zypper install -y curl
zypper --non-interactive install curl=8.0.1 && zypper clean
zypper in git
zypper update -y
zypper dist-upgrade -y
pip install flask
pip install flask==3.0.3
pip install --no-cache-dir flask==3.0.3 gunicorn
pip install --no-cache-dir -r requirements.txt
pip install -r requirements.txt
pip3 install --upgrade pip
pip install --no-cache-dir --upgrade pip setuptools wheel
python -m pip install requests
python3 -m pip install --no-cache-dir "requests>=2.31"
pip install --no-cache-dir .
pip install -e .
pip install git+https://github.com/example/tool.git
pip install --no-cache-dir git+https://github.com/example/tool.git@v1.2
npm install
npm ci
npm ci --omit=dev && npm cache clean --force
npm install -g pm2
npm install -g typescript@5.4.5
npm install --production
npm i express
yarn install
yarn install --frozen-lockfile && yarn cache clean
yarn add express
yarn global add serve
pnpm install --frozen-lockfile
gem install bundler
gem install bundler -v 2.5.9
gem install bundler:2.5.9
gem install rails --version 7.1.3
bundle install
go install github.com/example/tool@latest
go install github.com/example/tool@v1.2.0
go install github.com/example/tool
go get github.com/example/lib
go build -o /app ./cmd/app
go mod download
cargo build --release
mvn -B package
composer install --no-dev
make && make install
cd /usr/src/app && make
cd /tmp
cd src && ./configure && make
mkdir /app && cd /app && touch a
git clone https://github.com/example/tool.git && cd tool && make install
(cd /opt && make)
cd "$SRC" && make
pushd /opt && make && popd
sudo make install
sudo apt-get update
useradd app
useradd -u 1000 app
useradd -l -u 1234567 app
useradd -u 1234567 app
useradd --uid 200000000 --no-log-init app
groupadd -r app && useradd -r -g app app
adduser -D app
adduser --disabled-password --gecos "" app
chown -R app:app /app
chmod 777 /app
chmod +x /entrypoint.sh
wget https://example.com/tool.tgz
wget -q https://example.com/tool.tgz
wget -qO- https://example.com/tool.tgz | tar xz
wget --progress=dot:giga https://example.com/tool.tgz
wget -nv -O /tool https://example.com/tool
wget https://example.com/a -O /a --no-verbose
curl -fsSL https://example.com/install.sh | sh
curl -fsSL https://example.com/tool -o /usr/local/bin/tool
curl -sSL https://example.com/key.gpg | gpg --dearmor -o /usr/share/keyrings/x.gpg
curl -sL https://deb.nodesource.com/setup_20.x | bash -
set -o pipefail && curl -fsSL https://example.com/install.sh | sh
set -eux; apt-get update; apt-get install -y --no-install-recommends git; rm -rf /var/lib/apt/lists/*
echo deb http://example.com/deb stable main | tee /etc/apt/sources.list.d/x.list
echo "app:app" | chpasswd
echo hello > /hello
printf 'a\\n' >> /etc/profile
cat /etc/passwd | grep root
ls -l | wc -l
ln -s /bin/bash /bin/sh
ln -sf /bin/bash /bin/sh
ln -sf /dev/stdout /var/log/nginx/access.log
rm /bin/sh && ln -s /bin/bash /bin/sh
service nginx start
systemctl enable nginx
ps aux
top -b -n 1
kill -9 1
mount /dev/sda1 /mnt
ifconfig eth0
vim /etc/hosts
free -m
shutdown now
ssh-keyscan github.com >> /etc/ssh/known_hosts
tar -xzf /tmp/app.tgz -C /opt
tar xf app.tar
unzip app.zip
if [ "$DEBUG" = 1 ]; then apt-get install -y gdb; fi
for f in a b; do touch $f; done
bash -c "cd /srv && make"
export PATH=/opt/bin:$PATH && tool --version
python manage.py collectstatic --noinput
a2enmod rewrite
docker-php-ext-install pdo_mysql
locale-gen en_US.UTF-8
true
""".strip().splitlines()

_RUN_FORMS = (
    "{0}", "{0}", "{0}", "{0}", "--mount=type=cache,target=/root/.cache {0}",
    "--mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt {0}",
    "--mount=type=cache,target=/var/cache/apt {0}", "set -ex && {0}", "set -e; {0}",
)  # fmt: skip

_STEPS = """
WORKDIR /app
WORKDIR app
WORKDIR $HOME
WORKDIR "/opt/my app"
WORKDIR /usr/src/${NAME}
COPY . .
COPY . /app
COPY package.json package-lock.json ./
COPY a b /dest
COPY a b /dest/
COPY *.py /app
COPY app.tgz /tmp/
COPY app.tar.gz app.zip /tmp/
COPY --chown=1000:1000 app /app
COPY --from=build /app /app
COPY --from=0 /app /usr/bin/app
COPY --from=nginx:1.27 /etc/nginx /etc/nginx
COPY --from=nginx /etc/nginx /etc/nginx
COPY --from=missing /a /a
COPY --from=build / /
COPY app relative/
COPY ["a b", "/c/"]
ADD . /app
ADD app.jar /app.jar
ADD app.tar.gz /opt/
ADD https://example.com/tool.tgz /opt/
ADD --chown=app a b /c/
ADD https://github.com/example/tool.git /src
ENV A=1 B=2
ENV PATH /opt/bin:$PATH
ENV A=1 B=$A
ENV NODE_ENV production
ENV DEBIAN_FRONTEND=noninteractive
ENV DB_PASSWORD=hunter22 API_TOKEN=abcd1234efgh
ENV LANG=C.UTF-8
ENV X=$X
ARG VERSION
ARG VERSION=1.0
ARG NPM_TOKEN
ARG PASSWORD=hunter22
EXPOSE 80
EXPOSE 80/tcp 443/TCP
EXPOSE 99999
EXPOSE $PORT
EXPOSE 8000-8010
LABEL maintainer="a@example.com"
LABEL a b
LABEL org.opencontainers.image.licenses="MIT" org.opencontainers.image.version="1.0.0"
LABEL "com.example.key"="x" bad@key=y
LABEL com.docker.x=y
LABEL Version=1
LABEL a..b=c
LABEL empty=""
MAINTAINER Someone <a@example.com>
VOLUME /data
VOLUME ["/data", "/logs"]
STOPSIGNAL SIGTERM
STOPSIGNAL SIGKILL
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
SHELL ["/bin/bash", "-c"]
SHELL ["/bin/sh", "-c"]
SHELL ["pwsh", "-Command"]
HEALTHCHECK CMD curl -f http://localhost/ || exit 1
HEALTHCHECK --interval=30s CMD ["curl", "-f", "http://localhost/"]
HEALTHCHECK NONE
USER app
USER root
USER 1000
USER 1000:1000
USER $APP_USER
USER nobody
ONBUILD COPY . /app
ONBUILD RUN npm install
ONBUILD RUN apt-get update && apt-get install -y git
ONBUILD ADD . /app
ONBUILD USER root
ONBUILD MAINTAINER me
RUN ["apt-get", "install", "-y", "curl"]
RUN ["/bin/sh", "-c", "cd /srv && make"]
CMD ["nginx", "-g", "daemon off;"]
CMD nginx -g "daemon off;"
CMD python app.py
CMD ['python', 'app.py']
CMD exec java -jar /app.jar
ENTRYPOINT ["/entrypoint.sh"]
ENTRYPOINT /entrypoint.sh
ENTRYPOINT ["java", "-jar", "/app.jar"]
# a comment
#
# hadolint ignore=DL3008
# hadolint ignore=DL3003,DL4006
# hadolint global ignore=DL3006
""".strip().splitlines()


# Which package manager an image has, by the beginning of its name; others may have any.
_MANAGERS = {
    "apt": ("debian", "ubuntu", "python", "node:lts", "golang:1.22", "ruby", "php", "nginx"),
    "apk": ("alpine", "node:20-alpine", "golang:1.22-alpine", "nginx:1.27-alpine"),
    "yum|dnf": ("centos", "fedora", "rockylinux"),
    "zypper": ("opensuse",),
}
_ANY_MANAGER = re.compile(r"\b(apt|apt-get|apk|yum|dnf|microdnf|zypper)\b")


def dockerfile(seed: int) -> str:
    """Return a Dockerfile of one to three stages; a seed gives the same one each time."""
    chance = Random(seed)
    lines = ["# syntax=docker/dockerfile:1"] * chance.randint(0, 1)
    lines += ["ARG BASE=debian:12", "ARG VERSION=16"]
    names = ["", "", " AS build", " AS base", " as builder", " AS Assets"]
    chance.shuffle(names)
    for name in names[: chance.choice((1, 1, 2, 2, 3))]:
        image = chance.choice(_IMAGES).replace("|", " ")
        commands = [one for one in _COMMANDS if _fits(one, image.split()[-1])]
        name = name if chance.random() < 0.99 else " AS build"
        lines += ["", f"FROM {image}{name}"]
        for _ in range(chance.randint(1, 8)):
            is_run = chance.random() < 0.55
            lines.append(_run(chance, commands) if is_run else chance.choice(_STEPS))
            lines += [""] * (chance.random() < 0.3)
    return "\n".join(lines).strip() + "\n"


def _fits(command: str, image: str) -> bool:
    """Return whether a command uses no package manager, or that of its image."""
    used = {"apt" if one == "apt-get" else one for one in _ANY_MANAGER.findall(command)}
    there = max(
        ((len(name), manager) for manager, names in _MANAGERS.items() for name in names
         if image.startswith(name)),
        default=(0, ""),
    )[1]  # fmt: skip
    return not used or not there or bool(re.search(there, " ".join(used)))


def _run(chance: Random, commands: list[str]) -> str:
    """Return a RUN of one to four commands, on one line or on one for each."""
    number = chance.choice((1, 1, 1, 2, 2, 3, 4))
    joint = chance.choice((" && ", " \\\n    && ", "; ", " && \\\n    "))
    script = joint.join(chance.choice(commands) for _ in range(number))
    return "RUN " + chance.choice(_RUN_FORMS).format(script)

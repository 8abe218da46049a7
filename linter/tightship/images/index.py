"""The file of each well-known image; made by `make generate`."""

from __future__ import annotations

# fmt: off
_NAMES = {
    "actual": (
        "actualbudget/actual-server ghcr.io/actualbudget/actual-server "
        "ghcr.io/actualbudget/actual"
    ),
    "adguardhome": "adguard/adguardhome",
    "adminer": "adminer",
    "alertmanager": "prom/alertmanager quay.io/prometheus/alertmanager",
    "appwrite": "appwrite/appwrite",
    "arangodb": "arangodb arangodb/arangodb",
    "audiobookshelf": "ghcr.io/advplyr/audiobookshelf advplyr/audiobookshelf",
    "authelia": "authelia/authelia ghcr.io/authelia/authelia",
    "authentik": "ghcr.io/goauthentik/server goauthentik/server",
    "base_images": (
        "bash composer pypy ruby almalinux archlinux elixir erlang gcc haskell julia oraclelinux "
        "perl swift ubuntu alpine amazoncorretto buildpack-deps busybox eclipse-temurin golang "
        "hello-world maven node openjdk python rust amazonlinux centos quay.io/centos/centos "
        "fedora quay.io/fedora/fedora registry.fedoraproject.org/fedora ghcr.io/astral-sh/uv "
        "debian nvidia/cuda rockylinux gcr.io/distroless/static gcr.io/distroless/static-debian11 "
        "gcr.io/distroless/static-debian12 gcr.io/distroless/static-debian13 "
        "gcr.io/distroless/base gcr.io/distroless/base-debian11 gcr.io/distroless/base-debian12 "
        "gcr.io/distroless/base-debian13 gcr.io/distroless/base-nossl "
        "gcr.io/distroless/base-nossl-debian11 gcr.io/distroless/base-nossl-debian12 "
        "gcr.io/distroless/base-nossl-debian13 gcr.io/distroless/cc gcr.io/distroless/cc-debian11 "
        "gcr.io/distroless/cc-debian12 gcr.io/distroless/cc-debian13 gcr.io/distroless/python3 "
        "gcr.io/distroless/python3-debian11 gcr.io/distroless/python3-debian12 "
        "gcr.io/distroless/python3-debian13 gcr.io/distroless/java "
        "gcr.io/distroless/java-debian11 gcr.io/distroless/java-debian12 "
        "gcr.io/distroless/java-debian13 gcr.io/distroless/java-base "
        "gcr.io/distroless/java-base-debian11 gcr.io/distroless/java-base-debian12 "
        "gcr.io/distroless/java-base-debian13 gcr.io/distroless/java11 "
        "gcr.io/distroless/java11-debian11 gcr.io/distroless/java11-debian12 "
        "gcr.io/distroless/java11-debian13 gcr.io/distroless/java17 "
        "gcr.io/distroless/java17-debian11 gcr.io/distroless/java17-debian12 "
        "gcr.io/distroless/java17-debian13 gcr.io/distroless/java21 "
        "gcr.io/distroless/java21-debian11 gcr.io/distroless/java21-debian12 "
        "gcr.io/distroless/java21-debian13 gcr.io/distroless/java25 "
        "gcr.io/distroless/java25-debian11 gcr.io/distroless/java25-debian12 "
        "gcr.io/distroless/java25-debian13 gcr.io/distroless/nodejs "
        "gcr.io/distroless/nodejs-debian11 gcr.io/distroless/nodejs-debian12 "
        "gcr.io/distroless/nodejs-debian13 gcr.io/distroless/nodejs18 "
        "gcr.io/distroless/nodejs18-debian11 gcr.io/distroless/nodejs18-debian12 "
        "gcr.io/distroless/nodejs18-debian13 gcr.io/distroless/nodejs20 "
        "gcr.io/distroless/nodejs20-debian11 gcr.io/distroless/nodejs20-debian12 "
        "gcr.io/distroless/nodejs20-debian13 gcr.io/distroless/nodejs22 "
        "gcr.io/distroless/nodejs22-debian11 gcr.io/distroless/nodejs22-debian12 "
        "gcr.io/distroless/nodejs22-debian13 gcr.io/distroless/nodejs24 "
        "gcr.io/distroless/nodejs24-debian11 gcr.io/distroless/nodejs24-debian12 "
        "gcr.io/distroless/nodejs24-debian13 gradle"
    ),
    "beszel": "henrygd/beszel ghcr.io/henrygd/beszel/beszel",
    "beszel_agent": "henrygd/beszel-agent ghcr.io/henrygd/beszel/beszel-agent",
    "bitnami_postgresql": "bitnami/postgresql bitnamilegacy/postgresql",
    "bitnami_redis": "bitnami/redis bitnamilegacy/redis",
    "caddy": "caddy",
    "cadvisor": "gcr.io/cadvisor/cadvisor ghcr.io/google/cadvisor google/cadvisor",
    "cassandra": "cassandra",
    "changedetection": "ghcr.io/dgtlmoon/changedetection.io dgtlmoon/changedetection.io",
    "chat": "eggdrop rocket.chat teamspeak znc",
    "clickhouse": "clickhouse/clickhouse-server clickhouse",
    "cloudflare_ddns": "favonia/cloudflare-ddns ghcr.io/favonia/cloudflare-ddns",
    "cloudflared": "cloudflare/cloudflared",
    "couchbase": "couchbase couchbase/server",
    "couchdb": "couchdb apache/couchdb",
    "cp_kafka": "confluentinc/cp-kafka confluentinc/cp-server",
    "diun": "crazymax/diun ghcr.io/crazy-max/diun",
    "docker": "docker",
    "docker_socket_proxy": (
        "tecnativa/docker-socket-proxy ghcr.io/tecnativa/docker-socket-proxy"
    ),
    "docmost": "docmost/docmost",
    "dotnet": (
        "mcr.microsoft.com/dotnet/aspnet mcr.microsoft.com/dotnet/runtime "
        "mcr.microsoft.com/dotnet/runtime-deps mcr.microsoft.com/dotnet/sdk "
        "mcr.microsoft.com/dotnet/core/aspnet mcr.microsoft.com/dotnet/core/runtime "
        "mcr.microsoft.com/dotnet/core/runtime-deps mcr.microsoft.com/dotnet/core/sdk"
    ),
    "dozzle": "amir20/dozzle ghcr.io/amir20/dozzle",
    "dragonfly": "docker.dragonflydb.io/dragonflydb/dragonfly ghcr.io/dragonflydb/dragonfly",
    "eclipse_mosquitto": "eclipse-mosquitto",
    "elasticsearch": (
        "elasticsearch elastic/elasticsearch docker.elastic.co/elasticsearch/elasticsearch"
    ),
    "emqx": "emqx emqx/emqx emqx/emqx-enterprise",
    "filebrowser": "filebrowser/filebrowser",
    "flaresolverr": "ghcr.io/flaresolverr/flaresolverr flaresolverr/flaresolverr",
    "freshrss": "freshrss/freshrss ghcr.io/freshrss/freshrss",
    "ghost": "ghost",
    "gitea": "gitea/gitea docker.gitea.com/gitea",
    "gitlab": "gitlab/gitlab-ce gitlab/gitlab-ee",
    "glances": "nicolargo/glances",
    "gluetun": "qmcgaw/gluetun ghcr.io/qdm12/gluetun",
    "gotenberg": "gotenberg/gotenberg",
    "gotify": "gotify/server ghcr.io/gotify/server",
    "grafana": "grafana/grafana grafana/grafana-oss grafana/grafana-enterprise",
    "guacd": "guacamole/guacd",
    "haproxy": "haproxy",
    "hasura": "hasura/graphql-engine",
    "home_assistant": "ghcr.io/home-assistant/home-assistant homeassistant/home-assistant",
    "homepage": "ghcr.io/gethomepage/homepage",
    "httpd": "httpd",
    "imgproxy": "darthsim/imgproxy ghcr.io/imgproxy/imgproxy",
    "immich": "ghcr.io/immich-app/immich-server",
    "immich_postgres": "ghcr.io/immich-app/postgres",
    "influxdb": "influxdb",
    "jaeger": "jaegertracing/all-in-one jaegertracing/jaeger",
    "java_servers": "open-liberty lightstreamer geonetwork",
    "jellyfin": "jellyfin/jellyfin ghcr.io/jellyfin/jellyfin",
    "jenkins": "jenkins/jenkins ghcr.io/jenkinsci/jenkins",
    "jetty": "jetty",
    "kafka": "apache/kafka",
    "kafka_ui": "provectuslabs/kafka-ui kafbat/kafka-ui ghcr.io/kafbat/kafka-ui",
    "keycloak": "quay.io/keycloak/keycloak keycloak/keycloak",
    "linkwarden": "ghcr.io/linkwarden/linkwarden",
    "linuxserver": (
        "linuxserver/beets linuxserver/calibre-web linuxserver/doplarr linuxserver/doplarr_rs "
        "linuxserver/duplicati linuxserver/embystat linuxserver/faster-whisper "
        "linuxserver/foldingathome linuxserver/htpcmanager linuxserver/kavita "
        "linuxserver/lazylibrarian linuxserver/lidarr linuxserver/luanti linuxserver/manyfold "
        "linuxserver/mylar3 linuxserver/nextcloud linuxserver/ngircd linuxserver/nzbhydra2 "
        "linuxserver/ombi linuxserver/openssh-server linuxserver/piper linuxserver/planka "
        "linuxserver/prowlarr linuxserver/radarr linuxserver/rsnapshot linuxserver/sickchill "
        "linuxserver/snipe-it linuxserver/sonarr linuxserver/synclounge linuxserver/tautulli "
        "linuxserver/thelounge linuxserver/znc linuxserver/adguardhome-sync "
        "linuxserver/airsonic-advanced linuxserver/apprise-api linuxserver/babybuddy "
        "linuxserver/netbox linuxserver/bazarr linuxserver/booksonic-air linuxserver/bookstack "
        "linuxserver/budge linuxserver/cops linuxserver/dokuwiki linuxserver/kimai "
        "linuxserver/xbackbone linuxserver/changedetection.io linuxserver/cloud9 "
        "linuxserver/code-server linuxserver/davos linuxserver/ddclient linuxserver/deluge "
        "linuxserver/diskover linuxserver/smokeping linuxserver/duckdns linuxserver/emby "
        "linuxserver/emulatorjs linuxserver/fail2ban linuxserver/flexget linuxserver/freshrss "
        "linuxserver/grav linuxserver/grocy linuxserver/librespeed linuxserver/lychee "
        "linuxserver/piwigo linuxserver/projectsend linuxserver/speedtest-tracker "
        "linuxserver/habridge linuxserver/healthchecks linuxserver/hedgedoc linuxserver/mstream "
        "linuxserver/raneto linuxserver/heimdall linuxserver/hishtory-server "
        "linuxserver/homeassistant linuxserver/jackett linuxserver/jellyfin linuxserver/kasm "
        "linuxserver/kometa linuxserver/webgrabplus linuxserver/ldap-auth linuxserver/limnoria "
        "linuxserver/pwndrop linuxserver/pydio-cells linuxserver/mariadb linuxserver/mastodon "
        "linuxserver/medusa linuxserver/sickgear linuxserver/minisatip linuxserver/monica "
        "linuxserver/snapdrop linuxserver/netbootxyz linuxserver/nginx linuxserver/nzbget "
        "linuxserver/openvscode-server linuxserver/oscam linuxserver/overseerr "
        "linuxserver/pairdrop linuxserver/phpmyadmin linuxserver/plex linuxserver/pyload-ng "
        "linuxserver/qbittorrent linuxserver/rdesktop linuxserver/readarr "
        "linuxserver/resilio-sync linuxserver/sabnzbd linuxserver/sealskin linuxserver/swag "
        "linuxserver/syncthing linuxserver/syslog-ng linuxserver/transmission "
        "linuxserver/tvheadend linuxserver/ubooquity linuxserver/unifi-controller "
        "linuxserver/unifi-network-application linuxserver/vscodium-web linuxserver/wikijs "
        "linuxserver/wireguard linuxserver/your_spotify linuxserver/altus linuxserver/ardour "
        "linuxserver/audacity linuxserver/azahar linuxserver/bambustudio "
        "linuxserver/blade-of-agony linuxserver/blender linuxserver/brave linuxserver/calligra "
        "linuxserver/chrome linuxserver/chromium linuxserver/cura linuxserver/darktable "
        "linuxserver/digikam linuxserver/dogwalk linuxserver/dolphin linuxserver/dosbox-staging "
        "linuxserver/doublecommander linuxserver/duckstation linuxserver/eden linuxserver/ferdium "
        "linuxserver/filezilla linuxserver/firefox linuxserver/flycast linuxserver/freecad "
        "linuxserver/gimp linuxserver/gitqlient linuxserver/gzdoom linuxserver/handbrake "
        "linuxserver/helium linuxserver/inkscape linuxserver/intellij-idea linuxserver/joplin "
        "linuxserver/kali-linux linuxserver/kdenlive linuxserver/keepassxc linuxserver/kicad "
        "linuxserver/krita linuxserver/libreoffice linuxserver/librewolf linuxserver/lm-studio "
        "linuxserver/lollypop linuxserver/mame linuxserver/mediaelch linuxserver/melonds "
        "linuxserver/modrinth linuxserver/msedge linuxserver/obsidian linuxserver/onlyoffice "
        "linuxserver/openshot linuxserver/opera linuxserver/orcaslicer linuxserver/pcsx2 "
        "linuxserver/pidgin linuxserver/ppsspp linuxserver/pycharm linuxserver/qdirstat "
        "linuxserver/rawtherapee linuxserver/remmina linuxserver/retroarch linuxserver/rpcs3 "
        "linuxserver/rustdesk linuxserver/series-troxide linuxserver/shadps4 linuxserver/shotcut "
        "linuxserver/signal linuxserver/spotube linuxserver/sqlitebrowser linuxserver/telegram "
        "linuxserver/thunderbird linuxserver/ungoogled-chromium linuxserver/vivaldi "
        "linuxserver/vlc linuxserver/webcord linuxserver/webstation linuxserver/webtop "
        "linuxserver/weixin linuxserver/winegui linuxserver/wps-office linuxserver/xemu "
        "linuxserver/yaak linuxserver/zen linuxserver/zotero linuxserver/github-desktop "
        "linuxserver/mysql-workbench linuxserver/vscode linuxserver/vscodium "
        "linuxserver/mullvad-browser linuxserver/scummvm linuxserver/steam linuxserver/steamos "
        "linuxserver/wireshark linuxserver/bitcoin-knots linuxserver/boinc linuxserver/calibre "
        "linuxserver/pelorus"
    ),
    "loki": "grafana/loki",
    "mailhog": "mailhog/mailhog",
    "mailpit": "axllent/mailpit ghcr.io/axllent/mailpit",
    "mariadb": "mariadb",
    "meilisearch": "getmeili/meilisearch",
    "memcached": "memcached",
    "memos": "neosmemo/memos ghcr.io/usememos/memos",
    "metabase": "metabase/metabase metabase/metabase-enterprise",
    "minio": "minio/minio quay.io/minio/minio",
    "mongo": "mongo",
    "mongo_express": "mongo-express",
    "mysql": "mysql",
    "n8n": "n8nio/n8n docker.n8n.io/n8nio/n8n",
    "nats": "nats",
    "navidrome": "deluan/navidrome ghcr.io/navidrome/navidrome",
    "neo4j": "neo4j",
    "netdata": "netdata/netdata ghcr.io/netdata/netdata",
    "nextcloud": "nextcloud friendica",
    "nginx": "nginx",
    "nginx_proxy_manager": "jc21/nginx-proxy-manager",
    "nginx_unprivileged": (
        "nginxinc/nginx-unprivileged ghcr.io/nginx/nginx-unprivileged "
        "ghcr.io/nginxinc/nginx-unprivileged"
    ),
    "node_exporter": "prom/node-exporter quay.io/prometheus/node-exporter",
    "node_red": "nodered/node-red",
    "ntfy": "binwiederhier/ntfy",
    "odoo": "odoo",
    "ollama": "ollama/ollama",
    "open_interfaces": (
        "tchiotludo/akhq obsidiandynamics/kafdrop rediscommander/redis-commander "
        "openzipkin/zipkin openzipkin/zipkin-slim ghcr.io/openzipkin/zipkin mher/flower "
        "debezium/connect quay.io/debezium/connect confluentinc/cp-kafka-connect "
        "confluentinc/cp-kafka-connect-base confluentinc/cp-schema-registry"
    ),
    "open_webui": "ghcr.io/open-webui/open-webui",
    "opensearch": "opensearchproject/opensearch public.ecr.aws/opensearchproject/opensearch",
    "paperless_ngx": "ghcr.io/paperless-ngx/paperless-ngx paperlessngx/paperless-ngx",
    "percona": "percona percona/percona-server",
    "pgadmin": "dpage/pgadmin4",
    "php": "php",
    "php_applications": (
        "backdrop drupal espocrm matomo mediawiki monica phpmyadmin postfixadmin yourls"
    ),
    "pihole": "pihole/pihole ghcr.io/pi-hole/pihole",
    "plausible": "ghcr.io/plausible/community-edition plausible/analytics",
    "plex": "plexinc/pms-docker",
    "portainer": "portainer/portainer-ce portainer/portainer-ee portainer/portainer",
    "portainer_agent": "portainer/agent",
    "postgres": "postgres pgvector/pgvector postgis/postgis",
    "privatebin": (
        "privatebin/nginx-fpm-alpine privatebin/fs privatebin/pdo privatebin/s3 privatebin/gcs"
    ),
    "prometheus": "prom/prometheus quay.io/prometheus/prometheus",
    "promtail": "grafana/promtail",
    "pushgateway": "prom/pushgateway quay.io/prometheus/pushgateway",
    "qdrant": "qdrant/qdrant ghcr.io/qdrant/qdrant/qdrant",
    "rabbitmq": "rabbitmq",
    "redis": "redis",
    "redis_stack": "redis/redis-stack redis/redis-stack-server",
    "redisinsight": "redis/redisinsight",
    "redmine": "redmine",
    "registry": "registry",
    "rethinkdb": "rethinkdb",
    "searxng": "searxng/searxng ghcr.io/searxng/searxng",
    "seaweedfs": "chrislusf/seaweedfs ghcr.io/seaweedfs/seaweedfs",
    "selenium": (
        "selenium/standalone-chrome selenium/standalone-firefox selenium/standalone-edge "
        "selenium/standalone-chromium selenium/node-chrome selenium/node-firefox "
        "selenium/node-edge selenium/node-chromium selenium/hub"
    ),
    "solr": "solr",
    "spiped": "spiped",
    "static_pages": "corentinth/it-tools ghcr.io/corentinth/it-tools excalidraw/excalidraw",
    "syncthing": "syncthing/syncthing ghcr.io/syncthing/syncthing",
    "tailscale": "tailscale/tailscale ghcr.io/tailscale/tailscale",
    "telegraf": "telegraf",
    "tempo": "grafana/tempo",
    "temporal": "temporalio/auto-setup temporalio/server",
    "temporal_admin_tools": "temporalio/admin-tools",
    "tomcat": "tomcat tomee xwiki",
    "traefik": "traefik",
    "uptime_kuma": "louislam/uptime-kuma ghcr.io/louislam/uptime-kuma",
    "valkey": "valkey/valkey",
    "varnish": "varnish",
    "vault": "hashicorp/vault vault",
    "vaultwarden": "vaultwarden/server ghcr.io/dani-garcia/vaultwarden",
    "vllm": "vllm/vllm-openai",
    "watchtower": "containrrr/watchtower ghcr.io/containrrr/watchtower nickfedor/watchtower",
    "wg_easy": "ghcr.io/wg-easy/wg-easy weejewel/wg-easy",
    "wordpress": "wordpress joomla",
    "zookeeper": "zookeeper",
}
# fmt: on

FILES = {name: file for file, names in _NAMES.items() for name in names.split()}

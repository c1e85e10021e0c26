# What the services and the client run in: the programs, the libraries they load, and their data.
# Built by `./podium build` from the root, after the toolchain image has compiled build/release/bin.
ARG BASE=debian:trixie-slim
ARG TOOLCHAIN
FROM ${TOOLCHAIN} AS programs
COPY build/release/bin/ /programs/
RUN strip /programs/*

FROM ${BASE}
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
COPY deploy/images/add-backports.sh /tmp/
RUN sh /tmp/add-backports.sh \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
      ca-certificates libnats3.10 libprotobuf32t64 libpq5 libspdlog1.15 libarchive13t64 libxml2 \
      libprometheus-cpp-core1.0 opentelemetry-cpp \
 && apt-get install -y --no-install-recommends -t trixie-backports \
      libcpp-httplib0.41 libcurl4t64 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log
# A new named volume takes over the owner of the folder that it is first mounted on: these belong to
# the user of the services, so that no service needs root to write there.
RUN groupadd --gid 10001 podium \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
      --shell /usr/sbin/nologin podium \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/podium/artifacts /var/lib/nats /etc/nats
COPY schemas/ /usr/share/podium/schemas/
COPY competitions/ /usr/share/podium/competitions/
COPY sandbox/seccomp.json /usr/share/podium/
COPY services/codegen/generator/templates/ /usr/share/podium/templates/
COPY services/codegen/prompts/templates/ /usr/share/podium/prompts/
COPY services/codegen/models/prices.json /usr/share/podium/
COPY --from=programs /programs/ /usr/bin/
USER 10001:10001

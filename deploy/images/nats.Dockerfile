# nats-server from Debian's packages, where no registry gives the official image. Like that image it
# has wget for the health check and starts what it is told to.
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends nats-server busybox ca-certificates \
 && ln -s /bin/busybox /usr/local/bin/wget \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
EXPOSE 4222 8222
CMD ["nats-server"]

# Builds and tests Podium: compilers, checkers, and what the pipeline tests start: the real nats-server
# and PostgreSQL, and moto, an S3-compatible server. Built from the folder deploy/images.
ARG BASE=debian:trixie-slim
FROM ${BASE}
COPY ca/ /usr/local/share/ca-certificates/
COPY add-backports.sh /tmp/
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && update-ca-certificates \
 && sh /tmp/add-backports.sh \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
      clang g++ libclang-rt-19-dev cmake ninja-build ccache mold pkgconf git \
      libnats-dev protobuf-compiler libprotobuf-dev libpq-dev nlohmann-json3-dev \
      opentelemetry-cpp-dev prometheus-cpp-dev libspdlog-dev libcli11-dev libarchive-dev libxml2-dev \
      libgtest-dev libgmock-dev libbenchmark-dev \
 && apt-get install -y --no-install-recommends -t trixie-backports \
      libcpp-httplib-dev libcurl4-openssl-dev curl \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      clang-format clang-tidy \
      nats-server postgresql-17 python3 python3-venv python3-yaml python3-jsonschema \
      python3-aiosmtpd openssl gdb procps unzip jq shellcheck \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
# In a folder of their own, so that no other Python sees them; compiling them would take longer than
# it saves.
COPY s3/requirements.txt /tmp/s3-requirements.txt
RUN python3 -m venv /opt/s3 \
 && /opt/s3/bin/pip install --no-cache-dir --no-compile --no-deps -r /tmp/s3-requirements.txt
# The compiler's cache is a volume; a new one takes over these rights, so that its user can write.
RUN install -d -m 1777 /ccache
ENV CCACHE_DIR=/ccache CCACHE_MAXSIZE=5G CCACHE_NOHASHDIR=1 \
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

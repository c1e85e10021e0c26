# Jaeger all-in-one from its Go module, where no registry gives the official image. It has the API
# but no web pages, which the module does not hold. Takes several minutes, once.
ARG BASE=debian:trixie-slim
FROM ${BASE} AS build
ARG JAEGER_VERSION=1.76.0
COPY ca/ /usr/local/share/ca-certificates/
COPY add-backports.sh /tmp/
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && update-ca-certificates \
 && sh /tmp/add-backports.sh \
 && apt-get update \
 && apt-get install -y --no-install-recommends -t trixie-backports golang-1.25-go \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
ENV PATH=/usr/lib/go-1.25/bin:$PATH GOTOOLCHAIN=local CGO_ENABLED=0
# Everything in one step, so that the compiler's caches stay out of the layers; at low priority,
# because something more urgent is usually being built beside it.
RUN go mod download "github.com/jaegertracing/jaeger@v${JAEGER_VERSION}" \
 && cp -R "$(go env GOMODCACHE)/github.com/jaegertracing/jaeger@v${JAEGER_VERSION}" /source \
 && chmod -R u+w /source \
 && cd /source \
 && nice -n 19 go build -trimpath -ldflags "-s -w" -o /jaeger ./cmd/all-in-one \
 && go clean -cache -modcache \
 && rm -rf /source

FROM ${BASE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends busybox ca-certificates \
 && ln -s /bin/busybox /usr/local/bin/wget \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY --from=build /jaeger /usr/local/bin/jaeger
USER 10001:10001
EXPOSE 4317 4318 14269 16686
ENTRYPOINT ["jaeger"]

# The sidecar alone, in an image that has nothing else: no shell, no libraries, no root.
#
#   docker build -t userlink --build-arg VERSION=0.1.0 .
#   docker run --read-only --cap-drop ALL -v /etc/userlink:/etc/userlink:ro -v /run/userlink:/run/userlink userlink
#
# It has to share a unix socket with the CMS (listen: unix:/run/userlink/userlink.sock), or the CMS's network namespace:
# a port that other containers can reach is refused, as there is no TLS. docker-compose.yml shows the former.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY sidecar sidecar
COPY shared shared
ARG VERSION=dev
# Without C it needs nothing of the machine; without the paths of this one two builds are the same.
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/userlink ./sidecar
RUN mkdir -p /out/run/userlink /out/etc/userlink /out/etc/ssl/certs \
    && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/

# What docker-compose.yml runs once beforehand; not part of the sidecar.
FROM debian:bookworm-slim AS setup
ENV USERLINK_CACHE=/var/cache/userlink
COPY scripts/lib /usr/local/lib/userlink/lib
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends ca-certificates mariadb-client \
    && bash -c '. /usr/local/lib/userlink/lib/civicrm.sh && get_civicrm_sql' \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/userlink /usr/local/bin/userlink
COPY scripts/docker/setup /usr/local/lib/userlink/setup
ENTRYPOINT ["/usr/local/lib/userlink/setup"]

FROM scratch AS userlink
COPY --from=build /out/ /
COPY --from=build --chown=7780:7780 /out/run/userlink /run/userlink
USER 7780:7780
ENTRYPOINT ["/userlink"]
CMD ["serve"]
# The program asks itself: there is no other that could. It says that the process lives, not that the database does: to
# start the sidecar anew would not mend the database.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 CMD ["/userlink", "healthcheck"]

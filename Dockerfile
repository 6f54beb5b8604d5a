# Two stages: one builds, the other runs the binary and nothing else, as nobody in particular.
# For the same image again, give both by digest: --build-arg RUST=rust@sha256:… --build-arg DEBIAN=debian@sha256:…
ARG RUST=rust:1.95-slim-bookworm
ARG DEBIAN=debian:bookworm-slim

FROM ${RUST} AS build
WORKDIR /dipper
# The linker and the C compiler that SQLite wants.
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY migrations migrations
COPY benches benches
RUN cargo build --release --locked --bin dipper && mkdir /data

FROM ${DEBIAN}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/ldconfig/aux-cache \
    && groupadd --gid 10001 dipper \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin dipper
COPY --from=build /dipper/target/release/dipper /usr/local/bin/dipper
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
# Only /data is written to: the rest of the file system may be read-only. The database is dipper.db there, unless
# the settings name another; it is not set here, so that DIPPER_DATABASE_URL_FILE holds.
WORKDIR /data
VOLUME /data
ENV DIPPER_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
# No shell is needed: neither to start, nor to ask.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dipper"]
CMD ["serve"]

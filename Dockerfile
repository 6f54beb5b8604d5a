# Two stages: one builds, the other runs the binary and nothing else, as nobody in particular.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /dipper
# The linker and the C compiler that SQLite wants.
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY migrations migrations
COPY benches benches
RUN cargo build --release --locked --bin dipper && mkdir /data

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home dipper
COPY --from=build /dipper/target/release/dipper /usr/local/bin/dipper
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
# Only /data is written to: the rest of the file system may be read-only.
WORKDIR /data
VOLUME /data
ENV DIPPER_LISTEN=0.0.0.0:8080 DIPPER_DATABASE_URL=sqlite:///data/dipper.db
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dipper"]
CMD ["serve"]

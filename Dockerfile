# One image for all services; the container's argument says which: `docker run hyperslab catalog`.
#
#   docker build -t hyperslab .                                  npm packages from the registry
#                                                                (old buildah: with --build-arg PACKAGES=registry)
#   node tools/kubernetes/build-image.ts --tag hyperslab         npm packages of this working copy; no network
#
# BASE      an image with Node 26 as `node`
# PACKAGES  where packages come from: `registry`, also those of the distribution with libraries that decode faster; or `prepared`:
#           npm packages by tools/kubernetes/collect-image.ts in .image, libraries as far as the base image has them
ARG BASE=docker.io/library/node:26-slim
ARG PACKAGES=registry

FROM ${BASE} AS install
WORKDIR /build
COPY . .
# Install scripts only fetch a second Node. What is left out of node_modules is decided by collect-image.ts.
RUN npm install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error
RUN node node_modules/vite/bin/vite.js build --config services/dashboard/vite.config.ts --logLevel warn
RUN node tools/kubernetes/collect-image.ts /app

FROM ${BASE} AS registry
COPY --from=install /app /app

FROM ${BASE} AS prepared
COPY .image/ /app/

FROM ${PACKAGES} AS compiled
WORKDIR /app
ENV NODE_COMPILE_CACHE=/app/.compile-cache
# A model run for `helm test`, of the same state in each image. Then each service reads its modules and refuses its
# configuration: what was compiled stays, which saves half a second of every start.
RUN node tools/cli/src/main.ts sample sample --size 1MiB && touch -d 2026-01-01T00:00:00Z sample/* \
 && for service in services/*/src/main.ts services/*/src/autoscaler/main.ts tools/cli/src/main.ts; do \
      HYPERSLAB_BIND=- node "$service" >/dev/null 2>&1 || true; done

# Codecs call these libraries where they are there, and do without where they are not (docs/formats.md).
FROM ${BASE} AS base-registry
RUN if command -v apt-get; then apt-get -qq update \
      && apt-get -qq -y install --no-install-recommends libdeflate0 liblz4-1 libzstd1 libaec0 && rm -rf /var/lib/apt/lists/*; \
    elif command -v apk; then apk add --no-cache libdeflate lz4-libs zstd-libs libaec; fi

FROM ${BASE} AS base-prepared

FROM base-${PACKAGES}
COPY --from=compiled /app /app
RUN ln -s /app/tools/cli/bin/hyperslab.mjs /usr/local/bin/hyperslab \
 && mkdir -p /var/lib/hyperslab && chown 10001:10001 /var/lib/hyperslab
WORKDIR /app
# The root file system may be read-only: state is in /var/lib/hyperslab, anything else in /tmp.
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.compile-cache \
    HYPERSLAB_STATE=/var/lib/hyperslab \
    HOME=/tmp
# catalog 7401, scheduler 7402, workers 7403, backup 7404, their HTTP 1000 above; autoscaler, gateway, dashboard
EXPOSE 7401 7402 7403 7404 8401 8402 8403 8404 8405 8080 8787
USER 10001:10001
STOPSIGNAL SIGTERM
# Node is process 1: services handle signals themselves and start no processes that would have to be reaped. Its options are those of
# libs/config/src/node-options.ts.
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/tools/kubernetes/start-service.ts"]
CMD ["hyperslab", "--help"]

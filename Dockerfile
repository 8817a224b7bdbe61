# The service. State is in Postgres (ASTOLD_DATABASE_URL) and in the folder /data: see docs/service.md.
FROM node:24-slim AS packages
WORKDIR /astold
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
WORKDIR /astold
COPY --from=packages /astold/node_modules ./node_modules
# As its own: of a checkout that is its owner's alone to read, nobody else could read a copy.
COPY --chown=node:node package.json ./
COPY --chown=node:node src ./src
COPY --chown=node:node rules ./rules
ENV NODE_ENV=production ASTOLD_HOST=0.0.0.0 ASTOLD_PORT=8400 ASTOLD_DATA=/data
# `astold organisation add`, `astold backup` ... in the container.
RUN printf '#!/bin/sh\nexec node /astold/src/cli/main.js "$@"\n' > /usr/local/bin/astold && chmod 0755 /usr/local/bin/astold \
  && mkdir -m 0700 /data /backup && chown node:node /data /backup
USER node
VOLUME /data
EXPOSE 8400
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ASTOLD_PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The process itself is told to stop: no shell, no npm in between.
CMD ["node", "src/cli/main.js", "serve"]

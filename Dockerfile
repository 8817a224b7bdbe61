# The service. State is in Postgres (ASTOLD_DATABASE_URL) and in the folder /data: see docs/service.md.
FROM node:24-slim AS packages
WORKDIR /astold
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
WORKDIR /astold
COPY --from=packages /astold/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY rules ./rules
ENV NODE_ENV=production ASTOLD_HOST=0.0.0.0 ASTOLD_PORT=8400 ASTOLD_DATA=/data
RUN mkdir -m 0700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8400
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8400/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The process itself is told to stop: no shell, no npm in between.
CMD ["node", "src/cli/main.js", "serve"]

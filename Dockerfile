# Signalbox as a container: every role, and the commands of the search copy. PostgreSQL comes from DATABASE_URL.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/link-node.mjs scripts/mend-postgres.mjs scripts/
RUN npm ci
COPY . .
RUN npx vite build --config web/vite.config.ts
# The image has Node 24, and PostgreSQL is a service of its own: the optional binaries and the build tools stay behind.
RUN npm ci --omit=optional --omit=dev

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/migrations migrations
COPY --from=build /app/server server
COPY --from=build /app/web/build web/build
COPY --from=build /app/opensearch opensearch
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/main.ts"]

# The server, its migrations and its command line, for one unprivileged user and a read-only root file system.
# docs/deploy.md says how to run it; tests/deep/processes/image.test.ts runs these steps without a container engine.

FROM node:22-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# No package here needs its install script: Prisma's would fetch engines that this app does not use.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY prisma.config.ts env-file.js ./
COPY prisma ./prisma
COPY app/database ./app/database
RUN npx prisma generate
# What no process opens: types and source maps, and what Prisma brings for other databases.
RUN rm -rf node_modules/typescript \
  && find node_modules -type f \( -name "*.map" -o -name "*.d.ts" -o -name "*.d.mts" -o -name "*.d.cts" \) -delete \
  && find node_modules/@prisma/client/runtime -type f -name "query_*" ! -name "query_compiler_bg.postgresql.*" -delete

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx prisma generate && npm run build

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production \
  EMBEDDED_DATA_DIR=/data/pglite \
  CHECKPOINT_DISABLE=1 \
  npm_config_cache=/tmp/npm \
  npm_config_update_notifier=false
# For an embedded database, where no DATABASE_URL is set: a volume there takes over its owner.
RUN mkdir /data && chown 1000:1000 /data
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/build ./build
COPY package.json tsconfig.json prisma.config.ts env-file.js server.js ./
COPY prisma ./prisma
COPY app ./app
COPY cli ./cli
COPY deploy/call-job.js ./deploy/
# By number, so that Kubernetes can tell that it is not root: the image's user "node".
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
# That the process answers. Whether the numbers are kept right is for an alarm, and no reason to restart it: /healthz.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]

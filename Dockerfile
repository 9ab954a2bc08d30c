# career-assistant in a container: not root, everything it keeps under /data.
#
#   docker build -t career-assistant .
#   docker run --rm -it -v career-assistant:/data career-assistant init
#   docker run -d --restart unless-stopped -v career-assistant:/data --name career-assistant career-assistant
#
# A new version: build again, remove the container, run it again; the data lies in the volume.

# The tag of the base floats: Debian's and Python's repairs come in with the next build. To hold it still, append the
# digest of the image that you tested (`python:3.12-slim-bookworm@sha256:...`) to both lines.

FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock \
 && /opt/build/bin/pip wheel --no-cache-dir --no-deps --require-hashes --no-build-isolation --use-pep517 \
    --wheel-dir /wheels -r requirements.lock
COPY assistant ./assistant
COPY prompts ./prompts
COPY docs ./docs
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python -m venv /opt/assistant \
 && /opt/assistant/bin/pip install --no-cache-dir --no-index --no-deps /wheels/*.whl \
 && /opt/assistant/bin/pip check

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin assistant \
 && install --directory --mode 700 --owner assistant --group assistant /data
COPY --from=build /opt/assistant /opt/assistant
ENV PATH=/opt/assistant/bin:$PATH \
    XDG_CONFIG_HOME=/data/config \
    XDG_DATA_HOME=/data \
    PYTHONUNBUFFERED=1 \
    TZ=UTC
USER 10001
WORKDIR /data
VOLUME ["/data"]
# No network is asked: whether the data is sound and the daemon still reads mail says enough.
HEALTHCHECK --interval=10m --timeout=30s --start-period=10m --retries=3 \
    CMD ["assistant", "doctor", "--check", "data", "--check", "last scan"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["assistant"]
CMD ["run"]

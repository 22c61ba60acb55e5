# syntax=docker/dockerfile:1

# docker build -t stylegram .
# docker build --build-arg VARIANT=gpu -t stylegram:gpu .
#
# How to run it stands in bot/README.md, "Deploying it".

FROM python:3.11-slim AS builder
ARG VARIANT=cpu
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
RUN python -m venv /opt/stylegram
# What it depends on comes first, so that a change of the code neither installs nor ships TensorFlow again.
COPY LICENSE README.md constraints.txt pyproject.toml ./
RUN --mount=type=cache,target=/root/.cache/pip \
    case "$VARIANT" in \
        cpu) extras=cluster,heic,plot ;; \
        gpu) extras=cluster,heic,plot,gpu ;; \
        *) echo "VARIANT is cpu or gpu, not $VARIANT" >&2; exit 1 ;; \
    esac \
    && PIP_CONSTRAINT=constraints.txt /opt/stylegram/bin/pip install --only-binary :all: ".[$extras]" \
    && /opt/stylegram/bin/pip uninstall --yes stylegram

FROM builder AS code
COPY bot bot
COPY core core
COPY storage storage
RUN --mount=type=cache,target=/root/.cache/pip \
    PIP_CONSTRAINT=constraints.txt /opt/stylegram/bin/pip wheel --no-deps --wheel-dir /wheels .
# Without a network the packaged weights do, and the bot tries again when it runs.
ARG STYLEGRAM_WEIGHTS_URL
RUN --mount=type=cache,target=/root/.keras \
    mkdir -p /opt/keras/models \
    && /opt/stylegram/bin/pip install --no-deps /wheels/*.whl \
    && if weights=$(/opt/stylegram/bin/stylegram fetch-weights); then \
        install --mode=644 "$weights" /opt/keras/models/; \
    fi

FROM python:3.11-slim
LABEL org.opencontainers.image.title="stylegram" \
      org.opencontainers.image.description="A Telegram bot that repaints one photo in the style of another" \
      org.opencontainers.image.licenses="MIT"
# Nothing is written but to /data and /tmp, so the rest may be read-only. Weights lie where Keras would have them.
ENV PATH=/opt/stylegram/bin:$PATH \
    HOME=/tmp \
    KERAS_HOME=/opt/keras \
    STYLEGRAM_DATA=/data \
    STYLEGRAM_LISTEN=0.0.0.0:8443
RUN groupadd --gid 10001 stylegram \
    && useradd --uid 10001 --gid stylegram --no-create-home --home-dir /tmp --shell /usr/sbin/nologin stylegram \
    && install --directory --owner=stylegram --group=stylegram /data
COPY --from=builder /opt/stylegram /opt/stylegram
COPY --from=code /opt/keras /opt/keras
RUN --mount=type=bind,from=code,source=/wheels,target=/wheels \
    /opt/stylegram/bin/pip install --no-cache-dir --no-deps /wheels/*.whl
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=3m CMD ["stylegram", "health"]
ENTRYPOINT ["stylegram"]
CMD ["run"]

# The same locked environment as `make`, in a container that works as a normal user:
#     docker build -t tegashiki .
#     docker run --rm -v "$PWD/runs:/home/tegashiki/checkout/runs" tegashiki
FROM python:3.13-slim-trixie

# git: a run records the commit that it ran
RUN apt-get update \
 && apt-get install -y --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*

# WORKDIR alone would make the folder root's.
RUN useradd --create-home tegashiki \
 && install --directory --owner=tegashiki --group=tegashiki /home/tegashiki/checkout
USER tegashiki
WORKDIR /home/tegashiki/checkout
ENV PATH=/home/tegashiki/venv/bin:$PATH

# The lock alone first: its layer is built again only when the lock changes.
COPY --chown=tegashiki requirements.lock .
RUN python3 -m venv /home/tegashiki/venv \
 && pip install --no-cache-dir --require-hashes -r requirements.lock

COPY --chown=tegashiki . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .

CMD ["tegashiki", "run", "ink2tex", "--profile", "quick"]

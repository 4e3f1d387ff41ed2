"""A run's folder on disk: layout, status, manifest, metrics, log. See runs/README.md."""

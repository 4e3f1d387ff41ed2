"""What a kernel sees of its run: begin, run, gates, environment, provenance."""

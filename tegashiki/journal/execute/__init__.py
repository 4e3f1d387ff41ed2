"""Running notebooks: plan, launch, supervise, the worker, signals, progress, schedule."""

"""What the archive tells: differences and their causes, curves, verification, the site."""

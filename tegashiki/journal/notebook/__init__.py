"""A notebook as a source: its parameters cell, forms, badges, and what must not be archived."""

"""One word of sign language from body landmarks: data, networks, cross-validation, the reader."""

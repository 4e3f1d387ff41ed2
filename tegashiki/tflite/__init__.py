"""Keras to one .tflite: converted, trimmed, checked against the network it came from."""

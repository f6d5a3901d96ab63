"""Core ML ML Programs on any machine: read a package, lower it to ONNX, run it."""

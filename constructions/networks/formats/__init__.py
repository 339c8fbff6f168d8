"""Networks from other tools: ONNX, PyTorch modules, and graphs as GraphML, DOT and JSON."""

"""What tests stand on: databases, a browser, and the fence around the core."""

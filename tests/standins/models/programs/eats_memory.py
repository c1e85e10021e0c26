"""Takes memory until the run is killed."""

held = []
while True:
    held.append(bytearray(64 * 1024 * 1024))

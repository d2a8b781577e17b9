"""Where the emulator takes many objects at once; apart, so that clients need not load the emulator."""

PATH = "/_sandbox/objects"

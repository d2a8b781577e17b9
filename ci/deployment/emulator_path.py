"""Where the emulator takes many objects at once, and whole histories of keys; apart, so that clients need not load it."""

PATH = "/_sandbox/objects"
HISTORIES = "/_sandbox/histories"

"""The service as a process that is killed, stopped, or has no disk, in the middle of scenes."""

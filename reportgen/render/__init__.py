"""Stage 6: an article as files. Renderers format, they never compute."""

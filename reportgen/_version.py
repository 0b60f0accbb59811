"""The version, apart from the package's front door, so that a stage can name it without opening that door."""

__version__ = "0.1.0"

"""The engine: one way in which everything happens."""

from linli.engine.engine import Engine
from linli.engine.orders import Make, Plain, Start

__all__ = ["Engine", "Make", "Plain", "Start"]

"""Deliveries and timers: rows that are due, written with the act, carried out after it."""

from linli.deliveries.rows import Delivery, due

__all__ = ["Delivery", "due"]

"""Service centres: four facilities, opening hours, the one-door desk, the hall and its bookings, courier stations."""

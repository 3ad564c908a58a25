"""What `linli.testing` is made of."""

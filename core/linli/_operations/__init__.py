"""What an installation's operator needs: findings, checks, safety."""

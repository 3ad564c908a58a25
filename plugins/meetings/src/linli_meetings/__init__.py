"""Joint meetings and the whistle for linli: agenda, resolutions, departments reporting in."""

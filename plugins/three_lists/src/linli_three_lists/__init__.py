"""Three lists, one closed loop for linli: needs, services and tasks on top of dispatch."""

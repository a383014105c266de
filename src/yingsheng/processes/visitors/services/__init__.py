"""What is written at the gate and at the lobby desk."""

"""Read Modic changes on lumbar MRI and export verifiable evidence (headless core)."""

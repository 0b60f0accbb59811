"""From an issue's folder to its readers: freezing, building, handing over, and what is left in doubt."""

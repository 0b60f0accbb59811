"""Whether a delivery is set up well: names and addresses in DNS, relay, keys, leaving by one click."""

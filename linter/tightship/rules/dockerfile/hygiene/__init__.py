"""Rules about size, repeatable builds and logs: the set `hygiene`."""

"""Messages about a finished build: one for each agency that has something to do, one for the office, one for the maintainer."""

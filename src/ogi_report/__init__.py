"""Annual reports on open government information: from an agency-year's figures to a checked, published report."""

__version__ = "0.1.0"

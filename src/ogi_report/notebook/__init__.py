"""From an executed notebook to pages: nbconvert exporters and their template."""

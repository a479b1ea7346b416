"""What else a finished public page becomes: Word, PDF, HTML to paste into a content management system."""

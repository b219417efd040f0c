"""What the project's own workbench needs: nothing here is part of a running system."""

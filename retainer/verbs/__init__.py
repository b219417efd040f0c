"""One file for each noun; nothing here is imported before its verb is called (retainer.app names them all)."""

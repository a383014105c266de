"""设置: the administrator's office, one page for each thing he keeps."""

//! Issues: reported, read, acted on.

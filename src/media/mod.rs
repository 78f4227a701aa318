//! Pictures: the only folder that knows how they are coded. Bytes in, bytes out.

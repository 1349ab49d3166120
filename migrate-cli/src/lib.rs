//! The command line of migrate, as a library.

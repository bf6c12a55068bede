//! Layers of values become one tree that remembers its origins.

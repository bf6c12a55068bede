//! Templates and values become YAML documents that know their origins.

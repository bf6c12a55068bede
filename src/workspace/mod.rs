//! Services × environments × namespaces = targets.

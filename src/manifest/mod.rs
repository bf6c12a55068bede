//! Kubernetes objects with an identity, unique and in a stable order.

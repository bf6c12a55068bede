//! What a Kubernetes version serves.

//! What a Kubernetes version serves.
mod version;
pub use version::{UnknownVersion, Version};

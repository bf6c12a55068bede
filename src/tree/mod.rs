//! Checked manifests become files in a tree, and the tree becomes a folder on disk.

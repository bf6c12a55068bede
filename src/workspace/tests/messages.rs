//! Every message about a workspace.

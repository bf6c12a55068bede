//! What a finding is about, told so that a later run knows it again.

use super::Code;

/// What tells a finding from others in every run: no line, no value and no words of it, so that it stays the same while
/// files around it change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The target, `environment/namespace/service`, or the file where there are no targets. The sink fills it in.
    pub within: String,
    /// The object: its kind with its group, its namespace and name, as far as it has them.
    pub object: String,
    /// The field, items of lists by their names where they have them; empty for the object as a whole.
    pub field: String,
    /// The code.
    pub code: Code,
}

//! How much is read, done and made for one root, so that no input fills the memory or runs without end.

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;
/// The largest template, in bytes.
const MAX_TEMPLATE_BYTES: u64 = 1024 * 1024;
/// How many steps one template may take in one target.
const MAX_TEMPLATE_STEPS: u64 = 1024 * 1024;
/// How many steps all templates of one target may take.
const MAX_TARGET_STEPS: u64 = 64 * 1024 * 1024;
/// What the values that the templates of one target print may weigh together, in bytes.
const MAX_TARGET_BYTES: u64 = 128 * 1024 * 1024;
/// How large the files of all targets of a run may be together, in bytes.
const MAX_OUTPUT_BYTES: u64 = 1024 * 1024 * 1024;

/// The limits that a workspace may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of one template.
    pub template: u64,
    /// Steps of one template in one target; 64 bytes of printed text are one, too.
    pub template_steps: u64,
    /// Steps of all templates of one target.
    pub target_steps: u64,
    /// Bytes of what the holes of one target hold.
    pub target_text: u64,
    /// Bytes of the files of all targets of a run.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: MAX_FILE_BYTES,
            template: MAX_TEMPLATE_BYTES,
            template_steps: MAX_TEMPLATE_STEPS,
            target_steps: MAX_TARGET_STEPS,
            target_text: MAX_TARGET_BYTES,
            output: MAX_OUTPUT_BYTES,
        }
    }
}

//! What an API server would say, before it is asked.
//!
//! `Manifests  --check-->  Checked`, `values.schema.json + values  --ValuesSchema::check-->  findings`
//!
//! Promise: only what this room let pass can be laid out; a manifest is valid when every Kubernetes version of its
//! environment takes it; a finding shows the line that set the value and the template line, and no secret. Reads
//! no files; knows no charts and no templates.

mod baseline;
mod checked;
mod custom;
mod edited;
mod inline;
mod kubernetes;
mod lifecycle;
mod rules;
pub mod schema;
mod sensitive;
mod validators;
mod values;

#[cfg(test)]
mod tests;

pub use baseline::{Baseline, Known, Stale};
pub use checked::{Advice, Checked, Rules, check, judge};
pub use inline::{Inline, InlineSecrets, InlineValues, plain_entry};
pub use sensitive::{Sensitive, keep_secret, scalars};
pub use validators::Validators;
pub use values::{Setter, ValuesSchema};

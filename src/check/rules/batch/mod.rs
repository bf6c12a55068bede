//! Jobs and what starts them by the clock.
//!
//! Source: upstream's `pkg/apis/batch/validation/validation.go`.

mod cron;
pub(super) mod cron_job;
pub(super) mod job;
pub(super) mod policy;
mod zones;

#[cfg(test)]
mod tests;

use super::{At, CodeRule, Found};

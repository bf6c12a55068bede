//! Autoscalers, disruption budgets, quotas, limits, and classes of priority and runtime.

pub(super) mod autoscaler;
pub(super) mod budget;
pub(super) mod classes;
pub(super) mod limits;
pub(super) mod metric;
pub(super) mod quota;

#[cfg(test)]
mod tests;

use super::{At, CodeRule, Found};

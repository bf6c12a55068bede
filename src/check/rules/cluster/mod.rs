//! What concerns a cluster as a whole: nodes, events, requests for certificates, what serves the API and how much of it.

mod event;
mod flow;
mod node;
mod service;
mod signing;

#[cfg(test)]
mod tests;

use super::{At, CodeRule, Found};

pub(super) const EVENTS: &[CodeRule] = event::RULES;
pub(super) const FLOWS: &[CodeRule] = flow::RULES;
pub(super) const NODES: &[CodeRule] = node::RULES;
pub(super) const SERVICES: &[CodeRule] = service::RULES;
pub(super) const SIGNING: &[CodeRule] = signing::RULES;

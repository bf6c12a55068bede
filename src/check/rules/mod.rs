//! What an API server asks of an object beyond the types of its fields.
//!
//! `Kind  --Compiled::new-->  types with their rules  --judge(object)-->  Broken*, in the order of the text`
//!
//! Two sorts of rules. What one field alone must be is a line in a table, `schema/rules/AREA.txt`. What takes more than one
//! field is a function in `AREA.rs`, on one type. Both see an object as a server has decoded and defaulted it ([`At`]), and
//! name the field and the reason that the server would. One walk over the object holds all of them.
//!
//! Promise: only what a server refuses is found, and what it warns of (`warned`). Judges no object whose types are wrong, as a server does not.

mod access;
mod admission;
mod at;
mod batch;
mod cluster;
mod compiled;
mod config;
mod definition;
mod devices;
mod expressions;
mod field;
mod found;
mod grammar;
mod ip;
mod metadata;
mod network;
mod pod;
mod quantity;
mod resource;
mod scaling;
mod storage;
mod table;
mod walk;
mod warned;
mod workload;

#[cfg(test)]
mod tests;

pub(super) use compiled::Compiled;
pub(super) use found::Broken;
pub(super) use walk::judge;

use at::{At, Object};
use compiled::CodeRule;
use found::Found;

/// The rules in code, by area.
const AREAS: &[&[CodeRule]] = &[
    access::RULES,
    admission::RULES,
    cluster::EVENTS,
    cluster::FLOWS,
    cluster::NODES,
    cluster::SERVICES,
    cluster::SIGNING,
    config::RULES,
    definition::RULES,
    devices::RULES,
    metadata::RULES,
    batch::cron_job::RULES,
    batch::job::RULES,
    batch::policy::RULES,
    network::addresses::RULES,
    network::endpoints::RULES,
    network::ingress::RULES,
    network::policy::RULES,
    network::service::RULES,
    pod::annotation::RULES,
    pod::container::RULES,
    pod::env::RULES,
    pod::mount::RULES,
    pod::network::RULES,
    pod::probe::RULES,
    pod::resources::RULES,
    pod::scheduling::RULES,
    pod::security::RULES,
    pod::spec::RULES,
    pod::volume::RULES,
    pod::windows::RULES,
    scaling::autoscaler::RULES,
    scaling::budget::RULES,
    scaling::classes::RULES,
    scaling::limits::RULES,
    scaling::metric::RULES,
    scaling::quota::RULES,
    storage::CLAIMS,
    storage::CLASSES,
    storage::DRIVERS,
    storage::SOURCES,
    storage::VOLUMES,
    warned::addresses::RULES,
    warned::containers::RULES,
    warned::definitions::RULES,
    warned::files::RULES,
    warned::labels::RULES,
    warned::network::RULES,
    warned::objects::RULES,
    warned::pods::RULES,
    warned::ports::RULES,
    warned::storage::RULES,
    workload::rollout::RULES,
    workload::selector::RULES,
];

//! The one YAML reader and the one canonical writer.
//!
//! `text  --read-->  Document*  --Node, Scalar, Map-->  …  --write-->  canonical text`
//!
//! Promise: a scalar means what the Kubernetes tools (go-yaml v2) take it for and keeps its own
//! text, tag and style; every node knows its place; keys are unique; hostile input ends in a
//! finding, never in an abort; what the writer prints is what `kustomize build` prints for the same
//! data and reads back as the same data. Knows no Kubernetes and no templates.

mod boolean_key;
mod breaks;
mod build;
mod de;
mod error;
mod exact;
mod float;
mod go_json;
#[cfg(any(test, feature = "serde_yaml"))]
mod interop;
mod json;
mod node;
mod order;
mod path;
mod plain;
mod problem;
mod read;
mod resolve;
mod respell;
mod same;
mod scalar;
mod style;
mod syntax;
mod timestamp;
mod whole;
mod write;

pub use boolean_key::{boolean_key, warn_of_boolean_keys};
pub use de::from_node;
pub use exact::Exact;
pub use float::{float_text, json_float};
pub use go_json::{go_json, write_go_text};
#[cfg(any(test, feature = "serde_yaml"))]
pub use interop::{from_serde_yaml, to_serde_yaml};
pub use json::{from_json, json_problem, to_json};
pub use node::{Data, Document, Key, Map, Node, Scalar, Style, Value, position};
pub use path::{key_text, path_text, push_key};
pub use problem::Problem;
pub use read::{
    Duplicates, MergeKeys, Options, Tags, parse, parse_part, parts, read, read_with,
    refuse_conflicts,
};
pub use resolve::{NOT_FINITE, Rules, resolve};
pub use respell::{
    fits_into_block, fold_next_lines, may_be_respelled, next_lines_folded, refused_character,
    spell_out, through_json,
};
pub use same::same_data;
pub use timestamp::is_timestamp;
pub use whole::reads_as_no_string;
pub use write::{write, write_all, write_visible};

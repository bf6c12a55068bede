//! What a policy can ask the authorizer of a server. Only a server knows the answers; the types are known here.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::Method;

pub(super) const FUNCTIONS: &[Row] = &[
    (Method, "path", ask),
    (Method, "group", ask),
    (Method, "serviceAccount", ask),
    (Method, "resource", ask),
    (Method, "subresource", ask),
    (Method, "namespace", ask),
    (Method, "name", ask),
    (Method, "check", ask),
    (Method, "errored", ask),
    (Method, "error", ask),
    (Method, "allowed", ask),
    (Method, "reason", ask),
    (Method, "fieldSelector", ask),
    (Method, "labelSelector", ask),
];

fn ask(_: &[Value]) -> Result<Value, Trouble> {
    Trouble::told("only a server knows who may do what")
}

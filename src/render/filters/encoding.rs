//! Filters that encode and hash.

use super::{content, defined, refused};
use crate::render::text as texts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use minijinja::{Environment, Error, State};
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write;

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("b64encode", b64encode);
    environment.add_filter("b64decode", b64decode);
    environment.add_filter("sha256", |s: &mut State, v: &Value| {
        hashed(s, v).map(|bytes| hex(&Sha256::digest(bytes)))
    });
    environment.add_filter("sha512", |s: &mut State, v: &Value| {
        hashed(s, v).map(|bytes| hex(&Sha512::digest(bytes)))
    });
}

fn b64encode(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    Ok(STANDARD.encode(content(state, value)?))
}

fn b64decode(state: &mut State<'_, '_>, value: &Value) -> Result<String, Error> {
    let text = content(state, value)?;
    let bytes = STANDARD.decode(text.trim());
    let bytes =
        bytes.map_err(|_| refused("the text is no base64", "encode it with `b64encode`"))?;
    String::from_utf8(bytes)
        .map_err(|_| refused("the decoded bytes are no UTF-8 text", "keep them encoded"))
}

/// What is hashed: a text's bytes; of anything else its JSON with sorted keys.
fn hashed(state: &mut State<'_, '_>, value: &Value) -> Result<Vec<u8>, Error> {
    let value = defined(state, value)?;
    match value.as_str() {
        Some(_) => Ok(content(state, value)?.into_bytes()),
        None => Ok(texts::canonical_json(value)?.into_bytes()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes any text");
        text
    })
}

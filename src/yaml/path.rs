//! How a path in a tree is written: one spelling for all messages, which can be typed again.

use std::borrow::Cow;
use std::fmt::Write;

/// A key as it stands in a path, in quotes where it would be read otherwise: `a.b."c.d/e"`.
#[must_use]
pub fn key_text(key: &str) -> Cow<'_, str> {
    let is_plain = !key.is_empty() && !key.contains(['.', '[', ']', ' ', '"', '\'', '\\', '\n']);
    if is_plain { Cow::Borrowed(key) } else { Cow::Owned(format!("{key:?}")) }
}

/// Keys, and positions of list items in digits, as a path: `env[0].name`, `labels."a.b/c"`.
pub fn path_text(keys: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for key in keys {
        let key = key.as_ref();
        let is_position = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
        match is_position && !text.is_empty() {
            true => write!(text, "[{key}]").expect("a string takes any text"),
            false => push_key(&mut text, key),
        }
    }
    text
}

/// Puts one more key at the end of a path.
pub fn push_key(path: &mut String, key: &str) {
    *path += if path.is_empty() { "" } else { "." };
    *path += &key_text(key);
}

#[cfg(test)]
mod tests {
    use super::path_text;

    #[test]
    fn a_path_is_keys_with_dots_and_positions_in_brackets() {
        assert_eq!(path_text(["env", "0", "name"]), "env[0].name");
        assert_eq!(path_text([""; 0]), "");
    }

    #[test]
    fn a_key_that_would_be_read_otherwise_stands_in_quotes() {
        assert_eq!(path_text(["labels", "app.io/name"]), "labels.\"app.io/name\"");
        assert_eq!(path_text(["a b", "c/d", ""]), "\"a b\".c/d.\"\"");
    }
}

//! What the data of a ConfigMap or Secret is made of: `NAME=text`, files, and files of lines `NAME=text`.

use crate::source::{Place, Source};
use crate::transform::{Fault, Text};
use crate::yaml;
use std::sync::Arc;

/// How long a line of a file of lines may be, in bytes: kustomize leaves out a longer one and all that follow.
const MAX_LINE: usize = 64 * 1024;

/// One entry of the data.
#[derive(Debug, Clone)]
pub struct Datum {
    /// Its name.
    pub key: Arc<str>,
    /// What it holds; any bytes if it comes from a file.
    pub value: Vec<u8>,
    /// Where it is asked for.
    pub place: Place,
}

/// The entries of a file of lines.
#[derive(Debug, Clone)]
pub struct Lines {
    /// Those that kustomize takes.
    pub data: Vec<Datum>,
    /// Where it stops to read before the end.
    pub cut: Option<Cut>,
}

/// A line that is too long for kustomize, which leaves it out and all that follow, and says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Where the line begins.
    pub place: Place,
    /// How long it is, in bytes.
    pub length: usize,
}

/// Reads `NAME=text`; one pair of equal quotes around the text is taken off.
///
/// # Errors
/// When there is no `=`, or no name before it.
pub fn literal(text: &Text) -> Result<Datum, Fault> {
    let place = text.place;
    let Some((key, value)) = text.text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
        let message = "a literal is a name, `=` and a text".to_owned();
        return Err(Fault { message, place, hint: "write it as `NAME=text`" });
    };
    if let Some(character) = yaml::refused_character(&text.text) {
        let character = character.escape_unicode();
        let message = format!("kustomize takes no literal with the character `{character}`");
        return Err(Fault { message, place, hint: "put the text into a file" });
    }
    Ok(Datum { key: key.into(), value: without_quotes(value).into(), place })
}

fn without_quotes(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Splits `NAME=path` or `path`, whose name is that of the file.
///
/// # Errors
/// When the name or the path is empty, or there is a second `=`.
pub fn file_source(text: &Text) -> Result<(Arc<str>, Text), Fault> {
    let place = text.place;
    let refuse = |message: String, hint| Err(Fault { message, place, hint });
    let Some((key, path)) = text.text.split_once('=') else {
        let name = text.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        return Ok((name.into(), text.clone()));
    };
    match (key, path) {
        (_, path) if path.contains('=') => {
            let message = format!("`{}` has more than one `=`", text.text);
            refuse(
                message,
                "rename the file: neither its path nor its name in the data may have one",
            )
        }
        ("", path) => {
            let message = format!("the name for the file `{path}` is missing");
            refuse(message, "write it as `NAME=path`, or leave the `=` out")
        }
        (key, "") => {
            let message = format!("the path of the file for `{key}` is missing");
            refuse(message, "write it as `NAME=path`")
        }
        (key, path) => Ok((key.into(), Text::new(path, place))),
    }
}

/// Reads a file of lines `NAME=text`, as kustomize does.
///
/// Blanks before a name and lines that begin with `#` have no meaning; everything behind the `=` belongs to the text,
/// quotes and blanks at the end, too. A name alone is empty: the environment is not asked.
#[must_use]
pub fn lines(source: &Source) -> Lines {
    let (mut data, mut start) = (Vec::new(), 0);
    for full in source.text().split_inclusive('\n') {
        let line = full.strip_suffix('\n').unwrap_or(full);
        let place = source.place(start, start + line.len());
        if line.len() >= MAX_LINE {
            let place = source.place(start, start);
            return Lines { data, cut: Some(Cut { place, length: line.len() }) };
        }
        start += full.len();
        let content = line.strip_suffix('\r').unwrap_or(line).trim_start();
        let (key, value) = content.split_once('=').unwrap_or((content, ""));
        if !content.starts_with('#') && !key.is_empty() {
            data.push(Datum { key: key.into(), value: value.into(), place });
        }
    }
    Lines { data, cut: None }
}

#[cfg(test)]
mod tests {
    use super::{file_source, lines, literal};
    use crate::source::Files;
    use crate::transform::Text;

    fn text(text: &str) -> Text {
        let files = Files::memory([("a", "")]).expect("a path");
        Text::new(text, files.add("a", Vec::new()).expect("a text").place(0, 0))
    }

    #[track_caller]
    fn check_literal(written: &str, expect: Option<(&str, &str)>) {
        let datum = literal(&text(written)).ok();
        let found = datum.as_ref().map(|datum| (&*datum.key, &datum.value[..]));
        assert_eq!(found, expect.map(|(key, value)| (key, value.as_bytes())));
    }

    #[test]
    fn a_literal_is_split_at_its_first_equals_sign() {
        check_literal("a=b=c", Some(("a", "b=c")));
        check_literal(" a = b", Some((" a ", " b")));
        check_literal("a=", Some(("a", "")));
        check_literal("a", None);
        check_literal("=a", None);
    }

    #[test]
    fn one_pair_of_equal_quotes_is_taken_off_a_literal() {
        check_literal("a=\"b\"", Some(("a", "b")));
        check_literal("a='\"b\"'", Some(("a", "\"b\"")));
        check_literal("a='b\"", Some(("a", "'b\"")));
        check_literal("a=''", Some(("a", "")));
        check_literal("a='", Some(("a", "'")));
    }

    #[track_caller]
    fn check_file(written: &str, expect: Option<(&str, &str)>) {
        let source = file_source(&text(written)).ok();
        let found = source.as_ref().map(|(key, path)| (&**key, &*path.text));
        assert_eq!(found, expect);
    }

    #[test]
    fn a_file_is_called_by_its_name_unless_another_is_given() {
        check_file("b/c.txt", Some(("c.txt", "b/c.txt")));
        check_file("a=b/c.txt", Some(("a", "b/c.txt")));
        check_file("=c.txt", None);
        check_file("a=", None);
        check_file("a=b=c", None);
    }

    #[track_caller]
    fn check_lines(written: &str, expect: &[(&str, &str)]) {
        let files = Files::memory([("a", "")]).expect("a path");
        let source = files.add("a.env", written.as_bytes().to_vec()).expect("a text");
        let lines = lines(&source);
        let found: Vec<_> = lines.data.iter().map(|one| (&*one.key, &one.value[..])).collect();
        let expect: Vec<_> = expect.iter().map(|(key, value)| (*key, value.as_bytes())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_line_keeps_its_quotes_and_the_blanks_at_its_end() {
        check_lines("  a=\"b\" \r\n# c\n\n\t# d\n=e\n", &[("a", "\"b\" ")]);
    }

    #[test]
    fn a_name_alone_is_empty() {
        check_lines("HOME\nexport A=b", &[("HOME", ""), ("export A", "b")]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_name() {
        check_lines("\u{FEFF}a=b\n", &[("a", "b")]);
    }

    #[test]
    fn a_line_of_64_kib_ends_the_file() {
        let long = "x".repeat(65_534);
        check_lines(&format!("a=b\nc={long}\nd=e\n"), &[("a", "b")]);
        let fits = &long[1..];
        check_lines(&format!("c={fits}\nd=e\n"), &[("c", fits), ("d", "e")]);
    }
}

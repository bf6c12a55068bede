//! What to type on the command line, where a message asks for an edit of a value that an argument sets.

use super::{Diagnostic, Excerpt, Label, on_one_line};

/// How the hint begins that makes a string of another scalar.
pub const IN_QUOTES: &str = "write it in quotes";
/// How the hint begins that makes another scalar of a string.
pub const WITHOUT_QUOTES: &str = "write it without quotes";

/// Lets a hint that asks for quotes, or for none, name the argument to type, if it is about a value that
/// `--set` or `--set-string` sets.
pub(super) fn name_arguments(finding: &mut Diagnostic) {
    let flags = [(IN_QUOTES, "--set", "--set-string"), (WITHOUT_QUOTES, "--set-string", "--set")];
    for (asks, typed, flag) in flags {
        let Some(at) = finding.hints.iter().position(|hint| hint.starts_with(asks)) else {
            continue;
        };
        let setting = finding.labels().find_map(|label| setting(label, typed));
        if let Some(setting) = setting {
            let hint = format!("write `{flag} {}`", shell_word(setting));
            finding.hints[at] = hint;
        }
    }
}

/// The one of several settings in the argument of a flag, `a=1,b=2`, that a label points into.
fn setting<'l>(label: &'l Label, flag: &str) -> Option<&'l str> {
    let source = label.source().filter(|_| label.excerpt == Excerpt::Shown)?;
    let path = source.name().strip_prefix(flag)?;
    let (text, at) = (source.text(), label.place.span.range().start);
    let all = settings(text).into_iter().find(|range| range.contains(&at) || range.end == at)?;
    path.starts_with(' ').then(|| &text[all])
}

/// The settings of an argument: the commas between them are neither escaped nor in brackets.
fn settings(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut start, mut depth, mut is_escaped) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(start..text.len());
    found
}

/// An argument as a shell takes it in a command that is proposed.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if on_one_line(text) == text {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let byte = |byte: u8| match byte {
        b'\n' => r"\n".to_owned(),
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    format!("$'{}'", text.bytes().map(byte).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{IN_QUOTES, WITHOUT_QUOTES};
    use crate::diag::{Code, Diagnostic, Sink};
    use crate::source::Files;

    /// The hint of a finding about `value` in an argument.
    fn hint(name: &str, argument: &str, value: &str, asks: &str) -> String {
        let files = Files::memory::<&str, &str>([]).expect("no paths");
        let source = files.add(name, argument.as_bytes().to_vec()).expect("text");
        let at = argument.rfind(value).expect("it is there");
        let place = source.place(at, at + value.len());
        let mut sink = Sink::new(&files);
        let finding = Diagnostic::error(Code::ValuesSchema, "wrong").at(place, "");
        sink.error(finding.hint(format!("{asks}: x")));
        let failure = sink.finish().expect_err("an error");
        failure.diagnostics()[0].hints[0].clone()
    }

    #[test]
    fn a_value_of_an_argument_is_typed_with_another_flag() {
        assert_eq!(hint("--set a.b", "a.b=5", "5", IN_QUOTES), "write `--set-string a.b=5`");
        assert_eq!(hint("--set-string a", "a=5", "5", WITHOUT_QUOTES), "write `--set a=5`");
    }

    #[test]
    fn only_the_setting_that_is_wrong_is_named_as_it_was_typed() {
        let hint = |argument, value| hint("--set x", argument, value, IN_QUOTES);
        assert_eq!(hint("a=1,b\\,c=5,d=6", "5"), "write `--set-string 'b\\,c=5'`");
        assert_eq!(hint("a=1,t={x,5}", "5"), "write `--set-string 't={x,5}'`");
        assert_eq!(
            hint("env[name=A,x=B].value=5", "5"),
            "write `--set-string 'env[name=A,x=B].value=5'`"
        );
    }

    #[test]
    fn a_value_of_a_file_is_written_there() {
        assert_eq!(hint("values.yaml", "a: 5", "5", IN_QUOTES), "write it in quotes: x");
        assert_eq!(hint("--set-json a", "a=5", "5", IN_QUOTES), "write it in quotes: x");
    }
}

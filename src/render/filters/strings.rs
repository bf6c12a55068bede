//! Filters on text. Positions and lengths count characters.

use super::compared::measured;
use super::{content, defined, refused, sized, text};
use crate::render::text as texts;
use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error, State};

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("upper", |s: &mut State, v: &Value| map(s, v, |t| t.to_uppercase()));
    environment.add_filter("lower", |s: &mut State, v: &Value| map(s, v, |t| t.to_lowercase()));
    environment.add_filter("title", |s: &mut State, v: &Value| map(s, v, title));
    environment.add_filter("untitle", |s: &mut State, v: &Value| map(s, v, untitle));
    environment.add_filter("capitalize", |s: &mut State, v: &Value| map(s, v, capitalize));
    environment.add_filter("snakecase", |s: &mut State, v: &Value| map(s, v, |t| cased(t, "_")));
    environment.add_filter("kebabcase", |s: &mut State, v: &Value| map(s, v, |t| cased(t, "-")));
    environment.add_filter("camelcase", |s: &mut State, v: &Value| map(s, v, camel));
    environment.add_filter("string", text);
    environment.add_filter("trim", trim);
    environment.add_filter("trim_prefix", trim_prefix);
    environment.add_filter("trim_suffix", trim_suffix);
    environment.add_filter("trunc", trunc);
    environment.add_filter("substr", substr);
    environment.add_filter("repeat", repeat);
    environment.add_filter("replace", replace);
    environment.add_filter("contains", contains);
    environment.add_filter("has_prefix", has_prefix);
    environment.add_filter("has_suffix", has_suffix);
    environment.add_filter("split", split);
    environment.add_filter("join", join);
    environment.add_filter("format", format);
}

fn map(
    state: &mut State<'_, '_>,
    value: &Value,
    change: impl Fn(&str) -> String,
) -> Result<String, Error> {
    content(state, value).map(|text| change(&text))
}

/// Each word with a capital first letter; the others stay.
fn title(text: &str) -> String {
    let mut begins = true;
    let cased = text.chars().map(|c| {
        let upper = if begins { c.to_uppercase().collect() } else { c.to_string() };
        begins = c.is_whitespace();
        upper
    });
    cased.collect()
}

fn untitle(text: &str) -> String {
    let mut begins = true;
    let cased = text.chars().map(|c| {
        let lower = if begins { c.to_lowercase().collect() } else { c.to_string() };
        begins = c.is_whitespace();
        lower
    });
    cased.collect()
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &chars.as_str().to_lowercase()
}

/// The words of a name: they end at `-`, `_`, `.`, white space and before a capital letter.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        if matches!(c, '-' | '_' | '.') || c.is_whitespace() {
            words.push(String::new());
        } else {
            if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
                words.push(String::new());
            }
            words.last_mut().expect("there is a first word").push(c);
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn cased(text: &str, between: &str) -> String {
    words(text).join(between).to_lowercase()
}

fn camel(text: &str) -> String {
    words(text).iter().map(|word| capitalize(word)).collect()
}

fn trim(state: &mut State<'_, '_>, value: &Value, chars: Option<String>) -> Result<String, Error> {
    let text = content(state, value)?;
    Ok(match chars {
        Some(chars) => text.trim_matches(|c| chars.contains(c)).to_owned(),
        None => text.trim().to_owned(),
    })
}

fn trim_prefix(state: &mut State<'_, '_>, value: &Value, prefix: &str) -> Result<String, Error> {
    map(state, value, |text| text.strip_prefix(prefix).unwrap_or(text).to_owned())
}

fn trim_suffix(state: &mut State<'_, '_>, value: &Value, suffix: &str) -> Result<String, Error> {
    map(state, value, |text| text.strip_suffix(suffix).unwrap_or(text).to_owned())
}

/// The first `length` characters, or the last ones if it is negative.
fn trunc(state: &mut State<'_, '_>, value: &Value, length: i64) -> Result<String, Error> {
    let keep = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    map(state, value, |text| match length < 0 {
        true => text.chars().skip(text.chars().count().saturating_sub(keep)).collect(),
        false => text.chars().take(keep).collect(),
    })
}

fn substr(
    state: &mut State<'_, '_>,
    value: &Value,
    start: usize,
    end: Option<usize>,
) -> Result<String, Error> {
    let length = end.unwrap_or(usize::MAX).saturating_sub(start);
    map(state, value, |text| text.chars().skip(start).take(length).collect())
}

fn repeat(state: &mut State<'_, '_>, value: &Value, times: usize) -> Result<String, Error> {
    let text = content(state, value)?;
    sized(text.len().saturating_mul(times))?;
    Ok(text.repeat(times))
}

fn replace(
    state: &mut State<'_, '_>,
    value: &Value,
    old: &Value,
    new: &Value,
) -> Result<String, Error> {
    let (text, old, new) = (content(state, value)?, content(state, old)?, content(state, new)?);
    sized(text.len().saturating_add(text.matches(&*old).count().saturating_mul(new.len())))?;
    Ok(text.replace(&*old, &new))
}

/// Whether a text holds another, a list an item, or a map a key.
fn contains(state: &mut State<'_, '_>, value: &Value, part: &Value) -> Result<bool, Error> {
    if value.as_str().is_none() && value.try_iter().is_ok() {
        measured(state, value)?;
        measured(state, part)?;
        return Ok(defined(state, value)?.try_iter()?.any(|item| item == *part));
    }
    Ok(content(state, value)?.contains(&*content(state, part)?))
}

fn has_prefix(state: &mut State<'_, '_>, value: &Value, prefix: &str) -> Result<bool, Error> {
    Ok(content(state, value)?.starts_with(prefix))
}

fn has_suffix(state: &mut State<'_, '_>, value: &Value, suffix: &str) -> Result<bool, Error> {
    Ok(content(state, value)?.ends_with(suffix))
}

/// The parts between separators; without one, the words between white space.
fn split(
    state: &mut State<'_, '_>,
    value: &Value,
    separator: Option<String>,
) -> Result<Value, Error> {
    let text = content(state, value)?;
    Ok(match separator.as_deref() {
        None => text.split_whitespace().map(Value::from).collect(),
        Some("") => return Err(refused("`split` needs a separator", "name one, such as `,`")),
        Some(separator) => text.split(separator).map(Value::from).collect(),
    })
}

fn join(
    state: &mut State<'_, '_>,
    value: &Value,
    separator: Option<String>,
) -> Result<String, Error> {
    let separator = separator.unwrap_or_default();
    texts::unmarked(&separator)?;
    let mut joined = String::new();
    for (at, item) in texts::items(defined(state, value)?)?.enumerate() {
        joined.push_str(if at > 0 { &separator } else { "" });
        joined.push_str(&content(state, &item)?);
        sized(joined.len())?;
    }
    Ok(joined)
}

/// `%s`, `%v` and `%d` print a value as text, `%q` in double quotes, `%05d` and `%.2f` as in C.
fn format(
    state: &mut State<'_, '_>,
    pattern: &Value,
    arguments: Rest<Value>,
) -> Result<String, Error> {
    let pattern = content(state, pattern)?;
    let (mut out, mut rest) = (String::new(), pattern.as_str());
    let mut arguments = arguments.iter();
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        let length = behind.find(|c: char| c.is_ascii_alphabetic() || c == '%');
        let length = length.ok_or_else(|| wrong_format("a `%` names nothing to print"))?;
        let (flags, verb) = (&behind[..length], &behind[length..=length]);
        rest = &behind[length + 1..];
        if verb == "%" {
            out.push('%');
            continue;
        }
        let argument = arguments.next();
        let argument = argument.ok_or_else(|| wrong_format("there are more `%` than values"))?;
        out.push_str(&formatted(state, flags, verb, argument)?);
        sized(out.len())?;
    }
    if arguments.next().is_some() {
        return Err(wrong_format("there are more values than `%`"));
    }
    Ok(out + rest)
}

fn wrong_format(message: &str) -> Error {
    refused(message, "write `%s`, `%d`, `%q`, `%05d`, `%.2f`, or `%%` for a per cent sign")
}

fn formatted(
    state: &mut State<'_, '_>,
    flags: &str,
    verb: &str,
    value: &Value,
) -> Result<String, Error> {
    let (width, precision) = flags.split_once('.').unwrap_or((flags, ""));
    let padded = width.trim_start_matches('-');
    let size = |text: &str| match text {
        "" => Ok(0),
        _ => text.parse::<usize>().ok().filter(|size| *size <= 1000).ok_or(()),
    };
    let wrong = |()| wrong_format("a width or precision is no number up to 1000");
    let (width_chars, precision) = (size(padded).map_err(wrong)?, size(precision).map_err(wrong)?);
    let text = match verb {
        "s" | "v" => content(state, value)?,
        "q" => texts::json_string(&content(state, value)?),
        "d" => i128::try_from(value.clone())?.to_string(),
        "f" => format!("{:.precision$}", f64::try_from(value.clone())?),
        "t" => bool::try_from(value.clone())?.to_string(),
        _ => return Err(wrong_format(&format!("there is no `%{verb}`"))),
    };
    let missing = width_chars.saturating_sub(text.chars().count());
    Ok(match (width.starts_with('-'), padded.starts_with('0')) {
        (true, _) => text + &" ".repeat(missing),
        (false, true) => match text.strip_prefix('-') {
            Some(digits) => format!("-{}{digits}", "0".repeat(missing)),
            None => "0".repeat(missing) + &text,
        },
        (false, false) => " ".repeat(missing) + &text,
    })
}

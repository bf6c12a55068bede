//! What filters and functions are called here, and what Helm and sprig call them.

use super::signatures::{filters, functions};

/// Every test, for suggestions.
pub(in crate::render) const TESTS: [&str; 37] = [
    "!=",
    "<",
    "<=",
    "==",
    ">",
    ">=",
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sequence",
    "startingwith",
    "string",
    "true",
    "undefined",
    "upper",
];

/// What a filter of Helm's is called here.
pub(in crate::render) fn renamed(name: &str) -> Option<&'static str> {
    let other = match name {
        "b64enc" => "b64encode",
        "b64dec" => "b64decode",
        "sha256sum" => "sha256",
        "sha512sum" => "sha512",
        "splitList" => "split",
        "sortAlpha" => "sort",
        "printf" | "print" => "format",
        "toString" => "string",
        "atoi" | "int64" | "toDecimal" => "int",
        "float64" => "float",
        "trimAll" | "trimall" => "trim",
        "has" => "contains",
        "until" | "untilStep" | "seq" => "range",
        "len" => "length",
        "toRawJson" => "to_json",
        "initial" => "list",
        _ => "",
    };
    let name = name.strip_prefix("must").unwrap_or(name);
    let snake = snake(name);
    filters().chain(functions()).find(|known| *known == other || *known == snake)
}

/// `toYaml` is `to_yaml`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, c) in name.char_indices() {
        snake.push_str(if at > 0 && c.is_ascii_uppercase() { "_" } else { "" });
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// Why a function that Helm users know does not exist here.
pub(in crate::render) fn left_out(name: &str) -> Option<&'static str> {
    match name {
        "include" | "template" => Some(
            "write a macro and import it: `{% from \"_names.j2\" import name %}`, then `{{ name() }}`",
        ),
        "lookup" => Some("templates never ask a cluster: put what they need into the values"),
        "mergeOverwrite" | "mustMergeOverwrite" => Some(
            "in `merge` the first map is the strongest: `merge(b, a)` is Helm's `mergeOverwrite a b`",
        ),
        "env" | "expandenv" | "getHostByName" => {
            Some("output depends on files only: put what is needed into the values")
        }
        "now" | "ago" | "date" | "dateInZone" | "htmlDate" | "toDate" | "unixEpoch" | "uuidv4"
        | "shuffle" | "bcrypt" | "htpasswd" | "debug" => Some(NOT_TWICE),
        _ if name.starts_with("rand") || name.starts_with("gen") || name.ends_with("AES") => {
            Some(NOT_TWICE)
        }
        _ => None,
    }
}

const NOT_TWICE: &str = "the same input must give the same output: make it once and put it into the values, or let the cluster make it";

#[cfg(test)]
mod tests {
    use super::{TESTS, left_out, renamed};
    use crate::render::filters;
    use minijinja::Environment;

    #[test]
    fn helm_names_lead_to_ours() {
        for (theirs, ours) in [
            ("toYaml", "to_yaml"),
            ("nindent", "nindent"),
            ("b64enc", "b64encode"),
            ("trimSuffix", "trim_suffix"),
            ("semverCompare", "semver_compare"),
            ("mustToJson", "to_json"),
            ("until", "range"),
        ] {
            assert_eq!(renamed(theirs), Some(ours));
        }
        assert_eq!(renamed("wobble"), None);
        assert!(left_out("mergeOverwrite").is_some_and(|hint| hint.contains("`merge(b, a)`")));
    }

    /// The names in the part of an environment's debug text that a field has; those of jibe's own machinery begin with `__`.
    fn names_in(text: &str, field: &str) -> Vec<String> {
        let (_, from) = text.split_once(&format!("{field}: ")).expect("the field");
        let (body, _) = from.split_once(['}', ']']).expect("its end");
        let words = body.split('"').skip(1).step_by(2).map(str::to_owned);
        words.filter(|name| !name.starts_with("__")).collect()
    }

    #[test]
    fn the_lists_name_exactly_what_is_registered() {
        let mut environment = Environment::new();
        filters::install(&mut environment);
        let text = format!("{environment:?}");
        assert_eq!(names_in(&text, "filters"), filters::filters().collect::<Vec<_>>());
        assert_eq!(names_in(&text, "tests"), TESTS);
        let globals = environment.globals().map(|(name, _)| name.to_owned());
        let globals: Vec<_> = globals.filter(|name| !name.starts_with("__")).collect();
        assert_eq!(globals, filters::functions().collect::<Vec<_>>());
    }

    #[test]
    fn the_names_are_in_order() {
        assert!(
            filters::filters().is_sorted() && filters::functions().is_sorted() && TESTS.is_sorted()
        );
    }
}

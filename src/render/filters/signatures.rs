//! How filters and functions are called, for whoever calls one with other arguments.

/// How a filter is called: the names of its arguments, those in `[]` may be left out.
pub(in crate::render) fn of_filter(name: &str) -> Option<&'static str> {
    find(&FILTERS, name)
}

/// How a function is called.
pub(in crate::render) fn of_function(name: &str) -> Option<&'static str> {
    find(&FUNCTIONS, name)
}

fn find(all: &[&'static str], name: &str) -> Option<&'static str> {
    all.iter().copied().find(|signature| signature.split('(').next() == Some(name))
}

const FUNCTIONS: [&str; 16] = [
    "cluster.serves(apiVersion, kind)",
    "coalesce(x, …)",
    "dict(name=x, …)",
    "dig(map, key, …, [default=x])",
    "fail(message, [value, …])",
    "files.exists(name)",
    "files.get(name)",
    "files.glob(pattern)",
    "files.names(pattern)",
    "merge(map, …)",
    "namespace(name=x, …)",
    "range([start], end, [step])",
    "required(message, x)",
    "semver_compare(range, version)",
    "ternary(yes, no, x)",
    "tpl(text)",
];

const FILTERS: [&str; 90] = [
    "abs",
    "append(x)",
    "attr(key)",
    "b64decode",
    "b64encode",
    "bool",
    "camelcase",
    "capitalize",
    "ceil",
    "chain(list, …)",
    "coalesce(x, …)",
    "compact",
    "concat(list, …)",
    "contains(part)",
    "d(x, [true])",
    "default(x, [true])",
    "dictsort",
    "dig(key, …, [default=x])",
    "fail",
    "first",
    "flatten",
    "float",
    "floor",
    "format(x, …)",
    "from_json",
    "from_yaml",
    "get(key, [default])",
    "groupby(key)",
    "has_key(key)",
    "has_prefix(text)",
    "has_suffix(text)",
    "indent(n, [first=true])",
    "int([default])",
    "items",
    "join([separator])",
    "kebabcase",
    "keys",
    "last",
    "length",
    "list",
    "lower",
    "map(filter, …)",
    "max",
    "merge(map, …)",
    "min",
    "nindent(n)",
    "omit(key, …)",
    "pick(key, …)",
    "prepend(x)",
    "quote",
    "reject(test, …)",
    "rejectattr(key, test, …)",
    "repeat(n)",
    "replace(old, new)",
    "required(message)",
    "rest",
    "reverse",
    "round([places])",
    "select(test, …)",
    "selectattr(key, test, …)",
    "semver_compare(range)",
    "set(key, x)",
    "sha256",
    "sha512",
    "snakecase",
    "sort([reverse=true], [attribute=key])",
    "split([separator])",
    "squote",
    "string",
    "substr(start, [end])",
    "sum",
    "ternary(yes, no)",
    "title",
    "to_json",
    "to_pretty_json",
    "to_yaml",
    "tojson",
    "toyaml",
    "tpl",
    "trim([chars])",
    "trim_prefix(text)",
    "trim_suffix(text)",
    "trunc(n)",
    "uniq",
    "unique",
    "unset(key, …)",
    "untitle",
    "upper",
    "values",
    "without(x, …)",
];

#[cfg(test)]
mod tests {
    use super::{of_filter, of_function};
    use crate::render::filters::{FUNCTIONS, NAMES};

    #[test]
    fn every_filter_and_function_has_a_signature() {
        let filters = NAMES.iter().filter(|name| of_filter(name).is_none());
        let functions = FUNCTIONS.iter().filter(|name| of_function(name).is_none());
        assert_eq!(filters.chain(functions).collect::<Vec<_>>(), [&""; 0]);
    }
}

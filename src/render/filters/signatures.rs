//! How filters and functions are called, for whoever calls one with other arguments.

/// The names of all filters, sorted.
pub(in crate::render) fn filters() -> impl Iterator<Item = &'static str> + Clone {
    FILTERS.iter().map(|signature| name(signature))
}

/// The names of all functions, sorted; those of `files` and `cluster` are none of their own.
pub(in crate::render) fn functions() -> impl Iterator<Item = &'static str> + Clone {
    FUNCTIONS.iter().map(|signature| name(signature)).filter(|name| !name.contains('.'))
}

/// How a filter is called: the names of its arguments, those in `[]` may be left out.
pub(in crate::render) fn of_filter(wanted: &str) -> Option<&'static str> {
    FILTERS.iter().copied().find(|signature| name(signature) == wanted)
}

/// How a function is called.
pub(in crate::render) fn of_function(wanted: &str) -> Option<&'static str> {
    FUNCTIONS.iter().copied().find(|signature| name(signature) == wanted)
}

fn name(signature: &'static str) -> &'static str {
    signature.split('(').next().unwrap_or(signature)
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

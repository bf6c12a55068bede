//! Text to tree: the parser's events become nodes, scalars are resolved, aliases and `<<` expanded.

use super::{Data, Document, Key, Map, Node, Problem, Rules, Scalar, Style, Value, resolve};
use crate::diag::{Code, Reported, Sink};
use crate::source::{FileId, Place, Source, Span};
use granit_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many nodes aliases may stand for in one stream.
const MAX_ALIASED_NODES: usize = 100_000;
/// How deep lists and maps may be nested once aliases are expanded.
const MAX_DEPTH: usize = 255;

/// How a text is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whose rules plain scalars are read by.
    pub rules: Rules,
    /// What becomes of `<<`.
    pub merge_keys: MergeKeys,
}

/// What becomes of a plain `<<` key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MergeKeys {
    /// The maps that it names are merged under the keys beside it.
    #[default]
    Apply,
    /// It stays a key; templates merge after their holes are filled.
    Keep,
}

/// Reads a file by the rules of the Kubernetes tools.
///
/// Gives the documents that have content, in order.
///
/// # Errors
/// When the text is no YAML, breaks a limit or has a key twice; everything found is reported.
pub fn read(source: &Source, sink: &mut Sink) -> Result<Vec<Document>, Reported> {
    parse(source.text(), source.id(), Options::default()).map_err(|problems| {
        let (last, first) = problems.split_last().expect("a failed read names a problem");
        for problem in first {
            sink.error(problem.clone().in_file(source.id()));
        }
        sink.error(last.clone().in_file(source.id()))
    })
}

/// Reads a text; places are byte offsets in `file`.
///
/// # Errors
/// Everything that is wrong, in the order of the text; at least one problem.
pub fn parse(text: &str, file: FileId, options: Options) -> Result<Vec<Document>, Vec<Problem>> {
    let mut builder = Builder::new(text, file, options);
    for next in Parser::new_from_str(text) {
        match next {
            Ok((event, span)) => builder.take(event, &span),
            Err(error) => {
                builder.syntax_error(&error);
                break;
            }
        }
        if builder.overflown {
            break;
        }
    }
    match builder.problems.is_empty() {
        true => Ok(builder.documents),
        false => Err(builder.problems),
    }
}

struct Builder<'t> {
    text: &'t str,
    file: FileId,
    options: Options,
    documents: Vec<Document>,
    problems: Vec<Problem>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    aliased: usize,
    document_start: usize,
    overflown: bool,
}

/// A list or map that is being read.
struct Open {
    content: Content,
    start: usize,
    anchor: usize,
    size: usize,
    depth: usize,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Map, key: Option<Key> },
}

/// A node that aliases may repeat.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, file: FileId, options: Options) -> Self {
        Self {
            text,
            file,
            options,
            documents: Vec::new(),
            problems: Vec::new(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            aliased: 0,
            document_start: 0,
            overflown: false,
        }
    }

    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let (start, end) = (offset(&span.start), offset(&span.end));
        match event {
            Event::DocumentStart(..) => self.document_start = end,
            Event::DocumentEnd => self.end_document(start),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), Span::new(start, end));
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(Content::List(Vec::new()), start, anchor)
            }
            Event::MappingStart(_, anchor, _) => {
                self.begin(Content::Map { entries: Map::new(), key: None }, start, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => self.alias(anchor, Span::new(start, end)),
            _ => {}
        }
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    fn end_document(&mut self, end: usize) {
        self.anchors.clear();
        if let Some(document) = self.documents.last_mut().filter(|d| d.span.end == u32::MAX) {
            document.span = Span::new(self.document_start, end);
        }
    }

    fn begin(&mut self, content: Content, start: usize, anchor: usize) {
        self.refuse_as_key(Span::new(start, start));
        self.open.push(Open { content, start, anchor, size: 1, depth: 1 });
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let last = match &open.content {
            Content::List(items) => items.last().map(|node| node.place.span.end),
            Content::Map { entries, .. } => entries.last().map(|(_, node)| node.place.span.end),
        };
        // A block collection's end event stands at the next token: end with the last child instead.
        let is_flow = matches!(self.text.as_bytes().get(open.start), Some(b'[' | b'{'));
        let end = if is_flow { end } else { last.map_or(end, |end| end as usize) };
        let place = self.place(Span::new(open.start, end));
        let node = match open.content {
            Content::List(items) => Node::list(items, place),
            Content::Map { entries, .. } => Node::map(self.merged(entries), place),
        };
        self.put(node, open.anchor, open.size, open.depth);
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let span = trimmed(self.text, span, style);
        // The parser writes `~` for a scalar that is not there.
        let text = if span.start == span.end && style == ScalarStyle::Plain { "" } else { text };
        let scalar = match scalar_of(text, style_of(style), tag, self.options.rules) {
            Ok(scalar) => scalar,
            Err(message) => {
                self.problems.push(
                    Problem::new(Code::YamlValue, message, span)
                        .hint("quote it, or write what is meant"),
                );
                Scalar::plain(Value::Null)
            }
        };
        let node = Node::new(Data::Scalar(scalar), self.place(span));
        self.put(node, anchor, 1, 0);
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "an alias stands inside of the anchor that it names";
            self.problems
                .push(Problem::new(Code::YamlAlias, message, span).hint("write the value out"));
            self.overflown = true;
            return;
        };
        let (mut node, size, depth) = (anchored.node.clone(), anchored.size, anchored.depth);
        node.place = self.place(span);
        self.aliased += size;
        if self.aliased > MAX_ALIASED_NODES {
            let message = format!("aliases stand for more than {MAX_ALIASED_NODES} values");
            self.overflow(message, span);
            return;
        }
        self.put(node, 0, size, depth);
    }

    /// Puts a finished node where it belongs: a key, a value, an item or a document.
    fn put(&mut self, node: Node, anchor: usize, size: usize, depth: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, depth });
        }
        let span = node.place.span;
        let Some(open) = self.open.last_mut() else {
            if node.is_null() && span.start == span.end {
                return;
            }
            self.documents.push(Document { root: node, span: Span::new(0, usize::MAX) });
            return;
        };
        open.size += size;
        open.depth = open.depth.max(depth + 1);
        if open.depth > MAX_DEPTH {
            self.overflow(format!("lists and maps are nested deeper than {MAX_DEPTH}"), span);
            return;
        }
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { key: key @ None, .. } => match key_of(&node) {
                Ok(found) => *key = Some(found),
                Err(problem) => {
                    *key = Some(Key::new("", node.place));
                    self.problems.push(*problem);
                }
            },
            Content::Map { entries, key } => {
                let key = key.take().expect("a value follows its key");
                self.problems.extend(insert(entries, key, node));
            }
        }
    }

    /// A list or map can be no key.
    fn refuse_as_key(&mut self, span: Span) {
        if let Some(Open { content: Content::Map { key: None, .. }, .. }) = self.open.last() {
            let message = "a list or a map cannot be a key";
            self.problems
                .push(Problem::new(Code::YamlKey, message, span).hint("use a string as the key"));
            self.overflown = true;
        }
    }

    fn overflow(&mut self, message: String, span: Span) {
        self.problems.push(
            Problem::new(Code::YamlLimit, message, span).hint("write it flatter or split the file"),
        );
        self.overflown = true;
    }

    fn syntax_error(&mut self, error: &granit_parser::ScanError) {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let problem = Problem::new(
            Code::YamlSyntax,
            format!("not YAML: {}", error.info()),
            Span::new(at, at + 1),
        );
        self.problems.push(problem);
    }

    /// The entries with the maps of a plain `<<` merged under them.
    fn merged(&mut self, mut entries: Map) -> Map {
        let merges = entries.keys().any(Key::is_merge);
        if self.options.merge_keys == MergeKeys::Keep || !merges {
            return entries;
        }
        let Some(from) = entries.shift_remove("<<") else { return entries };
        let sources = match &from.data {
            Data::List(items) => items.to_vec(),
            _ => vec![from.clone()],
        };
        for source in sources {
            let Some(map) = source.as_map() else {
                let message = format!("`<<` merges maps, but this is {}", source.kind());
                let problem = Problem::new(Code::YamlAlias, message, source.place.span);
                self.problems.push(problem.hint("name an anchor of a map"));
                continue;
            };
            for (key, value) in map {
                entries.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        entries
    }
}

/// Inserts an entry; a key that is there already is a problem that names both places.
fn insert(entries: &mut Map, key: Key, node: Node) -> Option<Problem> {
    let Some((first, _)) = entries.get_key_value(&key) else {
        entries.insert(key, node);
        return None;
    };
    let message = format!("the key `{}` stands here a second time", key.name);
    let problem = Problem::new(Code::YamlDuplicateKey, message, key.place.span);
    Some(problem.also(first.place.span, "first here").hint("remove one of the two"))
}

fn offset(marker: &granit_parser::Marker) -> usize {
    marker.byte_offset().unwrap_or(0)
}

/// The span of a block scalar ends with its last line, not with the blank lines behind it.
fn trimmed(text: &str, span: Span, style: ScalarStyle) -> Span {
    if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
        return span;
    }
    let kept = text.get(span.range()).map_or(0, |slice| slice.trim_end().len());
    Span::new(span.start as usize, span.start as usize + kept)
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Plain,
    }
}

/// The scalar's meaning, from its tag, its quotes and its text.
fn scalar_of(text: &str, style: Style, tag: Option<&Tag>, rules: Rules) -> Result<Scalar, String> {
    let text: Arc<str> = text.into();
    let tag: Option<Arc<str>> = tag.map(|tag| tag.original().into());
    let value = match tag.as_deref() {
        None if style == Style::Plain => resolve(&text, rules)?,
        None | Some("!" | "!!str") => Value::String,
        Some("!!int" | "!!float" | "!!bool" | "!!null") => resolve(&text, rules)?,
        Some(_) => Value::String,
    };
    Ok(Scalar { value, text, style, tag })
}

/// The key that a scalar stands for, as the JSON that Kubernetes tools make of it.
fn key_of(node: &Node) -> Result<Key, Box<Problem>> {
    let span = node.place.span;
    let wrong = |what: &str| {
        let message = format!("{what} cannot be a key");
        Box::new(Problem::new(Code::YamlKey, message, span).hint("use a string as the key"))
    };
    let Some(scalar) = node.as_scalar() else { return Err(wrong(node.kind())) };
    let name: Arc<str> = match scalar.value {
        Value::Null => return Err(wrong("null")),
        Value::String => Arc::clone(&scalar.text),
        value => Scalar::plain(value).text,
    };
    let ordinary = scalar.value == Value::String && &*name != "<<";
    let written = (!ordinary).then(|| Box::new(scalar.clone()));
    Ok(Key { name, place: node.place, written })
}

#[cfg(test)]
mod tests {
    use super::{Options, parse};
    use crate::source::{Files, Inputs, RelPath};
    use crate::yaml::{Data, Document, Node};

    fn show(node: &Node) -> String {
        match &node.data {
            Data::Scalar(scalar) => format!("{:?} {}", scalar.value, scalar.text),
            Data::List(items) => format!("{:?}", items.iter().map(show).collect::<Vec<_>>()),
            Data::Map(map) => {
                let entries = map.iter().map(|(key, node)| format!("{}: {}", key.name, show(node)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn read(text: &str) -> Result<Vec<Document>, Vec<super::Problem>> {
        let files = Files::memory([("x.yaml", text)]).expect("a path");
        let path = RelPath::parse("x.yaml").expect("a path");
        let source = files.read(&path, &mut Inputs::default()).expect("a file");
        parse(source.text(), source.id(), Options::default())
    }

    fn check(text: &str, expect: &str) {
        let shown = read(text).map(|documents| {
            documents.iter().map(|document| show(&document.root)).collect::<Vec<_>>().join("\n")
        });
        let wrong = |problems: Vec<super::Problem>| {
            problems.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(shown.unwrap_or_else(wrong), expect);
    }

    #[test]
    fn scalars_mean_what_kubectl_takes_them_for() {
        check(
            "{a: yes, b: 0644, c: 1_000}",
            "{a: Bool(true) yes, b: Int(420) 0644, c: Int(1000) 1_000}",
        );
    }

    #[test]
    fn merge_keys_go_under_the_keys_beside_them() {
        check(
            "a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}",
            "{a: {x: Int(1) 1, z: Int(2) 2}, b: {x: Int(3) 3, z: Int(2) 2}}",
        );
    }

    #[test]
    fn a_key_twice_is_an_error() {
        check("a: 1\na: 2", "the key `a` stands here a second time");
    }

    #[test]
    fn documents_without_content_vanish() {
        check("---\n# nothing\n---\na: 1\n---\n", "{a: Int(1) 1}");
    }
}

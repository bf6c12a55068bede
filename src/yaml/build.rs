//! The parser's events become nodes; aliases and `<<` are expanded.

use super::breaks::Text;
use super::plain::{self, Kind, Mark};
use super::read::MAX_DEPTH;
use super::scalar::{Written, key_of, scalar_of, style_of};
use super::syntax;
use super::{
    Data, Document, Duplicates, Key, Map, MergeKeys, Node, Options, Problem, Rules, Scalar, Style,
    Tags,
};
use crate::diag::{Code, nearest};
use crate::source::{FileId, Place, RESERVED, Span};
use foldhash::fast::RandomState;
use granit_parser::{Event, ScalarStyle, ScanError, StructureStyle, Tag};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// How many nodes aliases may stand for in one stream.
const MAX_ALIASED_NODES: usize = 100_000;
/// How many nodes one stream may have.
pub(super) const MAX_NODES: usize = 4_000_000;
/// After how many problems reading stops.
const MAX_PROBLEMS: usize = 100;

/// Takes the parser's events and builds documents.
pub(super) struct Builder<'t> {
    text: Rc<Text<'t>>,
    file: FileId,
    options: Options,
    documents: Vec<Document>,
    problems: Vec<Problem>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    /// The names of the anchors so far, for near names.
    names: Vec<String>,
    nodes: usize,
    aliased: usize,
    document: Bounds,
    full: bool,
}

/// The document that is being read.
#[derive(Default)]
struct Bounds {
    /// Where its content begins.
    start: usize,
    /// The document in the list that still waits for its end.
    unfinished: Option<usize>,
}

/// A list or map that is being read.
struct Open {
    content: Content,
    start: usize,
    style: StructureStyle,
    anchor: usize,
    size: usize,
    depth: usize,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Map, key: Option<Key> },
}

impl Content {
    fn list(items: usize) -> Self {
        Self::List(Vec::with_capacity(items))
    }

    fn map(entries: usize) -> Self {
        let entries = Map::with_capacity_and_hasher(entries, RandomState::default());
        Self::Map { entries, key: None }
    }
}

/// A node that aliases may repeat.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: Rc<Text<'t>>, file: FileId, options: Options) -> Self {
        Self {
            text,
            file,
            options,
            documents: Vec::new(),
            problems: Vec::new(),
            open: Vec::with_capacity(16),
            anchors: BTreeMap::new(),
            names: Vec::new(),
            nodes: 0,
            aliased: 0,
            document: Bounds::default(),
            full: false,
        }
    }

    /// What is taken from here on stands in the next part of the text, which holds documents of its own.
    pub(super) fn turn_to(&mut self, text: Rc<Text<'t>>) {
        self.text = text;
        self.forget_anchors();
    }

    fn forget_anchors(&mut self) {
        self.anchors.clear();
        self.names.clear();
    }

    /// Whether a limit was broken, so that nothing more is to be taken.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// The documents, or all problems.
    pub(super) fn finish(mut self) -> Result<Vec<Document>, Vec<Problem>> {
        self.end_span(self.text.end());
        match self.problems.is_empty() {
            true => Ok(self.documents),
            false => {
                self.problems.sort_by_key(|problem| problem.span);
                Err(self.problems)
            }
        }
    }

    pub(super) fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        match event {
            // One without `---` begins the text or follows a `...`.
            Event::DocumentStart(true, _) => self.start_document(self.span(span)),
            Event::DocumentEnd => self.end_document(self.span(span)),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, tag.as_deref(), (anchor, span));
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "seq", span);
                self.begin(Content::list(0), style, (anchor, self.span(span)));
            }
            Event::MappingStart(style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "map", span);
                self.begin(Content::map(0), style, (anchor, self.span(span)));
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(self.span(span).end as usize),
            Event::Alias(anchor) => self.alias(anchor, self.span(span)),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, self.span(span)),
            Event::Anchor(_, name) => self.name_anchor(&name, self.span(span)),
            _ => {}
        }
    }

    /// Takes a part of a text that is read without the parser.
    pub(super) fn take_mark(&mut self, Mark { kind, span, nodes }: Mark) {
        let nodes = nodes as usize;
        let inside = |quotes: usize| {
            let Range { start, end } = span.range();
            &self.text.original()[start + quotes..end - quotes]
        };
        match kind {
            Kind::Document => self.start_document(span),
            Kind::Map => self.begin(Content::map(nodes / 2), StructureStyle::Block, (0, span)),
            Kind::List => self.begin(Content::list(nodes), StructureStyle::Block, (0, span)),
            Kind::End | Kind::FlowEnd => self.end(span.end as usize),
            Kind::FlowMap => self.begin(Content::map(nodes / 2), StructureStyle::Flow, (0, span)),
            Kind::FlowList => self.begin(Content::list(nodes), StructureStyle::Flow, (0, span)),
            Kind::Scalar(Style::Plain) => self.untagged(inside(0), Style::Plain, span),
            Kind::Scalar(style) => self.untagged(inside(1), style, span),
            Kind::Literal { indent, last_break } => {
                let text = plain::literal_text(inside(0), indent as usize, last_break);
                self.untagged(&text, Style::Literal, span);
            }
        }
    }

    /// A scalar without tag and anchor.
    fn untagged(&mut self, text: &str, style: Style, span: Span) {
        let written = Written { text, style, tag: None, span, tag_span: span };
        self.put_scalar(scalar_of(&written, self.options), style, (0, span));
    }

    /// Puts the scalar that was read, or one in its place, where it belongs.
    fn put_scalar(
        &mut self,
        read: Result<Scalar, Box<Problem>>,
        style: Style,
        (anchor, mut span): (usize, Span),
    ) {
        let scalar = read.unwrap_or_else(|problem| {
            self.report(*problem);
            Scalar { value: super::Value::String, text: "".into(), style, tag: None }
        });
        self.refuse_reserved(&scalar, span);
        if is_absent(span, style) {
            span = self.nothing(span);
            self.refuse_joined_colon(span);
        }
        self.put(Node::new(Data::Scalar(scalar), self.place(span)), anchor, (1, 0));
    }

    pub(super) fn syntax_error(&mut self, error: &ScanError) {
        let at = self.text.offset(error.marker().byte_offset().unwrap_or(usize::MAX));
        let problem = syntax::problem(error.kind(), (self.text.original(), self.options.tags), at);
        self.report(problem);
        self.open.clear();
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
        self.full |= self.problems.len() >= MAX_PROBLEMS;
    }

    fn overflow(&mut self, message: String, span: Span) {
        let problem = Problem::new(Code::YamlLimit, message, span);
        self.report(problem.hint("write it flatter, or split the file"));
        self.full = true;
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let at = |marker: &granit_parser::Marker| {
            self.text.offset(marker.byte_offset().unwrap_or(usize::MAX))
        };
        Span::new(at(&span.start), at(&span.end))
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    /// A document begins behind its `---` line, or behind the `---` if content follows it there.
    fn start_document(&mut self, marker: Span) {
        self.end_span(marker.start as usize);
        let end = marker.end as usize;
        let rest = first_line(&self.text.original()[end..]);
        let content = rest.trim_start_matches([' ', '\t']);
        let blank = content.is_empty() || content.starts_with(['#', '\n', '\r']);
        self.document.start = end + if blank { rest.len() } else { rest.len() - content.len() };
    }

    /// It ends before its `...`, else before the next `---` or with the text.
    fn end_document(&mut self, marker: Span) {
        self.forget_anchors();
        let start = marker.start as usize;
        let rest = &self.text.original()[start..];
        if rest.starts_with("...") {
            self.end_span(start);
            self.document.start = start + first_line(rest).len();
        }
    }

    fn end_span(&mut self, end: usize) {
        if let Some(index) = self.document.unfinished.take() {
            self.documents[index].span.end = Span::new(0, end).end;
        }
    }

    fn begin(&mut self, content: Content, style: StructureStyle, (anchor, span): (usize, Span)) {
        if self.open.len() >= MAX_DEPTH {
            self.overflow(format!("lists and maps are nested deeper than {MAX_DEPTH}"), span);
            return;
        }
        let start = span.start as usize;
        self.open.push(Open { content, start, style, anchor, size: 1, depth: 1 });
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        // A block collection's end event stands at the next token: end with the last child instead.
        let last = match &open.content {
            Content::List(items) => items.last().map(|node| node.place.span.end as usize),
            Content::Map { entries, .. } => entries
                .last()
                .map(|(key, node)| key.place.span.end.max(node.place.span.end) as usize),
        };
        let end = match open.style {
            StructureStyle::Flow => end,
            StructureStyle::Block => last.unwrap_or(open.start).max(open.start),
        };
        let place = self.place(Span::new(open.start, end));
        let node = match open.content {
            Content::List(items) => Node::list(items, place),
            Content::Map { entries, .. } => {
                let mut entries = self.merged(entries);
                entries.shrink_to_fit();
                Node::map(entries, place)
            }
        };
        self.put(node, open.anchor, (open.size, open.depth));
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        (anchor, at): (usize, &granit_parser::Span),
    ) {
        let span = self.trimmed(self.span(at), style);
        // The parser writes `~` for a scalar that is not there.
        let style = style_of(style);
        let text = if is_absent(span, style) { "" } else { text };
        let read = self.text.reread(text, style, span);
        let tag_span = at.tag_span().map_or(span, |tag| self.span(&tag));
        let scalar = read.and_then(|text| {
            scalar_of(&Written { text: &text, style, tag, span, tag_span }, self.options)
        });
        self.put_scalar(scalar, style, (anchor, span));
    }

    /// A reserved character that an escape or base64 makes; one that stands there itself is a mark of
    /// a template, because no file that is read holds one.
    fn refuse_reserved(&mut self, scalar: &Scalar, span: Span) {
        // All of them begin with this byte.
        if !scalar.text.as_bytes().contains(&0xF4) {
            return;
        }
        let count = |text: &str| text.chars().filter(|c| RESERVED.contains(c)).count();
        let written = &self.text.original()[span.start as usize..span.end as usize];
        if count(&scalar.text) > count(written) {
            let message =
                "this makes a character from U+10FF00 to U+10FF0F, which templates use as marks";
            let problem = Problem::new(Code::SourceReservedCharacter, message, span);
            self.report(problem.hint("remove the character"));
        }
    }

    /// Where a value that is not there would stand: behind its key's colon or its dash.
    fn nothing(&self, span: Span) -> Span {
        let Some(Content::Map { key: Some(key), .. }) = self.open.last().map(|open| &open.content)
        else {
            return span;
        };
        let behind = &self.text.original()[key.place.span.end as usize..];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        match behind[blanks..].starts_with(':') {
            true => {
                let at = key.place.span.end as usize + blanks + 1;
                Span::new(at, at)
            }
            false => span,
        }
    }

    /// In brackets, go-yaml v2 takes `x:` without a space behind it for a text.
    fn refuse_joined_colon(&mut self, nothing: Span) {
        let at = nothing.start as usize;
        let text = self.text.original().as_bytes();
        let flow = self.open.last().is_some_and(|open| open.style == StructureStyle::Flow);
        let joined = matches!(text.get(at), Some(b',' | b']' | b'}'))
            && at.checked_sub(1).is_some_and(|before| text[before] == b':');
        if flow && joined && self.options.rules == Rules::GoYamlV2 {
            let message = "Kubernetes tools take this `:` for a part of the text before it";
            self.report(
                Problem::new(Code::YamlSyntax, message, Span::new(at - 1, at))
                    .hint("put a space behind the `:`, or the text in quotes"),
            );
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside of the anchor that it names";
            self.report(
                Problem::new(Code::YamlAlias, message, span)
                    .hint("nothing can hold itself: write the value out"),
            );
            self.put_null(span);
            return;
        };
        let (mut node, size, depth) = (anchored.node.clone(), anchored.size, anchored.depth);
        node.place = self.place(span);
        self.aliased = self.aliased.saturating_add(size);
        if self.aliased > MAX_ALIASED_NODES {
            self.overflow(format!("aliases stand for more than {MAX_ALIASED_NODES} values"), span);
            return;
        }
        self.put(node, 0, (size, depth));
    }

    /// go-yaml takes letters, digits, `_` and `-`; anything else is a text without its quotes.
    fn name_anchor(&mut self, name: &str, span: Span) {
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
            let message = format!("`&{name}` is no name of an anchor");
            let hint = "put a text that begins with `&` in quotes";
            self.report(Problem::new(Code::YamlAlias, message, span).hint(hint));
        }
        self.names.push(name.to_owned());
    }

    fn unknown_alias(&mut self, name: &str, span: Span) {
        let message = format!("no anchor `&{name}` stands above this alias");
        let near = nearest(name, self.names.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `*{near}`?"),
            None => "a text that begins with `*` needs quotes".to_owned(),
        };
        self.report(Problem::new(Code::YamlAlias, message, span).hint(hint));
        self.put_null(span);
    }

    fn put_null(&mut self, span: Span) {
        let node = Node::new(Data::Scalar(Scalar::string("")), self.place(span));
        self.put(node, 0, (1, 0));
    }

    /// Puts a finished node where it belongs: a key, a value, an item or a document.
    fn put(&mut self, node: Node, anchor: usize, (size, depth): (usize, usize)) {
        let span = node.place.span;
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.overflow(format!("the text has more than {MAX_NODES} values"), span);
            return;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, depth });
        }
        let around = self.open.len();
        let Some(open) = self.open.last_mut() else {
            self.put_document(node);
            return;
        };
        open.size = open.size.saturating_add(size);
        open.depth = open.depth.max(depth + 1);
        let too_deep = open.depth > MAX_DEPTH;
        let problem = match &mut open.content {
            Content::List(items) => {
                items.push(node);
                None
            }
            Content::Map { key: key @ None, .. } => {
                let (found, problem) = key_of(&node, self.options, around);
                *key = Some(found);
                problem
            }
            Content::Map { entries, key } => {
                key.take().and_then(|key| match self.options.duplicates {
                    Duplicates::Refuse => insert(entries, key, node),
                    Duplicates::LastWins => {
                        entries.insert(key, node);
                        None
                    }
                })
            }
        };
        if let Some(problem) = problem {
            self.report(problem);
        }
        if too_deep {
            self.overflow(format!("lists and maps are nested deeper than {MAX_DEPTH}"), span);
        }
    }

    fn put_document(&mut self, node: Node) {
        let absent = node.is_null() && node.place.span.start == node.place.span.end;
        if absent {
            return;
        }
        self.document.unfinished = Some(self.documents.len());
        let span = Span::new(self.document.start, self.text.end());
        self.documents.push(Document { root: node, span });
    }

    /// The entries with the maps of a plain `<<` merged under them.
    fn merged(&mut self, mut entries: Map) -> Map {
        if self.options.merge_keys == MergeKeys::Keep
            || !entries.get_key_value("<<").is_some_and(|(key, _)| key.is_merge())
        {
            return entries;
        }
        let Some(from) = entries.shift_remove("<<") else { return entries };
        let sources = from.as_list().unwrap_or(std::slice::from_ref(&from));
        for source in sources {
            if self.problems.iter().any(|problem| problem.span == source.place.span) {
                continue;
            }
            let Some(map) = source.as_map() else {
                let message = format!("`<<` merges maps, but this is {}", source.kind());
                let problem = Problem::new(Code::YamlAlias, message, source.place.span);
                self.report(problem.hint("name the anchor of a map, or a list of such"));
                continue;
            };
            for (key, value) in map {
                entries.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        entries
    }

    /// Lists and maps may only be called what they are.
    fn refuse_tag(&mut self, tag: Option<&Tag>, own: &str, span: &granit_parser::Span) {
        let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema_tag(own)) else { return };
        if self.options.tags == Tags::Drop {
            return;
        }
        let what = if own == "seq" { "a list" } else { "a map" };
        let message = format!("{what} cannot have the tag `{}`", tag.original());
        let behind = self.text.original().get(self.span(span).range().start..).unwrap_or_default();
        let span = span.tag_span().map_or_else(|| self.span(span), |tag| self.span(&tag));
        let hint = match self.options.tags {
            Tags::Allow(known) if known.contains(&tag.original().as_str()) => {
                let text =
                    "only a text can have it: write it before each text in here that needs it";
                let is_hole = behind
                    .trim_start_matches(tag.original().as_str())
                    .trim_start()
                    .starts_with("{{");
                if is_hole { self.options.tags.hole(text) } else { text.to_owned() }
            }
            _ => "remove the tag: Kubernetes tools drop it in silence".to_owned(),
        };
        self.report(Problem::new(Code::YamlValue, message, span).hint(hint));
    }

    /// The span of a block scalar ends with its last line, not with the blank lines behind it.
    fn trimmed(&self, span: Span, style: ScalarStyle) -> Span {
        if !matches!(style_of(style), Style::Literal | Style::Folded) {
            return span;
        }
        let slice = self.text.original().get(span.range()).unwrap_or_default();
        let start = span.start as usize;
        Span::new(start, start + slice.trim_end_matches([' ', '\t', '\r', '\n']).len())
    }
}

/// Whether a scalar is not there, as behind a key without a value.
fn is_absent(span: Span, style: Style) -> bool {
    span.start == span.end && style == Style::Plain
}

/// Inserts an entry; a key that is there already is a problem that names both places.
fn insert(entries: &mut Map, key: Key, node: Node) -> Option<Problem> {
    let Some((first, _)) = entries.get_key_value(&key) else {
        entries.insert(key, node);
        return None;
    };
    let message = match (spelling(&key), spelling(first)) {
        (ours, theirs) if ours == theirs => {
            format!("the key `{ours}` stands here a second time")
        }
        (ours, theirs) => format!(
            "the key `{ours}` is the same as `{theirs}`: Kubernetes tools read both as `{}`",
            key.name
        ),
    };
    let hint = match key.is_merge() {
        true => "merge several maps with one `<<: [*a, *b]`",
        false => "remove one of the two, or rename it",
    };
    let problem = Problem::new(Code::YamlDuplicateKey, message, key.place.span);
    Some(problem.also(first.place.span, "first here").hint(hint))
}

fn spelling(key: &Key) -> &str {
    key.written.as_ref().map_or(&key.name, |scalar| &scalar.text)
}

/// The first line with its line break.
fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

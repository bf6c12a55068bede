//! The template engine, set up once for a chart.

use super::cut::{self, Cut};
use super::errors;
use super::files::{Content, TextFile};
use super::fill::{self, Printout};
use super::marks;
use super::numbered::{Expression, Numbering, Purpose};
use super::prepare::{self, Besides, Kind, Prepared, is_yaml};
use super::reads::{Log, Reading};
use super::refusal::Refusal;
use super::run::{Hole, Printed, Run, run_of};
use super::scan::{self, Token, TokenKind};
use super::stack::on_big_stack;
use super::text::{self, Into, Omit};
use super::tracer::Tracer;
use super::watch::Watched;
use super::{ChartInfo, Context, Rendered, SecretsMade, Sources, filters, imports, scope};
use crate::diag::{Code, Diagnostic, Reported, Sink};
use crate::source::{Limits, Place, Source, Span};
use crate::values::Values;
use crate::yaml::{self, Document, MergeKeys, Node, Options, Problem};
use indexmap::IndexMap;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many parsed structures are kept; a chart has about one for each template and environment.
const STRUCTURES: usize = 256;

/// What the name of a text given to `tpl` ends with, behind the name of the template that gave it.
pub(super) const TPL: &str = " (tpl)";

/// One template.
#[derive(Debug)]
pub(super) struct Loaded {
    pub source: Arc<Source>,
    pub prepared: Prepared,
    role: Role,
    /// What the engine's names of its chart's templates begin with.
    pub prefix: String,
}

impl Loaded {
    /// The expression of a reference, which is a template of its own.
    pub(super) fn of_reference(source: &Arc<Source>, prepared: Prepared) -> Self {
        let (source, prefix) = (Arc::clone(source), String::new());
        Self { source, prepared, role: Role::Manifest, prefix }
    }
}

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It prints documents.
    Manifest,
    /// Others of its chart use it.
    Part,
    /// It belongs to a library: its macros see their arguments only.
    Library,
}

/// What is known of the expressions of a chart.
#[derive(Default)]
struct Noted {
    expressions: Vec<Expression>,
    watched: Vec<Watched>,
}

/// How much a render tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// What was printed.
    Output,
    /// What it was made of, too.
    Traced,
    /// What was made of secret values, too.
    Watched,
}

/// The templates of one chart and its libraries.
pub(super) struct Engine {
    detail: Detail,
    /// The expressions of a traced chart, those of a template together.
    expressions: Arc<[Expression]>,
    environment: Environment<'static>,
    /// By the name that the engine knows them by.
    pub templates: IndexMap<String, Loaded>,
    places: Vec<Place>,
    prefixes: BTreeMap<String, String>,
    chart: ChartInfo,
    files: Arc<[TextFile]>,
    pub limits: Limits,
    structures: Mutex<IndexMap<Arc<str>, Arc<Vec<Document>>>>,
    /// The expressions of a watched chart.
    watched: Arc<[Watched]>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("templates", &self.templates.keys()).finish_non_exhaustive()
    }
}

impl Engine {
    pub(super) fn new(
        sources: &Sources,
        detail: Detail,
        sink: &mut Sink,
    ) -> Result<Self, Reported> {
        let mut found = Vec::new();
        let limits = limits_of(sink.files().limits(), detail);
        let engine = on_big_stack(|| Self::load(sources, (detail, limits), &mut found));
        for finding in found {
            sink.error(finding);
        }
        let engine = engine.map_err(|finding| sink.error(*finding))?;
        sink.passed()?;
        Ok(engine)
    }

    fn load(
        sources: &Sources,
        (detail, limits): (Detail, Limits),
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut engine = Self {
            detail,
            expressions: Arc::new([]),
            environment: environment(&limits, detail),
            templates: IndexMap::new(),
            places: Vec::new(),
            prefixes: BTreeMap::new(),
            chart: ChartInfo {
                name: sources.name.clone(),
                version: sources.version.clone(),
                values_file: sources.values_file.clone(),
            },
            files: Arc::new([]),
            limits,
            structures: Mutex::default(),
            watched: Arc::new([]),
        };
        let mut noted = Noted::default();
        engine.add_chart("", sources, &mut noted, found);
        engine.add_files(sources, &mut noted, found);
        engine.expressions = noted.expressions.into();
        engine.watched = noted.watched.into();
        engine.compile(found);
        if found.is_empty() {
            found.extend(imports::missing(&engine));
        }
        engine
    }

    /// Adds the templates of a chart, called `prefix` and file name, and those of its libraries.
    fn add_chart(
        &mut self,
        prefix: &str,
        sources: &Sources,
        noted: &mut Noted,
        found: &mut Vec<Diagnostic>,
    ) {
        for (name, source) in &sources.templates {
            let file = name.rsplit('/').next().unwrap_or_default();
            let role = match is_yaml(name) && !file.starts_with('_') {
                _ if !prefix.is_empty() => Role::Library,
                true => Role::Manifest,
                false => Role::Part,
            };
            self.add((prefix, name), source, role, (&mut *noted, &mut *found));
        }
        for (name, library) in &sources.libraries {
            self.add_chart(&format!("{prefix}{name}/"), library, noted, found);
        }
    }

    fn add(
        &mut self,
        (prefix, name): (&str, &str),
        source: &Arc<Source>,
        role: Role,
        (noted, found): (&mut Noted, &mut Vec<Diagnostic>),
    ) {
        let kind = match (is_yaml(name), role) {
            (true, Role::Manifest) => Kind::Yaml(source.id()),
            (true, Role::Part | Role::Library) => Kind::Part(source.id()),
            (false, _) => Kind::Text,
        };
        let purpose = if kind == Kind::Text { Purpose::Text } else { Purpose::Typed };
        let besides = match self.detail {
            Detail::Output => Besides::Nothing,
            Detail::Traced => {
                Besides::Numbers(Numbering::new(source.id(), purpose, &mut noted.expressions))
            }
            Detail::Watched => Besides::Watch(&mut noted.watched),
        };
        let limits = &self.limits;
        match prepare::prepare_with(source.text(), kind, limits, &mut self.places, besides) {
            Ok(prepared) => {
                let (source, prefix_of) = (Arc::clone(source), prefix.to_owned());
                let loaded = Loaded { source, prepared, role, prefix: prefix_of };
                self.templates.insert(format!("{prefix}{name}"), loaded);
            }
            Err(faults) => found.extend(faults.into_iter().map(|f| f.in_file(source.id()))),
        }
    }

    fn add_files(&mut self, sources: &Sources, noted: &mut Noted, found: &mut Vec<Diagnostic>) {
        let mut files: Vec<TextFile> = Vec::new();
        for (path, source) in &sources.texts {
            let (name, content) = match path.strip_suffix(".j2") {
                Some(name) => {
                    // The name in front of a `:` is that of no template file.
                    let template = format!("files:{path}");
                    let told = (&mut *noted, &mut *found);
                    self.add(("", &template), source, Role::Part, told);
                    (name, Content::Template(template))
                }
                None => (path.as_str(), Content::Plain(source.text().replace("\r\n", "\n").into())),
            };
            if files.iter().any(|file| file.name == name) {
                let message = format!("`{name}` is both a file and what a template makes");
                let finding = Diagnostic::error(Code::TemplateRefused, message);
                found.push(finding.at(source.place(0, 0), "").hint("rename one of the two"));
            }
            files.push(TextFile { name: name.to_owned(), content });
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        self.files = files.into();
    }

    fn compile(&mut self, found: &mut Vec<Diagnostic>) {
        let prefixes =
            self.templates.iter().map(|(name, loaded)| (name.clone(), loaded.prefix.clone()));
        let prefixes: BTreeMap<String, String> = prefixes.collect();
        self.prefixes = prefixes.clone();
        self.environment
            .set_path_join_callback(move |name, parent| joined(name, parent, &prefixes));
        for (name, loaded) in &self.templates {
            let text = loaded.prepared.text.clone();
            if let Err(error) = self.environment.add_template_owned(name.clone(), text) {
                found.push(self.syntax(&error, loaded));
            } else if loaded.role == Role::Library {
                found.extend(self.foreign_reads(name, loaded));
            }
        }
    }

    /// The engine's name of the template that `parent` calls `name`.
    pub(super) fn called(&self, name: &str, parent: &str) -> String {
        joined(name, parent, &self.prefixes).into_owned()
    }

    /// An error of syntax, as the user's own text has it if that is wrong by itself.
    fn syntax(&self, error: &Error, loaded: &Loaded) -> Diagnostic {
        match self.environment.template_from_str(loaded.source.text()) {
            Err(own) => errors::syntax(&own, &loaded.source),
            Ok(_) => errors::finding(error, &self.templates, None),
        }
    }

    /// Names of the context that a library's template uses.
    fn foreign_reads(&self, name: &str, loaded: &Loaded) -> Vec<Diagnostic> {
        let Ok(template) = self.environment.get_template(name) else { return Vec::new() };
        let read = template.undeclared_variables(false);
        let foreign = scope::NAMES.iter().filter(|name| read.contains(**name));
        foreign.map(|name| errors::foreign_read(name, &loaded.source)).collect()
    }

    pub(super) fn render(
        &self,
        context: &Context<'_>,
        reading: Reading,
        sink: &mut Sink,
    ) -> Result<Rendered, Reported> {
        let mut found = Vec::new();
        let rendered = on_big_stack(|| {
            let about = (context.target.clone(), self.chart.clone(), context.cluster.clone());
            let tracer =
                (self.detail == Detail::Traced).then(|| Tracer::new(Arc::clone(&self.expressions)));
            let files = Arc::clone(&self.files);
            let log = Log::new(reading, tracer);
            let run = Run::new(context.values, about, files, (self.limits, log));
            let is_watched = self.detail == Detail::Watched;
            let watched = is_watched.then(|| Arc::clone(&self.watched));
            let run = Arc::new(run.with_budget(&context.budget).with_watched(watched));
            let scope = scope::scope(&run);
            let mut documents = Vec::new();
            for (name, loaded) in
                self.templates.iter().filter(|(_, loaded)| loaded.role == Role::Manifest)
            {
                match self.template(name, loaded, (&run, context.values), &scope) {
                    Ok(printed) => documents.extend(printed),
                    Err(findings) => {
                        let new: Vec<_> =
                            findings.into_iter().filter(|one| !self.repeats(one, &found)).collect();
                        found.extend(new);
                    }
                }
                // Each further template would say the same once more, and take its time for it.
                if run.is_spent() {
                    break;
                }
            }
            let mut reads = run.reads();
            reads.follow(context.values.references());
            (documents, reads, run.take_trace(), SecretsMade::of(&run))
        });
        let (documents, reads, trace, secrets) =
            rendered.map_err(|finding| sink.error(*finding))?;
        match found.into_iter().map(|finding| sink.error(finding)).last() {
            Some(reported) => Err(reported),
            None => Ok(Rendered { documents, reads, trace, secrets }),
        }
    }

    /// Whether a finding within a text file is known: a second template that reads the file, such as
    /// for a hash, meets it again.
    fn repeats(&self, finding: &Diagnostic, found: &[Diagnostic]) -> bool {
        let Some(at) = finding.at.as_ref().map(|label| label.place) else { return false };
        let in_file = |file: &TextFile| match &file.content {
            Content::Template(name) => {
                self.templates.get(name).is_some_and(|loaded| loaded.source.id() == at.file)
            }
            Content::Plain(_) => false,
        };
        let same = |other: &Diagnostic| {
            other.message == finding.message
                && other.at.as_ref().is_some_and(|label| label.place == at)
        };
        self.files.iter().any(in_file) && found.iter().any(same)
    }

    /// The documents that one template prints.
    fn template(
        &self,
        name: &str,
        loaded: &Loaded,
        (run, values): (&Arc<Run>, &Values),
        scope: &Value,
    ) -> Result<Vec<Node>, Vec<Diagnostic>> {
        run.begin();
        let printed = self
            .environment
            .get_template(name)
            .and_then(|template| template.render_captured(scope.clone()))
            .map_err(|error| {
                let finding =
                    errors::finding(&error, &self.templates, Some(errors::About { run, values }));
                // The engine knows no place where fuel ran out.
                let begin = loaded.source.place(0, 0);
                let finding = if finding.at.is_some() { finding } else { finding.at(begin, "") };
                vec![self.with_call(finding, loaded, run)]
            });
        let mut holes = run.take_holes();
        let whole = loaded.source.place(0, 0);
        let printed = printed?;
        let steps = printed.state().fuel_levels().map_or(0, |(used, _)| used);
        run.took(steps).map_err(|finding| vec![finding.at(whole, "")])?;
        let cut = cut::cut(&printed.into_output(), &self.places, &mut holes)?;
        self.forget_unread_spellings(&mut holes);
        let documents = self.structure(&cut, whole)?;
        let places = &self.places;
        fill::fill(&documents, &Printout { cut: &cut, holes: &holes, places, run, whole })
    }

    /// A number that its own expression did not read may come of a name that was set before; what is
    /// written out, or worked out, has no spelling in the values.
    fn forget_unread_spellings(&self, holes: &mut [Hole]) {
        let is_number = |node: &Node| node.as_scalar().is_some_and(|s| s.as_str().is_none());
        for hole in holes.iter_mut().filter(|hole| hole.respelled.is_some()) {
            let words = self.words_at(hole.place);
            let is_read = hole.origin.as_ref().is_some_and(is_number);
            if !is_read && is_made_here(&words) {
                hole.respelled = None;
            }
        }
    }

    /// The words of a hole.
    fn words_at(&self, place: usize) -> Vec<Token<'_>> {
        let text = self.places.get(place).and_then(|place| {
            let mut all = self.templates.values();
            let source = &all.find(|loaded| loaded.source.id() == place.file)?.source;
            source.text().get(place.span.range())
        });
        text.map_or_else(Vec::new, |text| scan::tokens(text, 0..text.len()))
    }

    /// A finding within a macro, with the template's line that called it.
    fn with_call(&self, finding: Diagnostic, loaded: &Loaded, run: &Run) -> Diagnostic {
        let file = loaded.source.id();
        let Some(at) = finding.at.as_ref().map(|label| label.place) else { return finding };
        let within = at.file != file || errors::is_in_macro(&loaded.source, at.span.range().start);
        let named = finding.also.iter().any(|label| label.place.file == file);
        match run.called().and_then(|number| self.places.get(number)) {
            Some(call) if within && !named && *call != at => finding.also(*call, "called here"),
            _ => finding,
        }
    }

    /// The parsed text; equal control flow gives equal text, which is parsed once.
    fn structure(&self, cut: &Cut, whole: Place) -> Result<Arc<Vec<Document>>, Vec<Diagnostic>> {
        let known = || self.structures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(documents) = known().get(cut.text.as_str()) {
            return Ok(Arc::clone(documents));
        }
        let options = Options { merge_keys: MergeKeys::Keep, ..Options::default() };
        let documents = yaml::parse(&cut.text, whole.file, options).map_err(|problems| {
            let finding = |problem| unparsed(problem, cut, whole);
            problems.into_iter().map(finding).collect::<Vec<_>>()
        })?;
        let documents = Arc::new(documents);
        let mut known = known();
        if known.len() >= STRUCTURES {
            known.clear();
        }
        known.insert(cut.text.as_str().into(), Arc::clone(&documents));
        Ok(documents)
    }
}

/// What is wrong with a template's output as YAML, at the template's own lines.
fn unparsed(problem: Problem, cut: &Cut, whole: Place) -> Diagnostic {
    let place = cut.place(problem.span, whole);
    let at = problem.span.start as usize;
    let name = cut.text.get(at..).and_then(|rest| rest.strip_prefix(['&', '*', '!']));
    if name.is_some_and(|rest| marks::is_marked(rest.get(..4).unwrap_or_default())) {
        return fill::no_name(cut.place(Span::new(at + 1, at + 1), whole));
    }
    let shown = |text: &str| {
        let piece = |piece| match piece {
            marks::Piece::Text(text) => text,
            marks::Piece::Hole(_) | marks::Piece::Spread(_) => "{{ … }}",
            _ => "",
        };
        marks::pieces(text).map(piece).collect::<String>()
    };
    let finding = Diagnostic::error(problem.code, shown(&problem.message))
        .at(place, "")
        .maybe_hint(problem.hint);
    let finding = match problem.also {
        Some((span, text)) => finding.also(cut.place(span, whole), text),
        None => finding,
    };
    match cut.fragment_at(at) {
        Some((fragment, before, hole)) if !fragment.contains('\n') && !before.trim().is_empty() => {
            let message = "this fragment is no single value, but stands in the middle of a line";
            let indent = before.len() - before.trim_start().len() + 2;
            Diagnostic::error(problem.code, message)
                .at(hole, "")
                .also(place, "written here")
                .hint(format!("put it on the next line: `{{{{ … | indent({indent}) }}}}`, or write `| nindent({indent})`"))
        }
        Some((_, _, hole)) if hole != place => finding.also(hole, "inserted here"),
        _ => finding,
    }
}

/// The engine's name of the template that `parent` calls `name`: one of its own chart, or of a
/// library of that chart.
fn joined<'n>(name: &'n str, parent: &str, prefixes: &BTreeMap<String, String>) -> Cow<'n, str> {
    let parent = parent.strip_suffix(TPL).unwrap_or(parent);
    match prefixes.get(parent).filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => Cow::Owned(format!("{prefix}{name}")),
        None => Cow::Borrowed(name),
    }
}

/// A watched render does what was done before, and some more for every expression.
fn limits_of(limits: Limits, detail: Detail) -> Limits {
    let times = if detail == Detail::Watched { 8 } else { 1 };
    Limits {
        template_steps: limits.template_steps.saturating_mul(times),
        target_steps: limits.target_steps.saturating_mul(times),
        ..limits
    }
}

pub(super) fn environment(limits: &Limits, detail: Detail) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_debug(true);
    let mut syntax = SyntaxConfig::builder();
    syntax.keep_trailing_newline(true);
    environment.set_syntax(syntax.build().expect("the delimiters are the usual ones"));
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    // What blocks capture is known by being `safe`; nothing is ever escaped.
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("jibe".into()));
    environment.set_formatter(print);
    // As many instructions, or 64 bytes of text each. A traced template does more, but not twice as much.
    let times = if detail == Detail::Traced { 2 } else { 1 };
    environment.set_fuel(Some(limits.template_steps.saturating_mul(times)));
    filters::install(&mut environment);
    environment
}

/// Prints a value: as a hole in a YAML file, as text in any other.
fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let run = run_of(state)?;
    if is_yaml(state.name()) {
        return print_yaml(out, &run, value);
    }
    if !value.is_undefined() {
        out.write_str(&text::text_of(value, Into::Text, &run)?)?;
    }
    run.log().printed();
    Ok(())
}

fn print_yaml(out: &mut Output<'_>, run: &Run, value: &Value) -> Result<(), Error> {
    let (place, (secrets, parts)) = (run.take_expected(), run.take_printed_secrets());
    if let Some(text) = value.as_str().filter(|text| marks::is_marked(text)) {
        if !value.is_safe() || !marks::is_fragment(text) {
            return Err(text::no_text(text).into());
        }
        return Ok(out.write_str(&marks::inserted(text, place.unwrap_or(usize::MAX)))?);
    }
    let Some(place) = place else { return print_part(out, run, value) };
    let omitted = value.is_undefined() || value.downcast_object_ref::<Omit>().is_some();
    let made = run.made(value);
    let (value, respelled, origin) = match omitted {
        true => (Printed::Omit, None, None),
        false => {
            let respelled = text::respelled(value, run);
            (Printed::Value(value.clone()), respelled, origin(run, value))
        }
    };
    let number = run.keep(Hole { value, place, origin, respelled, made, secrets, parts });
    Ok(out.write_str(&marks::hole(number))?)
}

/// Prints what is no hole: an operand of `+`, or what a `call` block of a text file's macro returns.
fn print_part(out: &mut Output<'_>, run: &Run, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        let message = "a `call` block prints YAML, but the macro is one of a text file";
        let finding = Diagnostic::error(Code::TemplateFragment, message);
        return Err(Refusal::from(finding.hint("call it in a hole: `{{ name() }}`")).into());
    }
    Ok(out.write_str(&text::text_of(value, Into::Yaml, run)?)?)
}

/// Whether a number is written or worked out in the hole that prints it: no name could bring it.
fn is_made_here(words: &[Token<'_>]) -> bool {
    let is_filter = |at: usize| at > 0 && words[at - 1].is_sign("|");
    let names = |at: usize| words[at].kind == TokenKind::Word && !is_filter(at);
    let calculates = |word: &Token<'_>| {
        word.kind == TokenKind::Sign && matches!(word.text, "*" | "/" | "//" | "**")
    };
    words.iter().any(calculates) || !(0..words.len()).any(names)
}

/// The scalar of the values that a printed value most likely came from.
fn origin(run: &Run, value: &Value) -> Option<Node> {
    let text = value.as_str();
    run.log().take_origin(
        |scalar| fill::is_same(value, scalar),
        |scalar| text.zip(scalar.as_str()).is_some_and(|(text, set)| is_made_of(text, set)),
    )
}

/// Whether a text looks as if it was made of the other: the one holds the other, whatever its case.
fn is_made_of(text: &str, set: &str) -> bool {
    let (text, set) = (text.to_lowercase(), set.to_lowercase());
    !text.is_empty() && !set.is_empty() && (text.contains(&set) || set.contains(&text))
}

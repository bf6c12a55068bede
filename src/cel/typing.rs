//! Judges an expression before it runs: names, types, costs.

mod faults;
mod folds;
mod formats;
mod made;

use super::compiled::{Call as Step, Code, Item as Entry};
use super::cost::{self, Estimate, Given, Inner, Size, Way};
use super::expression::{Access, Call, Expression, Form, Item};
use super::kinds::{Declared, Type};
use super::signatures::{Overload, Style, overloads};
use super::time::{Duration, Timestamp};
use super::value::Key;
use super::{Fault, Newest, Program, Purpose, Value, library};
use crate::diag::nearest;
use faults::{no_field, no_function, no_overload};
use std::ops::Range;
use std::sync::Arc;

/// Parts of the language that no function brings, and the minor versions of Kubernetes since which servers take them.
const OPTIONALS: (u32, &str) = (29, "optional values");
const MIXED_NUMBERS: (u32, &str) = (29, "a comparison of numbers of different types");
const TWO_VARIABLES: (u32, &str) = (33, "a macro of two variables");
const SORT_BY: (u32, &str) = (35, "`sortBy`");

/// Judges an expression and makes it ready to run.
pub(super) fn check(
    read: &Expression,
    variables: &[(&str, Declared)],
    purpose: Purpose,
) -> Result<Program, Fault> {
    let known = variables.iter().map(|(name, declared)| Known {
        name: (*name).to_owned(),
        kind: declared.kind.clone(),
        way: Way::To(declared.clone()),
        size: None,
        inner: None,
    });
    let root = variables.first().map(|(_, declared)| declared.clone());
    let mut checker = Checker {
        known: known.collect(),
        root,
        used: vec![false; variables.len()],
        newest: Newest::default(),
        may_mix: false,
        purpose,
    };
    let found = checker.expression(read)?;
    let Checker { used, newest, .. } = checker;
    Ok(Program { code: found.code, kind: found.kind, most: found.estimate.cost, newest, used })
}

/// A variable.
struct Known {
    name: String,
    kind: Type,
    way: Way,
    size: Option<Size>,
    inner: Option<Inner>,
}

/// A part that was judged.
struct Checked {
    code: Code,
    kind: Type,
    estimate: Estimate,
}

struct Checker {
    known: Vec<Known>,
    root: Option<Declared>,
    used: Vec<bool>,
    newest: Newest,
    /// Whether the items of a list may have different types: in what `format` shows.
    may_mix: bool,
    purpose: Purpose,
}

impl Checker {
    fn needs(&mut self, (since, what): (u32, &str)) {
        if since > self.newest.since {
            self.newest = Newest { since, what: what.to_owned() };
        }
    }

    fn expression(&mut self, read: &Expression) -> Result<Checked, Fault> {
        match &read.form {
            Form::Literal(value) => Ok(literal(value)),
            Form::Name(name) => self.name(name, &read.span),
            Form::Select(target, field, access) => self.select(read, target, field, *access),
            Form::Call(call) => self.call(call, &read.span),
            Form::List(items) => self.list(items),
            Form::Map(entries) => self.map(entries),
            Form::Macro(found) => self.fold(found),
            Form::Made(name, fields) => self.made(name, fields, &read.span),
        }
    }

    fn variable(&self, name: &str) -> Option<usize> {
        self.known.iter().rposition(|known| known.name == name)
    }

    fn name(&mut self, name: &str, span: &Range<usize>) -> Result<Checked, Fault> {
        if let Some(at) = self.variable(name) {
            if let Some(used) = self.used.get_mut(at) {
                *used = true;
            }
            let known = &self.known[at];
            let mut estimate = Estimate::found(1, known.way.clone(), &known.kind);
            estimate.size = estimate.size.or(known.size);
            estimate.inner = known.inner;
            return Ok(Checked { code: Code::Variable(at), kind: known.kind.clone(), estimate });
        }
        if let Some(kind) = type_called(name) {
            return Ok(type_value(kind));
        }
        let near = nearest(name, self.known.iter().map(|known| known.name.as_str()));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Err(Fault::new(span.clone(), format!("there is no variable `{name}`{near}")))
    }

    fn select(
        &mut self,
        read: &Expression,
        target: &Expression,
        field: &str,
        access: Access,
    ) -> Result<Checked, Fault> {
        if let Some(name) = qualified(read) {
            // Such as `authorizer.requestResource`.
            if self.variable(&name).is_some() {
                return self.name(&name, &read.span);
            }
            if let Some(kind) = type_called(&name).filter(|_| !self.is_known(&name)) {
                return Ok(type_value(kind));
            }
        }
        if access == Access::Optional {
            self.needs(OPTIONALS);
        }
        let target = self.expression(target)?;
        let (kind, was_optional) = match &target.kind {
            Type::Optional(inner) => (&**inner, true),
            kind => (kind, false),
        };
        let found = match kind {
            Type::Object(object) => {
                let Some(known) = object.fields.get(field) else {
                    return Err(no_field(field, object.fields.keys(), &read.span));
                };
                known.kind.clone()
            }
            Type::Map(_, value) => (**value).clone(),
            Type::Dyn | Type::Variable(_) => Type::Dyn,
            Type::Made(_) if access == Access::Has => Type::Dyn,
            Type::Made(name) => made::field(name, field, &read.span)?,
            other => {
                let message = format!("a value of type `{}` has no field `{field}`", other.name());
                return Err(Fault::new(read.span.clone(), message));
            }
        };
        let steps = matches!(kind, Type::Map(..) | Type::Object(_) | Type::Variable(_));
        let estimate = if access == Access::Has {
            Estimate::computed(target.estimate.cost, None, &Type::Bool)
        } else {
            let cost = target.estimate.cost.saturating_add(u64::from(steps));
            Estimate::found(cost, self.way_to_field(&target.estimate.way, field), &found)
        };
        let kind = match access {
            Access::Has => Type::Bool,
            Access::Optional => Type::optional(found),
            Access::Plain if was_optional => Type::optional(found),
            Access::Plain => found,
        };
        let code = Code::Field(Box::new(target.code), Key::from(field), access);
        Ok(Checked { code, kind, estimate })
    }

    fn is_known(&self, qualified: &str) -> bool {
        self.variable(qualified.split('.').next().unwrap_or_default()).is_some()
    }

    /// Where a server believes the parts of computed values to be: in the object's root.
    fn root_way(&self) -> Way {
        self.root.clone().map_or(Way::Lost, Way::To)
    }

    fn way_to_field(&self, way: &Way, field: &str) -> Way {
        match way {
            Way::To(declared) => declared.field(field).map_or(Way::Lost, |it| Way::To(it.clone())),
            Way::None => self.root_way(),
            Way::Lost => Way::Lost,
        }
    }

    fn way_inside(&self, way: &Way) -> Way {
        match way {
            Way::To(declared) => {
                declared.inner.as_ref().map_or(Way::Lost, |inner| Way::To(Declared::clone(inner)))
            }
            Way::None => self.root_way(),
            Way::Lost => Way::Lost,
        }
    }

    fn call(&mut self, call: &Call, span: &Range<usize>) -> Result<Checked, Fault> {
        match (call.name.as_str(), call.arguments.as_slice()) {
            ("_&&_" | "_||_", [left, right]) => self.logic(&call.name, left, right),
            ("_?_:_", [condition, yes, no]) => self.choice([condition, yes, no], span),
            _ => self.function(call, span),
        }
    }

    fn logic(
        &mut self,
        name: &str,
        left: &Expression,
        right: &Expression,
    ) -> Result<Checked, Fault> {
        let (a, b) = (self.truth(left)?, self.truth(right)?);
        let cost = a.estimate.cost.saturating_add(b.estimate.cost);
        let sides = Box::new([a.code, b.code]);
        let code = if name == "_&&_" { Code::And(sides) } else { Code::Or(sides) };
        Ok(Checked {
            code,
            kind: Type::Bool,
            estimate: Estimate::computed(cost, None, &Type::Bool),
        })
    }

    fn truth(&mut self, read: &Expression) -> Result<Checked, Fault> {
        let found = self.expression(read)?;
        if Type::Bool.takes(&found.kind) {
            return Ok(found);
        }
        let message =
            format!("a `bool` is expected here, but this is of type `{}`", found.kind.name());
        Err(Fault::new(read.span.clone(), message))
    }

    fn choice(&mut self, parts: [&Expression; 3], span: &Range<usize>) -> Result<Checked, Fault> {
        let condition = self.truth(parts[0])?;
        let (yes, no) = (self.expression(parts[1])?, self.expression(parts[2])?);
        if !yes.kind.takes(&no.kind) && !no.kind.takes(&yes.kind) {
            let message = format!(
                "the two sides of `? :` must have one type, but are `{}` and `{}`",
                yes.kind.name(),
                no.kind.name()
            );
            return Err(Fault::new(span.clone(), message));
        }
        let kind = yes.kind.join(&no.kind);
        let most = yes.estimate.cost.max(no.estimate.cost);
        let size = yes.estimate.size().or(no.estimate.size());
        let mut estimate =
            Estimate::computed(condition.estimate.cost.saturating_add(most), Some(size), &kind);
        estimate.inner = yes.estimate.inner.zip(no.estimate.inner).map(|(a, b)| a.or(b));
        let code = Code::If(Box::new([condition.code, yes.code, no.code]));
        Ok(Checked { code, kind, estimate })
    }

    fn function(&mut self, call: &Call, span: &Range<usize>) -> Result<Checked, Fault> {
        if call.is_method
            && let Some(name) = qualified(&call.arguments[0])
            && !self.is_known(&name)
            && (name != made::LIBRARY || self.purpose == Purpose::Patching)
            && !overloads(Style::Global, &format!("{name}.{}", call.name)).is_empty()
        {
            let name = format!("{name}.{}", call.name);
            return self.named(Style::Global, &name, &call.arguments[1..], span);
        }
        let style = if call.is_method { Style::Method } else { Style::Global };
        self.named(style, &call.name, &call.arguments, span)
    }

    fn named(
        &mut self,
        style: Style,
        name: &str,
        arguments: &[Expression],
        span: &Range<usize>,
    ) -> Result<Checked, Fault> {
        let known = overloads(style, name);
        let (Some(run), false) = (library::function(style, name), known.is_empty()) else {
            return Err(no_function(style, name, span));
        };
        let checked = self.arguments(name, arguments, span)?;
        let kinds: Vec<Type> = checked.iter().map(|it| it.kind.clone()).collect();
        let fitting: Vec<(&Overload, Type)> =
            known.iter().filter_map(|it| Some((it, it.result_for(&kinds)?))).collect();
        let Some((_, first)) = fitting.first() else {
            return Err(no_overload(style, name, &kinds, span));
        };
        let since = fitting.iter().map(|(it, _)| it.since).min().unwrap_or_default();
        // Of operators only those of optional values are younger than the language.
        let what = if name.starts_with('_') { OPTIONALS.1 } else { &*format!("`{name}`") };
        self.needs((since, what));
        if is_comparison(name) && is_of_mixed_numbers(&kinds) {
            self.needs(MIXED_NUMBERS);
        }
        let same = fitting.iter().all(|(_, kind)| kind == first);
        let kind = if same { first.clone() } else { Type::Dyn };
        let estimate = self.cost_of(name, &fitting, &checked, &kind);
        let mut codes: Vec<Code> = checked.into_iter().map(|it| it.code).collect();
        compile_pattern(name, &mut codes, span)?;
        check_literal(name, &codes, span)?;
        let code = Code::Call(Step { name: name.to_owned(), run, arguments: codes });
        Ok(Checked { code, kind, estimate })
    }

    fn cost_of(
        &self,
        name: &str,
        fitting: &[(&Overload, Type)],
        checked: &[Checked],
        kind: &Type,
    ) -> Estimate {
        let number = |code: &Code| match code {
            Code::Literal(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let given: Vec<Given<'_>> = checked
            .iter()
            .map(|it| Given { kind: &it.kind, estimate: &it.estimate, number: number(&it.code) })
            .collect();
        let arguments = checked.iter().fold(0_u64, |sum, it| sum.saturating_add(it.estimate.cost));
        let all = fitting.iter().map(|(it, _)| cost::of_call(name, &it.arguments, &given));
        let (cost, size) = all.fold((0_u64, None::<Size>), |(most, size), (cost, other)| {
            let size = match (size, other) {
                (Some(a), Some(b)) => Some(a.or(b)),
                (a, b) => a.or(b),
            };
            (most.max(cost), size)
        });
        let cost = cost.saturating_add(arguments);
        match (name, checked) {
            ("dyn", [only]) => Estimate { cost, ..only.estimate.clone() },
            ("_[_]", [target, _]) => {
                let way = self.way_inside(&target.estimate.way);
                let mut found = Estimate::found(cost, way, kind);
                found.size = target.estimate.inner.map(|inner| inner.value).or(found.size);
                found
            }
            ("_+_", [a, b]) => {
                let mut found = Estimate::computed(cost, size, kind);
                found.inner = a.estimate.inner.zip(b.estimate.inner).map(|(a, b)| a.or(b));
                found
            }
            _ => Estimate::computed(cost, size, kind),
        }
    }

    fn item(&mut self, item: &Item) -> Result<Checked, Fault> {
        let mut found = self.expression(&item.value)?;
        if item.is_optional {
            self.needs(OPTIONALS);
            found.kind = match found.kind {
                Type::Optional(inner) => *inner,
                Type::Dyn => Type::Dyn,
                other => {
                    let message = format!("`?` takes an optional, but this is `{}`", other.name());
                    return Err(Fault::new(item.value.span.clone(), message));
                }
            };
        }
        Ok(found)
    }

    /// Items of one list or map have one type.
    fn same_kind(&self, kind: &mut Type, found: &Type, span: &Range<usize>) -> Result<(), Fault> {
        let is_null_beside =
            matches!((&*kind, found), (Type::Made(_), Type::Null) | (Type::Null, Type::Made(_)));
        let fits = (kind.takes(found) || found.takes(kind)) && !is_null_beside;
        if !self.may_mix && !fits {
            let message = format!(
                "all items must have one type, but this is `{}` beside `{}`; `dyn(…)` lets them differ",
                found.name(),
                kind.name()
            );
            return Err(Fault::new(span.clone(), message));
        }
        *kind = kind.join(found);
        Ok(())
    }

    fn list(&mut self, items: &[Item]) -> Result<Checked, Fault> {
        self.list_and_kinds(items).map(|(list, _)| list)
    }

    /// A list that is written out, and the type of each item.
    fn list_and_kinds(&mut self, items: &[Item]) -> Result<(Checked, Vec<Type>), Fault> {
        let mut kind = Type::Variable('_');
        let (mut cost, mut size) = (cost::LIST, None::<Size>);
        let (mut codes, mut kinds) = (Vec::new(), Vec::new());
        for item in items {
            let found = self.item(item)?;
            self.same_kind(&mut kind, &found.kind, &item.value.span)?;
            cost = cost.saturating_add(found.estimate.cost);
            size = Some(size.map_or(found.estimate.size(), |it| it.or(found.estimate.size())));
            codes.push(Entry { value: found.code, is_optional: item.is_optional });
            kinds.push(found.kind);
        }
        let kind = Type::list(kind);
        let mut estimate = Estimate::computed(cost, Some(Size::exactly(items.len() as u64)), &kind);
        let value = size.unwrap_or(Size::exactly(0));
        estimate.inner = Some(Inner { key: Size::exactly(1), value });
        Ok((Checked { code: Code::List(codes), kind, estimate }, kinds))
    }

    fn map(&mut self, entries: &[(Expression, Item)]) -> Result<Checked, Fault> {
        let (mut keys, mut values) = (Type::Variable('_'), Type::Variable('_'));
        let (mut cost, mut inner) = (cost::MAP, None::<Inner>);
        let mut codes = Vec::new();
        for (key, item) in entries {
            let (found_key, found) = (self.expression(key)?, self.item(item)?);
            self.same_kind(&mut keys, &found_key.kind, &key.span)?;
            self.same_kind(&mut values, &found.kind, &item.value.span)?;
            cost = cost.saturating_add(found_key.estimate.cost).saturating_add(found.estimate.cost);
            let one = Inner { key: found_key.estimate.size(), value: found.estimate.size() };
            inner = Some(inner.map_or(one, |it| it.or(one)));
            let entry = Entry { value: found.code, is_optional: item.is_optional };
            codes.push((found_key.code, entry));
        }
        let kind = Type::Map(Box::new(keys), Box::new(values));
        let mut estimate =
            Estimate::computed(cost, Some(Size::exactly(entries.len() as u64)), &kind);
        estimate.inner = inner;
        Ok(Checked { code: Code::Map(codes), kind, estimate })
    }
}

fn literal(value: &Value) -> Checked {
    let kind = value.type_of();
    let estimate = Estimate::computed(0, Some(Size::exactly(value.size())), &kind);
    Checked { code: Code::Literal(value.clone()), kind, estimate }
}

fn type_value(kind: Type) -> Checked {
    let code = Code::Literal(Value::Type(Box::new(kind)));
    let kind = Type::Type(Box::new(Type::Dyn));
    // A server takes the name for one of the object, which has no characters.
    let estimate = Estimate::computed(1, Some(Size::exactly(0)), &kind);
    Checked { code, kind, estimate }
}

/// The type that a name stands for.
fn type_called(name: &str) -> Option<Type> {
    let inner = || Box::new(Type::Dyn);
    Some(match name {
        "bool" => Type::Bool,
        "bytes" => Type::Bytes,
        "double" => Type::Double,
        "int" => Type::Int,
        "list" => Type::List(inner()),
        "map" => Type::Map(inner(), inner()),
        "null_type" => Type::Null,
        "string" => Type::String,
        "type" => Type::Type(inner()),
        "uint" => Type::Uint,
        "optional_type" => Type::Optional(inner()),
        "google.protobuf.Duration" => Type::Duration,
        "google.protobuf.Timestamp" => Type::Timestamp,
        "net.IP" => Type::Named("IP"),
        "net.CIDR" => Type::Named("CIDR"),
        "kubernetes.Quantity" => Type::Named("Quantity"),
        "kubernetes.URL" => Type::Named("URL"),
        "kubernetes.Semver" => Type::Named("Semver"),
        _ => return None,
    })
}

/// `a.b.c`, if it is nothing but names.
fn qualified(read: &Expression) -> Option<String> {
    match &read.form {
        Form::Name(name) => Some(name.clone()),
        Form::Select(target, field, Access::Plain) => {
            Some(format!("{}.{field}", qualified(target)?))
        }
        _ => None,
    }
}

fn is_comparison(name: &str) -> bool {
    matches!(name, "_<_" | "_<=_" | "_>_" | "_>=_")
}

fn is_of_mixed_numbers(kinds: &[Type]) -> bool {
    matches!(kinds, [a, b] if a != b && a.is_number() && b.is_number())
}

/// A pattern that is written out is compiled once.
fn compile_pattern(name: &str, codes: &mut [Code], span: &Range<usize>) -> Result<(), Fault> {
    if !matches!(name, "matches" | "find" | "findAll") {
        return Ok(());
    }
    if let Some(code) = codes.get_mut(1)
        && let Code::Literal(Value::String(text)) = &*code
    {
        let pattern = library::pattern(text).map_err(|reason| Fault::new(span.clone(), reason))?;
        *code = Code::Literal(Value::Pattern(Arc::new(pattern)));
    }
    Ok(())
}

/// A duration or time that is written out is one.
fn check_literal(name: &str, codes: &[Code], span: &Range<usize>) -> Result<(), Fault> {
    let [Code::Literal(Value::String(text))] = codes else { return Ok(()) };
    let fits = match name {
        "duration" => Duration::parse(text).is_some(),
        "timestamp" => Timestamp::parse(text).is_some(),
        _ => true,
    };
    let message = || format!("`{text}` is no {name}");
    if fits { Ok(()) } else { Err(Fault::new(span.clone(), message())) }
}

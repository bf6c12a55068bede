//! Filters and tests of the engine that compare values, which are measured first.

use super::{attribute, defined, kinds, lacks_attribute};
use crate::render::object::Branch;
use crate::render::refusal::Refusal;
use crate::render::text as texts;
use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, State, filters, tests};

/// How many parts of values are looked at for one unit of fuel.
const PARTS_PER_FUEL: usize = 16;

type Compare = fn(&Value, &Value) -> bool;

pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("sort", |s: &mut State, v: Value, o: Kwargs| {
        worked_on(s, &v).and_then(|()| filters::sort(s, v, o))
    });
    environment.add_filter("min", |s: &mut State, v: Value, o: Kwargs| {
        worked_on(s, &v).and_then(|()| filters::min(s, v, o))
    });
    environment.add_filter("max", |s: &mut State, v: Value, o: Kwargs| {
        worked_on(s, &v).and_then(|()| filters::max(s, v, o))
    });
    environment.add_filter("groupby", |s: &mut State, v: Value, by: Option<&str>, o: Kwargs| {
        worked_on(s, &v)?;
        let named = attribute(by, &o)?;
        let lacking = named.filter(|_| !o.has("default"));
        let lacking = lacking.and_then(|by| lacks_attribute(s, &v, ("groupby", &by)));
        lacking.map_or_else(|| filters::groupby(v, by, o), Err)
    });
    environment.add_filter("chain", |s: &mut State, v: Value, others: Rest<Value>| {
        defined(s, &v)?;
        others.iter().try_for_each(|other| defined(s, other).map(drop))?;
        filters::chain(s, v, others)
    });
    environment.add_filter("dictsort", |s: &mut State, v: &Value, o: Kwargs| {
        kinds::map(s, v, "dictsort")?;
        measured(s, v)?;
        filters::dictsort(v, o)
    });
    environment.add_filter("attr", |s: &mut State, v: &Value, key: &Value| {
        measured(s, key).and_then(|()| filters::attr(v, key))
    });
    let comparisons: [(&[&'static str], Compare); 6] = [
        (&["eq", "equalto", "=="], |a, b| a == b),
        (&["ne", "!="], |a, b| a != b),
        (&["lt", "lessthan", "<"], |a, b| a < b),
        (&["le", "<="], |a, b| a <= b),
        (&["gt", "greaterthan", ">"], |a, b| a > b),
        (&["ge", ">="], |a, b| a >= b),
    ];
    for (names, compare) in comparisons {
        for name in names {
            environment.add_test(*name, move |s: &mut State, a: &Value, b: &Value| {
                pair(s, a, b).map(|()| compare(a, b))
            });
        }
    }
    environment.add_test("in", |s: &mut State, a: &Value, b: &Value| {
        pair(s, a, b).and_then(|()| tests::is_in(s, a, b))
    });
}

/// Refuses what nobody set, and what [`measured`] refuses.
fn worked_on(state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    defined(state, value)?;
    measured(state, value)
}

fn pair(state: &State<'_, '_>, a: &Value, b: &Value) -> Result<(), Error> {
    measured(state, a).and_then(|()| measured(state, b))
}

/// Refuses a value that is nested too deep, or too large once everything it holds several times is
/// counted each time; it costs fuel.
pub(super) fn measured(state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.as_object().is_none() {
        return Ok(());
    }
    let mut parts = 0;
    count(value, &mut parts, 0)?;
    state.consume_fuel((parts / PARTS_PER_FUEL) as u64)
}

fn count(value: &Value, parts: &mut usize, depth: usize) -> Result<(), Refusal> {
    *parts += 1;
    if *parts > texts::MAX_ITEMS {
        return Err(texts::too_long());
    }
    if depth > texts::MAX_DEPTH {
        return Err(texts::too_deep());
    }
    // A value of the user's files was bounded when it was read; a look at it would count as a read.
    if value.downcast_object_ref::<Branch>().is_some() {
        return Ok(());
    }
    let is_map = value.kind() == ValueKind::Map;
    if !is_map && !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Ok(());
    }
    for item in value.try_iter().into_iter().flatten() {
        let part = if is_map { value.get_item(&item).unwrap_or_default() } else { item };
        count(&part, parts, depth + 1)?;
    }
    Ok(())
}

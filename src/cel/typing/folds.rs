//! Macros over a range: what their variables are, what they give, what they cost.

use super::{Checked, Checker, Known, OPTIONALS, SORT_BY, TWO_VARIABLES};
use crate::cel::Fault;
use crate::cel::compiled::{Code, Fold};
use crate::cel::cost::{Estimate, Inner, Size, Way};
use crate::cel::expression::{Macro, What};
use crate::cel::kinds::{Declared, Type};

impl Checker {
    pub(super) fn fold(&mut self, read: &Macro) -> Result<Checked, Fault> {
        let range = self.expression(&read.range)?;
        let is_optional = matches!(read.what, What::OptionalMap | What::OptionalFlatMap);
        if is_optional {
            self.needs(OPTIONALS);
        } else if read.second.is_some() {
            self.needs(TWO_VARIABLES);
        } else if read.what == What::SortBy {
            self.needs(SORT_BY);
        }
        let depth = self.known.len();
        self.enter(read, &range)?;
        let filter = read.filter.as_ref().map(|filter| self.truth(filter)).transpose()?;
        let is_test =
            matches!(read.what, What::All | What::Exists | What::ExistsOne | What::Filter);
        let body = if is_test { self.truth(&read.body)? } else { self.expression(&read.body)? };
        self.known.truncate(depth);
        let kind = result_kind(read, &range.kind, &body.kind)?;
        let estimate = fold_cost(read.what, &range, filter.as_ref(), &body, &kind);
        let fold = Fold {
            what: read.what,
            range: range.code,
            has_second: read.second.is_some(),
            filter: filter.map(|filter| filter.code),
            body: body.code,
        };
        Ok(Checked { code: Code::Fold(Box::new(fold)), kind, estimate })
    }

    /// Makes a macro's variables known.
    fn enter(&mut self, read: &Macro, range: &Checked) -> Result<(), Fault> {
        let is_optional = matches!(read.what, What::OptionalMap | What::OptionalFlatMap);
        let (key, value, is_map) = match &range.kind {
            Type::Optional(inner) if is_optional => (Type::Dyn, (**inner).clone(), false),
            Type::Dyn | Type::Variable(_) => (Type::Dyn, Type::Dyn, false),
            Type::List(item) if !is_optional => (Type::Int, (**item).clone(), false),
            Type::Map(key, value) if !is_optional => ((**key).clone(), (**value).clone(), true),
            other => {
                let wanted = if is_optional { "an optional" } else { "a list or map" };
                let message =
                    format!("{wanted} is expected here, but this is of type `{}`", other.name());
                return Err(Fault::new(read.range.span.clone(), message));
            }
        };
        let sizes = range.estimate.inner;
        let key_way = match &range.estimate.way {
            Way::To(_) => {
                Way::To(Declared { kind: key.clone(), most: 0, least_bytes: 2, inner: None })
            }
            Way::None => self.root_way(),
            Way::Lost => Way::Lost,
        };
        let value_way = if is_optional { Way::None } else { self.way_inside(&range.estimate.way) };
        let key = (key, key_way, sizes.map(|it| it.key));
        let value = (value, value_way, sizes.map(|it| it.value));
        let variables = match &read.second {
            Some(second) => vec![(&read.first, key), (second, value)],
            None => vec![(&read.first, if is_map { key } else { value })],
        };
        for (name, (kind, way, size)) in variables {
            self.known.push(Known { name: name.clone(), kind, way, size, inner: None });
        }
        Ok(())
    }
}

/// The type of what a macro gives.
fn result_kind(read: &Macro, range: &Type, body: &Type) -> Result<Type, Fault> {
    let keys = || match range {
        Type::Map(key, _) => (**key).clone(),
        Type::List(_) => Type::Int,
        _ => Type::Dyn,
    };
    Ok(match read.what {
        What::All | What::Exists | What::ExistsOne => Type::Bool,
        What::Filter => match range {
            Type::Map(key, _) => Type::list((**key).clone()),
            other => other.clone(),
        },
        What::Map => Type::list(body.clone()),
        What::TransformMap => Type::Map(Box::new(keys()), Box::new(body.clone())),
        What::TransformMapEntry | What::OptionalFlatMap
            if !matches!(body, Type::Map(..) | Type::Optional(_) | Type::Dyn) =>
        {
            let wanted = if read.what == What::TransformMapEntry { "a map" } else { "an optional" };
            let message =
                format!("{wanted} is expected here, but this is of type `{}`", body.name());
            return Err(Fault::new(read.body.span.clone(), message));
        }
        What::TransformMapEntry | What::OptionalFlatMap => body.clone(),
        What::SortBy => range.clone(),
        What::OptionalMap => Type::optional(body.clone()),
    })
}

/// What a macro costs, as the loop that a server makes of it.
fn fold_cost(
    what: What,
    range: &Checked,
    filter: Option<&Checked>,
    body: &Checked,
    kind: &Type,
) -> Estimate {
    let count = range.estimate.size();
    let test = filter.map_or(0, |it| it.estimate.cost);
    let (once, each) = match what {
        What::All => (1, 3),
        What::Exists => (1, 4),
        What::ExistsOne => (2, 2),
        What::Filter => (11, 13),
        What::Map => (11, 12),
        What::TransformMap | What::TransformMapEntry => (31, 2),
        What::SortBy => (22, 14),
        What::OptionalMap | What::OptionalFlatMap => {
            let cost = range.estimate.cost.saturating_mul(2).saturating_add(body.estimate.cost);
            return Estimate::computed(cost.saturating_add(12), None, kind);
        }
    };
    let step = body.estimate.cost.saturating_add(test).saturating_add(each);
    let cost =
        range.estimate.cost.saturating_add(once).saturating_add(count.most.saturating_mul(step));
    let is_collection = !matches!(what, What::All | What::Exists | What::ExistsOne);
    let mut found = Estimate::computed(cost, is_collection.then_some(count), kind);
    if let What::Map = what {
        found.inner = Some(Inner { key: Size::exactly(1), value: body.estimate.size() });
    }
    found
}

//! Parts of times and durations.

use super::{Row, Trouble};
use crate::cel::Value;
use crate::cel::signatures::Style::Method;
use crate::cel::time::Shown;

pub(super) const FUNCTIONS: &[Row] = &[
    (Method, "getFullYear", |args| part(args, |at| at.year)),
    (Method, "getMonth", |args| part(args, |at| at.month - 1)),
    (Method, "getDayOfYear", |args| part(args, |at| at.day_of_year)),
    (Method, "getDayOfMonth", |args| part(args, |at| at.day - 1)),
    (Method, "getDate", |args| part(args, |at| at.day)),
    (Method, "getDayOfWeek", |args| part(args, |at| at.day_of_week)),
    (Method, "getHours", |args| clock(args, 3_600_000_000_000, |at| at.second_of_day / 3600)),
    (Method, "getMinutes", |args| clock(args, 60_000_000_000, |at| at.second_of_day / 60 % 60)),
    (Method, "getSeconds", |args| clock(args, 1_000_000_000, |at| at.second_of_day % 60)),
    (Method, "getMilliseconds", |args| clock(args, 1_000_000, |at| at.nanos / 1_000_000)),
];

fn part(args: &[Value], of: fn(&Shown) -> i128) -> Result<Value, Trouble> {
    let zone = match args.get(1) {
        Some(Value::String(zone)) => &**zone,
        _ => "",
    };
    let Value::Timestamp(at) = &args[0] else { return Err(Trouble::NoOverload) };
    match at.shown(zone) {
        Some(shown) => Ok(Value::Int(i64::try_from(of(&shown)).unwrap_or_default())),
        None => Trouble::told(format!(
            "there is no time zone `{zone}`: write a name such as `Europe/Berlin`, or an offset such as `+02:00`"
        )),
    }
}

/// Of a duration the whole of it in a unit, of a time what a clock shows.
fn clock(args: &[Value], unit: i64, of: fn(&Shown) -> i128) -> Result<Value, Trouble> {
    match &args[0] {
        Value::Duration(span) => Ok(Value::Int(span.0 / unit)),
        _ => part(args, of),
    }
}

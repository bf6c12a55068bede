//! Manifests with one change each, chosen by a seed: the same seed and bases give the same changes.
//!
//! A kind is drawn, one of its manifests, a place in it, and a way to go wrong that suits the place. Odd texts and
//! numbers come from tables; other values come from where the same field, or its neighbours, stand in other bases.

use crate::bases::Base;
use crate::edit::{Edit, Op};
use crate::odd;
use crate::random::Random;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How often metadata is drawn, and everything else.
const METADATA_WEIGHT: usize = 1;
const OTHER_WEIGHT: usize = 3;
/// How many values of one field are kept to draw from.
const MAX_KEPT: usize = 60;

/// A place in a manifest.
struct Spot<'b> {
    pointer: String,
    /// The key it stands under; that of the list for an item.
    key: String,
    /// The same of what it stands in.
    parent: String,
    is_item: bool,
    value: &'b Value,
    holder: &'b Value,
}

impl Spot<'_> {
    fn text(&self) -> Option<&str> {
        self.value.as_str()
    }

    fn is_scalar(&self) -> bool {
        !self.value.is_object() && !self.value.is_array()
    }

    fn beside(&self, key: &str) -> String {
        let above = self.pointer.rsplit_once('/').map_or("", |(above, _)| above);
        format!("{above}/{}", escape(key))
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Draws changes.
pub(crate) struct Mutator<'b> {
    random: Random,
    kinds: Vec<Vec<(usize, Vec<Spot<'b>>)>>,
    /// Values by the key that they stand under.
    values: BTreeMap<String, Vec<&'b Value>>,
    /// Entries of maps by the key that the map stands under.
    entries: BTreeMap<String, Vec<(&'b str, &'b Value)>>,
}

type Way = fn(&mut Mutator<'_>, &Spot<'_>) -> Option<Edit>;

/// Ways to go wrong, and how often each is tried.
const WAYS: &[(usize, Way)] = &[
    (3, |m, spot| m.unknown_field(spot)),
    (3, |m, spot| m.other_type(spot)),
    (2, |m, spot| m.plain_text(spot)),
    (3, |_, spot| (spot.pointer != "/metadata").then(|| Edit::new(Op::Drop, &spot.pointer, ""))),
    (2, |m, spot| m.nothing(spot)),
    (3, |m, spot| m.other_word(spot)),
    (4, |m, spot| m.number(spot)),
    (5, |m, spot| m.odd_text(spot)),
    (2, |m, spot| m.long_text(spot)),
    (3, |m, spot| m.foreign_value(spot)),
    (4, |m, spot| m.neighbour(spot)),
    (3, |_, spot| spot.is_item.then(|| Edit::new(Op::Again, &spot.pointer, ""))),
    (2, |m, spot| m.copied_from_item(spot)),
    (1, |_, spot| (!spot.is_item).then(|| Edit::new(Op::Twice, &spot.pointer, ""))),
    (2, |m, spot| m.renamed(spot)),
    (2, |_, spot| spot.text().map(|text| Edit::set(&spot.pointer, &json!(format!("{text}-x"))))),
];

impl<'b> Mutator<'b> {
    pub(crate) fn new(bases: &'b [Base], seed: u64) -> Self {
        let mut kinds: BTreeMap<&str, Vec<(usize, Vec<Spot<'b>>)>> = BTreeMap::new();
        let (mut values, mut entries): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) =
            Default::default();
        for (at, base) in bases.iter().enumerate() {
            let mut spots = Vec::new();
            let name = base.id.split('/').next().unwrap_or_default();
            collect(&base.manifest, ("", name), &mut spots);
            for spot in &spots {
                let kept = values.entry(spot.key.clone()).or_default();
                if kept.len() < MAX_KEPT && !kept.contains(&spot.value) {
                    kept.push(spot.value);
                }
                let kept = entries.entry(spot.parent.clone()).or_default();
                let key = spot.holder.as_object().and_then(|map| map.get_key_value(&spot.key));
                kept.extend(
                    key.filter(|_| !spot.is_item).map(|(key, value)| (key.as_str(), value)),
                );
            }
            spots.retain(|spot| !matches!(spot.pointer.as_str(), "/apiVersion" | "/kind"));
            kinds.entry(&base.kind).or_default().push((at, spots));
        }
        Self { random: Random::new(seed), kinds: kinds.into_values().collect(), values, entries }
    }

    /// The position of a base, and a change of it.
    pub(crate) fn draw(&mut self) -> (usize, Edit) {
        let kinds = std::mem::take(&mut self.kinds);
        let drawn = loop {
            let of_kind = self.random.pick(&kinds).expect("there are kinds");
            let (at, spots) = self.random.pick(of_kind).expect("a kind has a base");
            let weight = |spot: &Spot<'_>| match spot.pointer.starts_with("/metadata/") {
                true => METADATA_WEIGHT,
                false => OTHER_WEIGHT,
            };
            let spot = self.random.weighted(spots, weight).expect("a base has places");
            let (_, way) = self.random.weighted(WAYS, |way| way.0).expect("there are ways");
            if let Some(edit) = way(self, spot) {
                break (*at, edit);
            }
        };
        self.kinds = kinds;
        drawn
    }

    fn unknown_field(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let names: Vec<String> = match spot.holder {
            Value::Object(map) => map.keys().flat_map(|key| odd::misspelt(key)).collect(),
            _ => Vec::new(),
        };
        let name = match self.random.below(3) {
            0 => (*self.random.pick(odd::FIELDS)?).to_owned(),
            _ => self.random.pick(&names)?.clone(),
        };
        let value = self.random.pick(&[json!("x"), json!(1), json!({}), json!(true)])?.clone();
        Some(Edit::set(&spot.beside(&name), &value)).filter(|_| spot.holder.is_object())
    }

    fn other_type(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let old = spot.value;
        let wrapped = match old {
            Value::Number(number) => json!(number.to_string()),
            Value::Array(items) => items.first().cloned().unwrap_or_default(),
            other => json!([other]),
        };
        let other = [
            json!("text"),
            json!(7),
            json!(true),
            json!([]),
            json!({}),
            json!(["x"]),
            json!({"a": "b"}),
            json!(1.5),
            wrapped,
        ];
        Some(Edit::set(&spot.pointer, self.random.pick(&other)?))
    }

    fn plain_text(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let text = *self.random.pick(odd::PLAIN)?;
        spot.is_scalar().then(|| Edit::new(Op::Plain, &spot.pointer, text))
    }

    fn nothing(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let nothing = match spot.value {
            Value::Object(_) => vec![json!({}), json!(null)],
            Value::Array(_) => vec![json!([]), json!(null), json!([null])],
            Value::String(_) => vec![json!(""), json!(""), json!(null)],
            _ => vec![json!(0), json!(null)],
        };
        Some(Edit::set(&spot.pointer, self.random.pick(&nothing)?))
    }

    fn other_word(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let text = spot.text()?;
        let is_word = text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphabetic);
        let word = match self.random.below(if is_word { 6 } else { 3 }) {
            0 => text.to_uppercase(),
            1 => format!("{text} "),
            2 => text.chars().skip(1).collect(),
            3 => text.to_lowercase(),
            _ => (*self.random.pick(odd::WORDS)?).to_owned(),
        };
        Some(Edit::set(&spot.pointer, &json!(word)))
    }

    fn number(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let old = spot.value.as_i64()?;
        let number = match self.random.below(4) {
            0 => old.saturating_neg(),
            1 => old.saturating_add(1),
            2 => old.saturating_sub(1),
            _ => *self.random.pick(odd::NUMBERS)?,
        };
        Some(Edit::set(&spot.pointer, &json!(number)))
    }

    fn odd_text(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        spot.text()?;
        Some(Edit::set(&spot.pointer, &json!(self.random.pick(odd::TEXTS)?)))
    }

    fn long_text(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        spot.text()?;
        let length = *self.random.pick(&[16, 33, 64, 64, 129, 254, 254, 317, 600])?;
        let text = match self.random.below(3) {
            0 => "ab-c.de".chars().cycle().take(length).collect::<String>() + "z",
            1 => format!("example.com/{}", "n".repeat(length)),
            _ => "n".repeat(length),
        };
        Some(Edit::set(&spot.pointer, &json!(text)))
    }

    fn foreign_value(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let value = *self.random.pick(self.values.get(&spot.key)?)?;
        (value != spot.value).then(|| Edit::set(&spot.pointer, value))
    }

    /// A field that maps of this name have elsewhere.
    fn neighbour(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let map = spot.holder.as_object()?;
        let known = self.entries.get(&spot.parent)?;
        let absent: Vec<_> = known.iter().filter(|(key, _)| !map.contains_key(*key)).collect();
        let (key, value) = self.random.pick(&absent)?;
        Some(Edit::set(&spot.beside(key), value))
    }

    /// What a list's item has under a key, another gets, too.
    fn copied_from_item(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        let items = spot.value.as_array().filter(|items| items.len() > 1)?;
        let (from, to) = (self.random.below(items.len()), self.random.below(items.len()));
        let keys: Vec<_> = items[from].as_object()?.iter().collect();
        let (key, value) = self.random.pick(&keys)?;
        (from != to).then(|| Edit::set(&format!("{}/{to}/{}", spot.pointer, escape(key)), value))
    }

    fn renamed(&mut self, spot: &Spot<'_>) -> Option<Edit> {
        if spot.is_item {
            return None;
        }
        let odd = odd::misspelt(&spot.key);
        let name = match self.random.below(2) {
            0 => self.random.pick(&odd)?.as_str(),
            _ if odd::FREE_KEYS.contains(&&*spot.parent) => self.random.pick(odd::TEXTS)?,
            _ => self.random.pick(odd::FIELDS)?,
        };
        let is_new = spot.holder.get(name).is_none();
        is_new.then(|| Edit::new(Op::Rename, &spot.pointer, name)).filter(|_| !name.contains('\n'))
    }
}

fn collect<'b>(holder: &'b Value, (above, parent): (&str, &str), spots: &mut Vec<Spot<'b>>) {
    let entries: Vec<(String, &Value)> = match holder {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, v)| (i.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    let is_list = holder.is_array();
    for (name, value) in entries {
        let pointer = format!("{above}/{}", escape(&name));
        let key = if is_list { parent } else { &name };
        let (key, parent) = (key.to_owned(), parent.to_owned());
        spots.push(Spot {
            pointer: pointer.clone(),
            key: key.clone(),
            parent,
            is_item: is_list,
            value,
            holder,
        });
        collect(value, (&pointer, &key), spots);
    }
}

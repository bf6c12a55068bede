//! Laws of the YAML reader and writer, on generated data.

use jibe::source::{FileId, Files, Place, Span};
use jibe::yaml::{self, Data, Key, Map, Node, Options, Scalar, Value};
use proptest::prelude::*;

/// Any number of a text; places play no part here.
fn file() -> FileId {
    let files = Files::memory([("x", "")]).expect("a path");
    files.add("x", Vec::new()).expect("a text").id()
}

fn place() -> Place {
    Place::new(file(), Span::default())
}

fn read(text: &str) -> Result<Vec<Node>, String> {
    let documents = yaml::parse(text, file(), Options::default());
    let documents = documents.map_err(|problems| format!("{text:?}: {problems:?}"))?;
    Ok(documents.into_iter().map(|document| document.root).collect())
}

/// Writes, reads, compares, and writes again.
fn check_round_trip(node: &Node) -> Result<(), TestCaseError> {
    let text = yaml::write(node);
    let read = read(&text).map_err(TestCaseError::fail)?;
    prop_assert_eq!(read.len(), 1, "{:?}", text);
    prop_assert!(yaml::same_data(&read[0], node), "{:?} is read as {:?}", text, read[0]);
    prop_assert_eq!(yaml::write(&read[0]), text);
    Ok(())
}

const WORDS: &[&str] = &[
    "",
    "~",
    "null",
    "yes",
    "No",
    "on",
    "y",
    "N",
    "true",
    "tRue",
    "0644",
    "0o644",
    "0x1F",
    "0b11",
    "1_000",
    "+5",
    "-0",
    "08",
    "1e3",
    ".5",
    "5.",
    "1.10",
    "1e400",
    ".inf",
    "-.inf",
    ".nan",
    "2020-01-01",
    "2020-01-01T10:00:00Z",
    "12:30:45",
    "1:2",
    "<<",
    "=",
    "- x",
    "x: y",
    "x:",
    ":x",
    "? x",
    "#x",
    "x #y",
    "@x",
    "%x",
    "`x",
    "*x",
    "&x",
    "!x",
    "|",
    ">",
    "'",
    "\"",
    "it's",
    "{{ .x }}",
    "${V}",
    "[x",
    "x]",
    "{x",
    "---",
    "--- x",
    "...",
    "... x",
    " x",
    "x ",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "\n",
    "\n\n",
    " \n",
    "\na",
    " a\nb",
    "a \nb",
    "a\n b",
    "a\n\n\nb",
    "a\r\nb",
    "\t",
    "a\tb",
    "\u{85}",
    "a\u{85}b",
    "\u{2028}",
    "a\u{2028}b",
    "a\nb\u{2028}",
    "\u{2028}\n",
    "a\u{2029}\n",
    "\u{FEFF}x",
    "x\u{FEFF}",
    "\u{FFFE}",
    "\u{1F600}",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{a0}",
];

fn odd_character() -> impl Strategy<Value = char> {
    let odd =
        " \t\n\r:#-?,[]{}&*!|>'\"%@`\\0a\u{85}\u{a0}\u{2028}\u{2029}\u{feff}\u{0}\u{7f}\u{1F600}é";
    prop_oneof![4 => proptest::sample::select(odd.chars().collect::<Vec<_>>()), 1 => any::<char>()]
}

fn string() -> impl Strategy<Value = String> {
    let join = |parts: Vec<String>| parts.concat();
    let word = || proptest::sample::select(WORDS).prop_map(str::to_owned);
    let odd = proptest::collection::vec(odd_character(), 0..12)
        .prop_map(|chars| chars.into_iter().collect::<String>());
    let long =
        proptest::collection::vec("[a-z'\"é\\\\]{1,12}( |  |\n|\u{2028})?", 5..40).prop_map(join);
    prop_oneof![
        2 => word(),
        1 => proptest::collection::vec(word(), 1..4).prop_map(join),
        3 => odd,
        1 => long,
        1 => any::<String>(),
    ]
}

fn scalar() -> impl Strategy<Value = Scalar> {
    let float = any::<f64>().prop_filter("only finite numbers", |number| number.is_finite());
    prop_oneof![
        4 => string().prop_map(Scalar::string),
        1 => any::<i64>().prop_map(|number| Scalar::plain(Value::Int(number))),
        1 => (1 << 63..=u64::MAX).prop_map(|number| Scalar::plain(Value::Uint(number))),
        1 => float.prop_map(|number| Scalar::plain(Value::Float(number))),
        1 => any::<bool>().prop_map(|truth| Scalar::plain(Value::Bool(truth))),
        1 => Just(Scalar::plain(Value::Null)),
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = scalar().prop_map(|scalar| Node::new(Data::Scalar(scalar), place()));
    leaf.prop_recursive(6, 40, 5, |inner| {
        let entry = (string(), inner.clone());
        let key = |(name, node): (String, Node)| (Key::new(name, place()), node);
        let map = move |entries: Vec<(String, Node)>| {
            Node::map(entries.into_iter().map(key).collect::<Map>(), place())
        };
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(|items| Node::list(items, place())),
            proptest::collection::vec(entry, 0..5).prop_map(map),
        ]
    })
}

/// The string as the document, as an item, as a value and as a key, at two depths.
fn around(text: &str) -> Vec<Node> {
    let string = || Node::string(text, place());
    let map =
        |key: &str, node| Node::map(Map::from_iter([(Key::new(key, place()), node)]), place());
    let list = |node| Node::list(vec![node], place());
    vec![
        string(),
        list(string()),
        map("k", string()),
        map(text, string()),
        map(text, list(map(text, string()))),
        list(list(string())),
        map("k", map("k", list(map("k", string())))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_as_the_same_data(node in tree()) {
        check_round_trip(&node)?;
    }

    #[test]
    fn every_string_reads_back_as_the_same_string(text in string()) {
        let nodes = around(&text);
        for node in &nodes {
            check_round_trip(node)?;
        }
        // Behind `---`, too.
        let read = read(&yaml::write_all(nodes.iter().chain(&nodes))).map_err(TestCaseError::fail)?;
        prop_assert_eq!(read.len(), 2 * nodes.len());
        prop_assert!(read.iter().zip(nodes.iter().cycle()).all(|(a, b)| yaml::same_data(a, b)));
    }

    #[test]
    fn the_order_of_keys_does_not_show(entries in proptest::collection::vec((string(), 0i64..9), 0..12)) {
        let map = |entries: &mut dyn Iterator<Item = &(String, i64)>| {
            let number = |n: i64| Node::new(Data::Scalar(Scalar::plain(Value::Int(n))), place());
            let mut map = Map::default();
            for (name, value) in entries {
                map.entry(Key::new(name.as_str(), place())).or_insert_with(|| number(*value));
            }
            map
        };
        let forwards = map(&mut entries.iter());
        let mut backwards = forwards.clone();
        backwards.reverse();
        prop_assert_eq!(
            yaml::write(&Node::map(forwards, place())),
            yaml::write(&Node::map(backwards, place()))
        );
    }

    #[test]
    fn several_documents_read_back_as_many(nodes in proptest::collection::vec(tree(), 0..4)) {
        let text = yaml::write_all(&nodes);
        let read = read(&text).map_err(TestCaseError::fail)?;
        // A document that is null is one too: it is spelled out.
        prop_assert_eq!(read.len(), nodes.len(), "{:?}", text);
        prop_assert!(read.iter().zip(&nodes).all(|(a, b)| yaml::same_data(a, b)));
    }

    #[test]
    fn json_and_back_is_the_same_data(node in tree()) {
        let back = yaml::from_json(&yaml::to_json(&node), place());
        prop_assert!(yaml::same_data(&back, &node));
    }

    #[test]
    fn no_text_makes_the_reader_panic(
        text in string(),
        at in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut mutated: Vec<char> = SYNTAX.chars().collect();
        let at = at.index(mutated.len());
        let end = (at + cut.index(8)).min(mutated.len());
        mutated.splice(at..end, text.chars());
        let mutated: String = mutated.into_iter().collect();
        for text in [&mutated, &text] {
            if let Ok(documents) = yaml::parse(text, file(), Options::default()) {
                for document in documents {
                    prop_assert!(text.get(document.span.range()).is_some());
                    check_places(&document.root, text)?;
                    check_round_trip(&document.root)?;
                }
            }
        }
    }
}

/// Every node's span lies on characters of the text.
fn check_places(node: &Node, text: &str) -> Result<(), TestCaseError> {
    prop_assert!(text.get(node.place.span.range()).is_some(), "{:?}", node);
    let children = node.as_list().into_iter().flatten();
    for child in children.chain(node.as_map().into_iter().flat_map(Map::values)) {
        check_places(child, text)?;
    }
    Ok(())
}

const SYNTAX: &str = "# head
apiVersion: v1
metadata: {name: \"a b\", labels: {app: web, \"x\": 'y''z', n: 0644}}
list:
- a
- b: 1
  c: [1, 2.5, yes, ~, {k: v}]
-   - x
    - y
lit: |
  line one
    indented

  last
keep: |+
  a

strip: |-
  none
fold: >2
   folded
  text

  para
dq: \"esc \\n \\x41 \\u00e9 \\
  cont\"
sq: 'multi
  line'
plain: multi
  line text
anchor: &a {x: 1}
alias: *a
merged:
  <<: [*a, *a]
  z: 3
? complex
: value
tagged: !!str 123
empty:
--- # second
b: !!binary aGk=
...
---
- é
";

#[test]
fn a_list_of_nasty_strings_reads_back() {
    for text in WORDS {
        for node in around(text) {
            check_round_trip(&node).expect("the same data");
        }
    }
}

#[test]
fn every_character_reads_back_alone_and_in_the_middle() {
    for c in ('\0'..=char::MAX).filter(|c| u32::from(*c) < 0x2100 || u32::from(*c) % 499 == 0) {
        for text in [c.to_string(), format!("a{c}b"), format!("{c} b\n{c}"), format!("a\n{c}b\n")] {
            let key = Key::new(text.as_str(), place());
            let map = Map::from_iter([(key, Node::string(text.as_str(), place()))]);
            check_round_trip(&Node::map(map, place())).expect("the same data");
        }
    }
}

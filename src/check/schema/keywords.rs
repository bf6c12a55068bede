//! Words of schemas that nobody knows: a misspelt rule judges nothing, without a sound.

use crate::diag::nearest;

/// A word that no schema knows, and the one that it most likely means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misspelt {
    /// The word.
    pub word: String,
    /// What it most likely means.
    pub near: &'static str,
    /// Where in the schema, a JSON pointer.
    pub schema_path: String,
}

/// What the drafts of JSON Schema know.
const KEYWORDS: [&str; 66] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$recursiveAnchor",
    "$recursiveRef",
    "$ref",
    "$schema",
    "$vocabulary",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "disallow",
    "divisibleBy",
    "else",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "extends",
    "format",
    "id",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
];
/// What other tools know and lies near to one of these.
const OTHERS: [&str; 7] =
    ["discriminator", "enumNames", "errorMessage", "example", "nullable", "tsType", "xml"];
/// How short a word may be to be told from another one.
const MIN_LENGTH: usize = 3;

/// That a word of a schema is most likely a misspelt one; none for one that is known or like none.
pub(super) fn misspelt(word: &str, schema_path: String) -> Option<Misspelt> {
    let mut known = KEYWORDS.iter().chain(&OTHERS);
    if word.len() < MIN_LENGTH || word.starts_with("x-") || known.any(|known| *known == word) {
        return None;
    }
    let near = nearest(word, KEYWORDS)?;
    // A word that another one begins with may be somebody's own.
    let is_begin = near.to_lowercase().starts_with(&word.to_lowercase());
    let is_misspelt = near.len().abs_diff(word.len()) <= 1 || !is_begin;
    is_misspelt.then(|| Misspelt { word: word.to_owned(), near, schema_path })
}

#[cfg(test)]
mod tests {
    use super::misspelt;

    fn check(word: &str, expect: Option<&str>) {
        assert_eq!(misspelt(word, String::new()).map(|found| found.near), expect, "{word}");
    }

    #[test]
    fn a_word_near_to_a_known_one_is_misspelt() {
        check("typ", Some("type"));
        check("requird", Some("required"));
        check("propertys", Some("properties"));
        check("additionalproperties", Some("additionalProperties"));
        check("writeonly", Some("writeOnly"));
        check("minimun", Some("minimum"));
    }

    #[test]
    fn known_words_and_those_of_other_tools_are_none() {
        for word in ["type", "example", "nullable", "x-typ", "markdownDescription", "order", "min"]
        {
            check(word, None);
        }
        check("enumDescriptions", None);
        check("defaultSnippets", None);
        check("doNotSuggest", None);
    }
}

//! Selectors by labels, as Kubernetes writes them: `app=web, tier in (a, b), !old`.

/// One condition on a label or annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Above(i64),
    Below(i64),
}

impl Requirement {
    /// Reads conditions that must all hold; an empty text has none.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(super) fn read(text: &str) -> Result<Vec<Self>, String> {
        Parser { tokens: tokens(text)?, at: 0 }.requirements()
    }

    /// Whether it holds where `value_of` gives the value of a key.
    pub(super) fn holds<'v>(&self, value_of: impl FnOnce(&str) -> Option<&'v str>) -> bool {
        let value = value_of(&self.key);
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.test {
            Test::Exists => value.is_some(),
            Test::Missing => value.is_none(),
            Test::In(values) => value.is_some_and(|own| values.iter().any(|value| value == own)),
            Test::NotIn(values) => value.is_none_or(|own| values.iter().all(|value| value != own)),
            Test::Above(least) => number().is_some_and(|number| number > *least),
            Test::Below(most) => number().is_some_and(|number| number < *most),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Sign(&'t str),
}

impl<'t> Token<'t> {
    fn shown(token: Option<Self>) -> String {
        match token {
            None => "the end".to_owned(),
            Some(Self::Word(text) | Self::Sign(text)) => format!("`{text}`"),
        }
    }
}

const SIGNS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t', '\r', '\n']);
    while !rest.is_empty() {
        let token = match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => Token::Sign(&rest[..sign.len()]),
            None => {
                let end = rest.find(|c: char| " \t\r\n=!(),<>".contains(c)).unwrap_or(rest.len());
                Token::Word(&rest[..end])
            }
        };
        let (Token::Word(read) | Token::Sign(read)) = token;
        // Signs that stand together are one sign.
        let run = rest.len() - rest.trim_start_matches(['=', '!', '<', '>']).len();
        if matches!(token, Token::Sign("==" | "!=" | "=" | "!" | ">" | "<")) && run > 2 {
            return Err(format!("`{}` is no operator", &rest[..run]));
        }
        found.push(token);
        rest = rest[read.len()..].trim_start_matches([' ', '\t', '\r', '\n']);
    }
    Ok(found)
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn requirements(mut self) -> Result<Vec<Requirement>, String> {
        let mut all = Vec::new();
        if self.tokens.is_empty() {
            return Ok(all);
        }
        loop {
            all.push(self.requirement()?);
            match self.next() {
                None => return Ok(all),
                Some(Token::Sign(",")) => {}
                other => return Err(format!("a `,` is needed before {}", Token::shown(other))),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let is_missing = self.peek() == Some(Token::Sign("!"));
        if is_missing {
            self.next();
        }
        let key = match self.next() {
            Some(Token::Word(key)) => checked_key(key)?,
            other => return Err(format!("a key is needed, but there is {}", Token::shown(other))),
        };
        let test = match self.peek() {
            _ if is_missing => Test::Missing,
            None | Some(Token::Sign(",")) => Test::Exists,
            _ => self.test()?,
        };
        Ok(Requirement { key: key.to_owned(), test })
    }

    fn test(&mut self) -> Result<Test, String> {
        let operator = self.next();
        match operator {
            Some(Token::Word("in")) => Ok(Test::In(self.values()?)),
            Some(Token::Word("notin")) => Ok(Test::NotIn(self.values()?)),
            Some(Token::Sign("=" | "==")) => Ok(Test::In(vec![self.value()?])),
            Some(Token::Sign("!=")) => Ok(Test::NotIn(vec![self.value()?])),
            Some(Token::Sign(">")) => Ok(Test::Above(self.number()?)),
            Some(Token::Sign("<")) => Ok(Test::Below(self.number()?)),
            other => {
                let known = "`=`, `==`, `!=`, `in`, `notin`, `<` or `>`";
                Err(format!("{known} is needed, but there is {}", Token::shown(other)))
            }
        }
    }

    /// What is compared with; nothing is the empty value.
    fn value(&mut self) -> Result<String, String> {
        match self.peek() {
            None | Some(Token::Sign(",")) => Ok(String::new()),
            Some(Token::Word(value)) => {
                self.next();
                checked_value(value)
            }
            other => Err(format!("a value is needed, but there is {}", Token::shown(other))),
        }
    }

    fn number(&mut self) -> Result<i64, String> {
        let value = self.value()?;
        value.parse().map_err(|_| format!("`{value}` is no integer"))
    }

    /// Values in parentheses; between commas may stand nothing, which is the empty value.
    fn values(&mut self) -> Result<Vec<String>, String> {
        let mut values = Vec::new();
        match self.next() {
            Some(Token::Sign("(")) => {}
            other => return Err(format!("a `(` is needed, but there is {}", Token::shown(other))),
        }
        let mut last = String::new();
        loop {
            match self.next() {
                Some(Token::Word(value)) if last.is_empty() => last = checked_value(value)?,
                Some(Token::Sign(",")) => values.push(std::mem::take(&mut last)),
                Some(Token::Sign(")")) => {
                    values.push(last);
                    return Ok(values);
                }
                other => {
                    return Err(format!("a `)` is needed, but there is {}", Token::shown(other)));
                }
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_edge = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.starts_with(is_edge)
        && text.ends_with(is_edge)
        && text.chars().all(is_inner)
}

fn checked_key(key: &str) -> Result<&str, String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let is_label = |label: &str| {
        let is_edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        label.starts_with(is_edge)
            && label.ends_with(is_edge)
            && label.chars().all(|c| is_edge(c) || c == '-')
    };
    let is_domain = |prefix: &str| prefix.len() <= 253 && prefix.split('.').all(is_label);
    match is_name(name) && prefix.is_none_or(is_domain) {
        true => Ok(key),
        false => Err(format!("`{key}` is no key of a label")),
    }
}

fn checked_value(value: &str) -> Result<String, String> {
    match is_name(value) {
        true => Ok(value.to_owned()),
        false => Err(format!("`{value}` is no value of a label")),
    }
}

#[cfg(test)]
mod tests {
    use super::Requirement;

    fn holds(selector: &str) -> bool {
        let labels = [("app", "web"), ("tier", "a"), ("size", "5")];
        let all = Requirement::read(selector).expect("a selector");
        let value = |key: &str| labels.iter().find(|(own, _)| *own == key).map(|(_, value)| *value);
        all.iter().all(|one| one.holds(value))
    }

    #[test]
    fn all_conditions_must_hold() {
        for selector in [
            "",
            "app",
            "app=web, tier in (a,b)",
            "old!=yes,!gone",
            "size > 4, size<6",
            "gone notin (x),app in (,web)",
        ] {
            assert!(holds(selector), "{selector}");
        }
        for selector in
            ["!app", "app == web,tier notin (a)", "app=", "app in ()", "size>5", "tier>1", "gone"]
        {
            assert!(!holds(selector), "{selector}");
        }
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for text in
            ["app=web tier=a", "app in a", "=x", "app===x", "a b", "x=é", ",", "app,,b", "a>b"]
        {
            assert!(Requirement::read(text).is_err(), "{text}");
        }
    }
}

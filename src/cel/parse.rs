//! Text becomes an expression: the grammar of CEL, its macros included.

use super::expression::{Access, Call, Expression, Form, Item, Macro, What};
use super::lexer::{Kind, Token, tokens};
use super::{Fault, Value};
use std::ops::Range;

/// How long an expression may be, in bytes; a server's parser takes 100,000 characters.
pub(super) const MAX_TEXT: usize = 100_000;
/// How deep parts may lie within each other.
pub(super) const MAX_DEPTH: usize = 120;
/// How deep parentheses and their like may lie within each other.
const MAX_NESTED: usize = 40;

/// Words that name no variable.
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// Whether a word is one of the language's own, so that no variable can have it as its name.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// Operators of two sides, the weakest first; those of a row bind alike.
const LEVELS: [&[(&str, &str)]; 5] = [
    &[("||", "_||_")],
    &[("&&", "_&&_")],
    &[
        ("<", "_<_"),
        ("<=", "_<=_"),
        (">", "_>_"),
        (">=", "_>=_"),
        ("==", "_==_"),
        ("!=", "_!=_"),
        ("in", "@in"),
    ],
    &[("+", "_+_"), ("-", "_-_")],
    &[("*", "_*_"), ("/", "_/_"), ("%", "_%_")],
];

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expression, Fault> {
    if text.len() > MAX_TEXT {
        let message = format!("it is longer than {MAX_TEXT} bytes, which no server reads");
        return Err(Fault::new(0..0, message));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let found = parser.expression()?;
    match &parser.token().kind {
        Kind::End => Ok(found),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn token(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is(&self, sign: &str) -> bool {
        match &self.token().kind {
            Kind::Sign(found) => *found == sign,
            Kind::Name(name) => sign == "in" && name == "in",
            _ => false,
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<usize, Fault> {
        if self.is(sign) {
            return Ok(self.next().span.end);
        }
        Err(self.unexpected(&format!("`{sign}`")))
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let token = self.token();
        let found = match &token.kind {
            Kind::End => "the end".to_owned(),
            Kind::Sign(sign) => format!("`{sign}`"),
            Kind::Name(name) => format!("`{name}`"),
            Kind::Quoted(name) => format!("`` `{name}` ``"),
            Kind::String(_) | Kind::Bytes(_) => "a string".to_owned(),
            Kind::Int(_) | Kind::Uint(_) | Kind::Double(_) => "a number".to_owned(),
        };
        Fault::new(token.span.clone(), format!("{wanted} is expected, but {found} is there"))
    }

    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > MAX_NESTED {
            return Err(too_deep(self.token().span.clone()));
        }
        let done = work(self);
        self.depth -= 1;
        done
    }

    /// `a ? b : c`
    fn expression(&mut self) -> Result<Expression, Fault> {
        self.deeper(|parser| {
            let condition = parser.binary(0)?;
            if !parser.take("?") {
                return Ok(condition);
            }
            let yes = parser.binary(0)?;
            parser.expect(":")?;
            let no = parser.expression()?;
            let span = condition.span.start..no.span.end;
            Ok(operator("_?_:_", vec![condition, yes, no], span))
        })
    }

    fn binary(&mut self, level: usize) -> Result<Expression, Fault> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut terms = vec![self.binary(level + 1)?];
        let mut names = Vec::new();
        while let Some((_, name)) = operators.iter().find(|(sign, _)| self.is(sign)) {
            self.next();
            names.push(*name);
            terms.push(self.binary(level + 1)?);
        }
        if level < 2 {
            return Ok(balanced(terms, names.first().copied().unwrap_or_default()));
        }
        let mut terms = terms.into_iter();
        let first = terms.next().expect("a term was read");
        names.into_iter().zip(terms).try_fold(first, |left, (name, right)| {
            let span = left.span.start..right.span.end;
            shallow(operator(name, vec![left, right], span))
        })
    }

    fn unary(&mut self) -> Result<Expression, Fault> {
        let start = self.token().span.start;
        for (sign, name) in [("!", "!_"), ("-", "-_")] {
            if !self.is(sign) {
                continue;
            }
            let mut count = 0_usize;
            while self.take(sign) {
                count += 1;
            }
            // A minus before a number belongs to it.
            if sign == "-"
                && let Kind::Int(_) | Kind::Double(_) = self.token().kind
            {
                count -= 1;
                self.at -= 1;
            }
            let inner = self.member()?;
            let span = start..inner.span.end;
            return Ok(if count % 2 == 1 { operator(name, vec![inner], span) } else { inner });
        }
        self.member()
    }

    fn member(&mut self) -> Result<Expression, Fault> {
        let mut found = self.primary()?;
        loop {
            found = shallow(found)?;
            if self.take(".") {
                found = self.field(found)?;
            } else if self.take("[") {
                let name = if self.take("?") { "_[?_]" } else { "_[_]" };
                let index = self.expression()?;
                let span = found.span.start..self.expect("]")?;
                found = operator(name, vec![found, index], span);
            } else if self.is("{")
                && let Some(name) = message_name(&found)
            {
                found = self.made(name, found.span.start)?;
            } else {
                return Ok(found);
            }
        }
    }

    /// The fields of a value of a type that is named.
    fn made(&mut self, name: String, start: usize) -> Result<Expression, Fault> {
        self.expect("{")?;
        let mut fields = Vec::new();
        while !self.is("}") {
            let is_optional = self.take("?");
            let field = match self.next().kind {
                Kind::Name(name) if !matches!(&*name, "in" | "true" | "false" | "null") => name,
                _ => {
                    self.at -= 1;
                    return Err(self.unexpected("the name of a field"));
                }
            };
            self.expect(":")?;
            fields.push((field, Item { value: self.expression()?, is_optional }));
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect("}")?;
        Ok(Expression::new(start..end, Form::Made(name, fields)))
    }

    fn field(&mut self, target: Expression) -> Result<Expression, Fault> {
        let access = if self.take("?") { Access::Optional } else { Access::Plain };
        let token = self.next();
        let (name, can_call) = match token.kind {
            Kind::Name(name) if !matches!(&*name, "in" | "true" | "false" | "null") => (name, true),
            Kind::Quoted(name) => (name, false),
            _ => {
                self.at -= 1;
                return Err(self.unexpected("the name of a field"));
            }
        };
        let start = target.span.start;
        if access == Access::Plain && can_call && self.take("(") {
            let (mut arguments, end) = self.arguments()?;
            if let Some(found) = as_macro(&name, &target, &arguments, start..end) {
                return found;
            }
            arguments.insert(0, target);
            let call = Call { name, is_method: true, arguments };
            return Ok(Expression::new(start..end, Form::Call(call)));
        }
        let form = Form::Select(Box::new(target), name, access);
        Ok(Expression::new(start..token.span.end, form))
    }

    fn arguments(&mut self) -> Result<(Vec<Expression>, usize), Fault> {
        let mut found = Vec::new();
        while !self.is(")") {
            found.push(self.expression()?);
            if !self.take(",") {
                break;
            }
            if self.is(")") {
                return Err(self.unexpected("an argument"));
            }
        }
        let end = self.expect(")")?;
        Ok((found, end))
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        let token = self.next();
        let span = token.span.clone();
        let literal = |value| Ok(Expression::new(span.clone(), Form::Literal(value)));
        match token.kind {
            Kind::Int(number) => literal(Value::Int(int(number, 1, &span)?)),
            Kind::Uint(number) => literal(Value::Uint(number)),
            Kind::Double(number) => literal(Value::Double(number)),
            Kind::String(text) => literal(Value::String(text.into())),
            Kind::Bytes(bytes) => literal(Value::Bytes(bytes.into())),
            Kind::Sign("-") => self.negative(span.start),
            Kind::Sign("(") => {
                let mut inner = self.expression()?;
                inner.span = span.start..self.expect(")")?;
                Ok(inner)
            }
            Kind::Sign("[") => self.list(span.start),
            Kind::Sign("{") => self.map(span.start),
            Kind::Sign(".") => match self.next().kind {
                Kind::Name(name) => self.named(name, span),
                _ => {
                    self.at -= 1;
                    Err(self.unexpected("a name"))
                }
            },
            Kind::Name(name) => self.named(name, span),
            Kind::Quoted(_) | Kind::Sign(_) | Kind::End => {
                self.at = self.tokens.iter().position(|it| it.span == span).unwrap_or(self.at);
                Err(self.unexpected("a value"))
            }
        }
    }

    fn negative(&mut self, start: usize) -> Result<Expression, Fault> {
        let token = self.next();
        let span = start..token.span.end;
        let value = match token.kind {
            Kind::Int(number) => Value::Int(int(number, -1, &span)?),
            Kind::Double(number) => Value::Double(-number),
            _ => {
                self.at -= 1;
                return Err(self.unexpected("a number"));
            }
        };
        Ok(Expression::new(span, Form::Literal(value)))
    }

    fn named(&mut self, name: String, span: Range<usize>) -> Result<Expression, Fault> {
        let value = match name.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => None,
        };
        if let Some(value) = value {
            return Ok(Expression::new(span, Form::Literal(value)));
        }
        if is_reserved(&name) {
            return Err(Fault::new(span, format!("`{name}` is a reserved word")));
        }
        if !self.take("(") {
            return Ok(Expression::new(span, Form::Name(name)));
        }
        let (arguments, end) = self.arguments()?;
        let span = span.start..end;
        if name == "has" && arguments.len() == 1 {
            return has(arguments, span);
        }
        let call = Call { name, is_method: false, arguments };
        Ok(Expression::new(span, Form::Call(call)))
    }

    fn item(&mut self) -> Result<Item, Fault> {
        let is_optional = self.take("?");
        Ok(Item { value: self.expression()?, is_optional })
    }

    fn list(&mut self, start: usize) -> Result<Expression, Fault> {
        let mut items = Vec::new();
        while !self.is("]") {
            items.push(self.item()?);
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect("]")?;
        Ok(Expression::new(start..end, Form::List(items)))
    }

    fn map(&mut self, start: usize) -> Result<Expression, Fault> {
        let mut entries = Vec::new();
        while !self.is("}") {
            let key = self.item()?;
            self.expect(":")?;
            let value = self.expression()?;
            entries.push((key.value, Item { value, is_optional: key.is_optional }));
            if !self.take(",") {
                break;
            }
        }
        let end = self.expect("}")?;
        Ok(Expression::new(start..end, Form::Map(entries)))
    }
}

fn shallow(found: Expression) -> Result<Expression, Fault> {
    if found.depth > MAX_DEPTH { Err(too_deep(found.span)) } else { Ok(found) }
}

fn too_deep(span: Range<usize>) -> Fault {
    let message = "too many parts lie within or behind each other".to_owned();
    Fault::new(span, message)
}

fn int(number: u64, sign: i128, span: &Range<usize>) -> Result<i64, Fault> {
    i64::try_from(i128::from(number) * sign)
        .map_err(|_| Fault::new(span.clone(), "it is no integer of 64 bits"))
}

fn operator(name: &str, arguments: Vec<Expression>, span: Range<usize>) -> Expression {
    let call = Call { name: name.to_owned(), is_method: false, arguments };
    Expression::new(span, Form::Call(call))
}

/// A long chain of `&&` or `||` becomes a flat tree.
fn balanced(mut terms: Vec<Expression>, name: &str) -> Expression {
    if terms.len() == 1 {
        return terms.remove(0);
    }
    let right = balanced(terms.split_off(terms.len() / 2), name);
    let left = balanced(terms, name);
    let span = left.span.start..right.span.end;
    operator(name, vec![left, right], span)
}

fn has(mut arguments: Vec<Expression>, span: Range<usize>) -> Result<Expression, Fault> {
    match arguments.remove(0).form {
        Form::Select(target, field, Access::Plain) => {
            Ok(Expression::new(span, Form::Select(target, field, Access::Has)))
        }
        _ => Err(Fault::new(span, "`has` takes a field, as in `has(self.replicas)`")),
    }
}

/// `google.protobuf.Duration` before a brace.
fn message_name(found: &Expression) -> Option<String> {
    match &found.form {
        Form::Name(name) => Some(name.clone()),
        Form::Select(target, name, Access::Plain) => {
            Some(format!("{}.{name}", message_name(target)?))
        }
        _ => None,
    }
}

/// Macros: name, how many arguments, how many of them are variables, whether a filter stands before the body.
const MACROS: [(&str, usize, usize, bool, What); 20] = [
    ("all", 2, 1, false, What::All),
    ("exists", 2, 1, false, What::Exists),
    ("exists_one", 2, 1, false, What::ExistsOne),
    ("existsOne", 2, 1, false, What::ExistsOne),
    ("filter", 2, 1, false, What::Filter),
    ("map", 2, 1, false, What::Map),
    ("map", 3, 1, true, What::Map),
    ("sortBy", 2, 1, false, What::SortBy),
    ("optMap", 2, 1, false, What::OptionalMap),
    ("optFlatMap", 2, 1, false, What::OptionalFlatMap),
    ("all", 3, 2, false, What::All),
    ("exists", 3, 2, false, What::Exists),
    ("exists_one", 3, 2, false, What::ExistsOne),
    ("existsOne", 3, 2, false, What::ExistsOne),
    ("transformList", 3, 2, false, What::Map),
    ("transformList", 4, 2, true, What::Map),
    ("transformMap", 3, 2, false, What::TransformMap),
    ("transformMap", 4, 2, true, What::TransformMap),
    ("transformMapEntry", 3, 2, false, What::TransformMapEntry),
    ("transformMapEntry", 4, 2, true, What::TransformMapEntry),
];

fn as_macro(
    name: &str,
    target: &Expression,
    arguments: &[Expression],
    span: Range<usize>,
) -> Option<Result<Expression, Fault>> {
    let (.., variables, filtered, what) = MACROS
        .iter()
        .find(|(known, count, ..)| *known == name && *count == arguments.len())
        .copied()?;
    let mut names = Vec::new();
    for argument in &arguments[..variables] {
        match &argument.form {
            Form::Name(name) => names.push(name.clone()),
            _ => {
                let message = format!("`{name}` takes the name of a variable here");
                return Some(Err(Fault::new(argument.span.clone(), message)));
            }
        }
    }
    let mut names = names.into_iter();
    let filter = filtered.then(|| arguments[variables].clone());
    let found = Macro {
        what,
        range: target.clone(),
        first: names.next().unwrap_or_default(),
        second: names.next(),
        filter,
        body: arguments[arguments.len() - 1].clone(),
    };
    Some(Ok(Expression::new(span, Form::Macro(Box::new(found)))))
}

//! GraphQL as text: a document with one operation, read into fields with their arguments.
//!
//! Fields, aliases, arguments, variables and inline fragments; no named fragments, no directives.

use serde_json::{Map, Number, Value};

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) is_mutation: bool,
    pub(crate) fields: Vec<Field>,
}

/// A field that is asked for.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name under which it is answered.
    pub(crate) alias: String,
    pub(crate) name: String,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) fields: Vec<Self>,
    /// For objects of this type only.
    pub(crate) only: Option<String>,
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    next: usize,
    variables: &'a Value,
}

/// Reads a document.
pub(crate) fn parse(text: &str, variables: &Value) -> Result<Operation, String> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, variables };
    let is_mutation = parser.peek() == "mutation";
    if parser.peek() != "{" {
        while parser.peek() != "{" && parser.peek() != "(" {
            parser.take()?;
        }
        if parser.peek() == "(" {
            while parser.take()? != ")" {}
        }
    }
    let fields = parser.selection(None)?;
    if parser.next < parser.tokens.len() {
        return Err(format!("Expected one operation, found more: {}", parser.peek()));
    }
    Ok(Operation { is_mutation, fields })
}

fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => {
                rest = rest[rest.find('\n').unwrap_or(rest.len())..].trim_start_matches(is_blank);
                continue;
            }
            '"' => 2 + rest[1..].find('"').ok_or("a text has no end")?,
            '.' if rest.starts_with("...") => 3,
            first if is_name(first) || first == '-' => {
                rest[1..].find(|other| !is_name(other)).map_or(rest.len(), |end| end + 1)
            }
            first => first.len_utf8(),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start_matches(is_blank);
    }
    Ok(tokens)
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == ','
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a str {
        self.tokens.get(self.next).copied().unwrap_or_default()
    }

    fn take(&mut self) -> Result<&'a str, String> {
        let token = self.tokens.get(self.next).copied().ok_or("the document ends too early")?;
        self.next += 1;
        Ok(token)
    }

    fn expect(&mut self, wanted: &str) -> Result<(), String> {
        let found = self.take()?;
        if found == wanted { Ok(()) } else { Err(format!("Expected `{wanted}`, found `{found}`")) }
    }

    fn selection(&mut self, only: Option<&str>) -> Result<Vec<Field>, String> {
        self.expect("{")?;
        let mut fields = Vec::new();
        while self.peek() != "}" {
            if self.peek() == "..." {
                self.take()?;
                self.expect("on")?;
                let kind = self.take()?;
                fields.extend(self.selection(Some(kind))?);
            } else {
                fields.push(self.field(only)?);
            }
        }
        self.expect("}")?;
        Ok(fields)
    }

    fn field(&mut self, only: Option<&str>) -> Result<Field, String> {
        let mut name = self.take()?;
        let alias = name;
        if self.peek() == ":" {
            self.take()?;
            name = self.take()?;
        }
        let arguments = if self.peek() == "(" { self.named("(", ")")? } else { Map::new() };
        let fields = if self.peek() == "{" { self.selection(None)? } else { Vec::new() };
        let only = only.map(str::to_owned);
        Ok(Field { alias: alias.to_owned(), name: name.to_owned(), arguments, fields, only })
    }

    fn named(&mut self, from: &str, to: &str) -> Result<Map<String, Value>, String> {
        self.expect(from)?;
        let mut values = Map::new();
        while self.peek() != to {
            let name = self.take()?.to_owned();
            self.expect(":")?;
            values.insert(name, self.value()?);
        }
        self.expect(to)?;
        Ok(values)
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.peek() == "{" {
            return Ok(Value::Object(self.named("{", "}")?));
        }
        let token = self.take()?;
        Ok(match token {
            "$" => self.variables[self.take()?].clone(),
            "null" => Value::Null,
            "true" | "false" => Value::Bool(token == "true"),
            text if text.starts_with('"') => Value::String(text.trim_matches('"').to_owned()),
            number if number.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                Value::Number(number.parse::<Number>().map_err(|error| error.to_string())?)
            }
            name => Value::String(name.to_owned()),
        })
    }
}

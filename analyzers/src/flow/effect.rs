//! What calls of library functions do, as data: `append(this, 0)` says that the first argument becomes the last element of
//! the receiver. Parsed from the models of a language; run by the engine.

use std::collections::HashMap;

use serde::Deserialize;

/// An effect: a function of the receiver and the arguments that the engine knows how to compute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// The receiver.
    This,
    /// The argument at a position.
    Argument(usize),
    /// All arguments from a position on, as a list.
    Rest(usize),
    /// The argument that was given by a name.
    Keyword(String),
    /// A text.
    Text(String),
    /// A whole number, written `=1`.
    Number(i64),
    /// An operation.
    Apply(Operation, Vec<Effect>),
}

macro_rules! operations {
    ($($(#[doc = $doc:literal])* $name:literal => $variant:ident,)*) => {
        /// An operation of effects.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operation {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Operation {
            fn named(name: &str) -> Option<Self> {
                Some(match name {
                    $($name => Self::$variant,)*
                    _ => return None,
                })
            }
        }
    };
}

operations! {
    /// Several effects, the last one's value.
    "do" => Do,
    /// One or the other.
    "either" => Either,
    /// Anything, reached by what reaches the operands.
    "taint" => Taint,
    /// Anything, untainted.
    "clean" => Clean,
    "null" => Null,
    /// The operand, of a library type: `typed('Connection', this)`.
    "typed" => Typed,
    /// A new object of a library type, holding the operands: `new('Optional', 0)`.
    "new" => New,
    /// A list of the elements of the operand; empty where it is a capacity.
    "from" => From,
    "set_from" => SetFrom,
    /// A map of the arguments that were given by name.
    "keywords" => Keywords,
    "list" => List,
    "set" => Set,
    "map" => Map,
    /// A map of the operands, key and value by turns.
    "entries_of" => EntriesOf,
    /// Some element.
    "element" => Element,
    /// The element at a key or index.
    "item" => Item,
    /// Whole numbers from, to, by.
    "range" => Range,
    /// Pairs of position and element.
    "indexed" => Indexed,
    /// Lists of the first elements, the second, and so on.
    "zipped" => Zipped,
    /// Whether it is of one of these types.
    "is_instance" => IsInstance,
    /// Runs what was put off.
    "tasks" => Tasks,
    /// What a deferred call recovers from.
    "recover" => Recover,
    /// Overwrites elements of the first by those of the second at the same positions.
    "replace_all" => ReplaceAll,
    /// Notes that the second was sent to the first at some time.
    "spoil_keys" => SpoilKeys,
    /// What the first points at may be anything that the second reaches.
    "fill_from" => FillFrom,
    /// A promise, whose making is the function given.
    "promise" => Promise,
    /// What the promises in a list come to, as a list.
    "settled" => Settled,
    /// Calls a function with a `this` and a list of arguments.
    "call_on" => CallOn,
    /// Removes so many elements from a position on and puts others there; yields those removed.
    "splice" => Splice,
    "first" => First,
    "last" => Last,
    "keys" => Keys,
    "values" => Values,
    "entries" => Entries,
    "size" => Size,
    "append" => Append,
    "prepend" => Prepend,
    "insert" => Insert,
    /// Adds all elements of the second to the first.
    "extend" => Extend,
    /// Sets the element at a key; yields the one before.
    "put" => Put,
    /// Removes the element at a key or index; yields it.
    "remove" => Remove,
    /// Removes an element by its value.
    "discard" => Discard,
    "pop_first" => PopFirst,
    "pop_last" => PopLast,
    "clear" => Clear,
    "copy" => Copy,
    "slice" => Slice,
    "reversed" => Reversed,
    /// Reverses in place.
    "reverse" => Reverse,
    /// Overwrites every element.
    "fill" => Fill,
    "concat" => Concat,
    /// Calls a function value: `call(0, element(this))`.
    "call" => Call,
    /// Results of calling the second for each element of the first.
    "map_each" => MapEach,
    "flat_map" => FlatMap,
    "filter" => Filter,
    "each" => Each,
    "reduce" => Reduce,
    /// Calls a function some time later, after the code that runs now.
    "later" => Later,
    /// Text of all operands put together.
    "text" => Text,
    /// Elements of the second put together with the first between.
    "join" => Join,
    "upper" => Upper,
    "lower" => Lower,
    "trim" => Trim,
    "substring" => Substring,
    "replace" => Replace,
    "char_at" => CharAt,
    "length" => Length,
    "split" => Split,
    "chars" => Chars,
    "equals" => Equals,
    "equals_ignoring_case" => EqualsIgnoringCase,
    "contains" => Contains,
    "starts_with" => StartsWith,
    "ends_with" => EndsWith,
    "index_of" => IndexOf,
    "is_empty" => IsEmpty,
    "parse_number" => ParseNumber,
    /// Replaces what the first holds as text by the second (builders, references).
    "write" => Write,
    /// Adds to what the first holds as text.
    "add_text" => AddText,
    /// What a builder, reference or box holds.
    "held" => Held,
    /// Says that the second reaches the first.
    "spoil" => Spoil,
    /// A field of an object: `field(this, 'name')`.
    "field" => Field,
    "set_field" => SetField,
    /// Calls the method that a constant text names: `invoke(object, name, arguments)`.
    "invoke" => Invoke,
    /// The function that is called, bound: `bind(this, rest)`.
    "bind" => Bind,
    /// Merges fields of the others into the first.
    "assign" => Assign,
    /// The value under a key of the `.properties` or `.json` file that the first names.
    "configured" => Configured,
}

/// A language's models as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelsDocument {
    types: Option<Vec<TypeDocument>>,
    functions: Option<HashMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeDocument {
    names: Vec<String>,
    #[serde(default)]
    extends: Vec<String>,
    /// What a constructor makes.
    #[serde(default)]
    new: Option<String>,
    #[serde(default)]
    methods: HashMap<String, String>,
}

/// What is known of library code of one language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Models {
    types: HashMap<String, ModelType>,
    functions: HashMap<String, Effect>,
}

#[derive(Debug, Default, Clone)]
struct ModelType {
    extends: Vec<String>,
    new: Option<Effect>,
    methods: HashMap<String, Effect>,
}

impl Effect {
    /// Whether it makes something of a library type.
    fn makes(&self, name: &str) -> bool {
        let Self::Apply(operation, operands) = self else { return false };
        let own = matches!(operation, Operation::Typed | Operation::New)
            && operands.first() == Some(&Self::Text(name.to_owned()));
        own || operands.iter().any(|operand| operand.makes(name))
    }

    /// Whether it looks at arguments by name.
    pub(crate) fn uses_names(&self) -> bool {
        match self {
            Self::Keyword(_) => true,
            Self::Apply(operation, operands) => {
                *operation == Operation::Keywords || operands.iter().any(Self::uses_names)
            }
            _ => false,
        }
    }
}

impl Models {
    /// Reads models: the types and the functions of a language.
    ///
    /// # Errors
    /// Says what is not understood.
    pub(crate) fn read(types: serde_json::Value, functions: serde_json::Value) -> Result<Self, String> {
        let document: ModelsDocument =
            serde_json::from_value(serde_json::json!({"types": types, "functions": functions}))
                .map_err(|error| error.to_string())?;
        let mut models = Self::default();
        for (name, effect) in document.functions.unwrap_or_default() {
            models.functions.insert(name, parse(&effect)?);
        }
        for of_type in document.types.unwrap_or_default() {
            let mut methods = HashMap::new();
            for (name, effect) in of_type.methods {
                for name in name.split(", ") {
                    methods.insert(name.to_owned(), parse(&effect)?);
                }
            }
            let new = of_type.new.as_deref().map(parse).transpose()?;
            for name in of_type.names {
                let entry = models.types.entry(name).or_default();
                entry.extends.extend(of_type.extends.iter().cloned());
                entry.new = entry.new.take().or_else(|| new.clone());
                entry.methods.extend(methods.clone());
            }
        }
        Ok(models)
    }

    /// Whether an effect is understood.
    ///
    /// # Errors
    /// Says what is not.
    pub(crate) fn check_effect(effect: &str) -> Result<(), String> {
        parse(effect).map(drop)
    }

    /// The same with what policies say of further functions.
    pub(crate) fn with<'a>(&self, more: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut models = self.clone();
        for (call, effect) in more {
            let Ok(effect) = parse(effect) else { continue };
            if let Some((of_type, method)) = call.rsplit_once('.') {
                let simple = of_type.rsplit('.').next().unwrap_or(of_type);
                models
                    .types
                    .entry(simple.to_owned())
                    .or_default()
                    .methods
                    .insert(method.to_owned(), effect.clone());
            }
            models.functions.insert(call.to_owned(), effect);
        }
        models
    }

    /// What a method of a type does, as called with so many arguments.
    pub(crate) fn method(&self, of_type: &str, name: &str, arguments: usize) -> Option<&Effect> {
        let mut queue = vec![of_type];
        let mut seen = 0;
        let exact = format!("{name}/{arguments}");
        while let Some(current) = queue.get(seen).copied() {
            seen += 1;
            if let Some(found) = self.types.get(current) {
                if let Some(effect) = found.methods.get(&exact).or_else(|| found.methods.get(name)) {
                    return Some(effect);
                }
                queue.extend(
                    found.extends.iter().map(String::as_str).filter(|above| seen < 32 && *above != current),
                );
            }
        }
        None
    }

    /// What making an object of a type does.
    pub(crate) fn constructor(&self, of_type: &str) -> Option<&Effect> {
        let mut current = self.types.get(of_type)?;
        for _ in 0..8 {
            if current.new.is_some() {
                return current.new.as_ref();
            }
            current = self.types.get(current.extends.first()?)?;
        }
        None
    }

    /// Whether some library function makes something of a type.
    pub(crate) fn makes(&self, name: &str) -> bool {
        let methods = self.types.values().flat_map(|known| known.methods.values().chain(&known.new));
        methods.chain(self.functions.values()).any(|effect| effect.makes(name))
    }

    /// Whether a type is known.
    pub(crate) fn knows(&self, of_type: &str) -> bool {
        self.types.contains_key(of_type)
    }

    /// Whether a type is another or extends it.
    pub(crate) fn is_a(&self, of_type: &str, other: &str) -> bool {
        let mut queue = vec![of_type];
        let mut seen = 0;
        while let Some(current) = queue.get(seen).copied() {
            if current == other {
                return true;
            }
            seen += 1;
            if let Some(found) = self.types.get(current).filter(|_| seen < 32) {
                queue.extend(found.extends.iter().map(String::as_str));
            }
        }
        false
    }

    /// What a function does, by its path: the longest ending of it that is known.
    pub(crate) fn function(&self, path: &str, arguments: usize) -> Option<&Effect> {
        let mut rest = path;
        loop {
            let found =
                self.functions.get(&format!("{rest}/{arguments}")).or_else(|| self.functions.get(rest));
            if found.is_some() {
                return found;
            }
            rest = rest.split_once(['.', '/'])?.1;
            if !rest.contains('.') {
                return None;
            }
        }
    }
}

/// Reads an effect.
fn parse(text: &str) -> Result<Effect, String> {
    let mut parser = Parser { rest: text.trim() };
    let mut steps = vec![parser.effect()?];
    while parser.take(';') {
        steps.push(parser.effect()?);
    }
    match parser.rest {
        "" if steps.len() == 1 => Ok(steps.remove(0)),
        "" => Ok(Effect::Apply(Operation::Do, steps)),
        rest => Err(format!("`{text}`: `{rest}` is not understood")),
    }
}

struct Parser<'text> {
    rest: &'text str,
}

impl Parser<'_> {
    fn take(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn effect(&mut self) -> Result<Effect, String> {
        if self.take('\'') {
            let (body, rest) = self.rest.split_once('\'').ok_or("a text has no end")?;
            self.rest = rest;
            return Ok(Effect::Text(body.to_owned()));
        }
        let is_number = self.take('=');
        let end = self.rest.find(|sign: char| !(sign.is_alphanumeric() || matches!(sign, '_' | '-')));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if is_number {
            return word.parse().map(Effect::Number).map_err(|_| format!("`={word}` is no number"));
        }
        if let Ok(position) = word.parse() {
            return Ok(Effect::Argument(position));
        }
        let operands = if self.take('(') { self.operands()? } else { Vec::new() };
        match word {
            "this" => Ok(Effect::This),
            "key" => match operands.into_iter().next() {
                Some(Effect::Text(name)) => Ok(Effect::Keyword(name)),
                _ => Err("`key` names an argument: `key('target')`".to_owned()),
            },
            "rest" => match operands.first() {
                Some(Effect::Argument(from)) => Ok(Effect::Rest(*from)),
                _ => Ok(Effect::Rest(0)),
            },
            word => Operation::named(word)
                .map(|operation| Effect::Apply(operation, operands))
                .ok_or_else(|| format!("`{word}` is no effect")),
        }
    }

    fn operands(&mut self) -> Result<Vec<Effect>, String> {
        let mut operands = Vec::new();
        if self.take(')') {
            return Ok(operands);
        }
        loop {
            operands.push(self.effect()?);
            if self.take(')') {
                return Ok(operands);
            }
            if !self.take(',') {
                return Err(format!("`{}`: a `,` or `)` is missing", self.rest));
            }
        }
    }
}

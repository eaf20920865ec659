//! The intermediate form: a file's functions and types, with bodies that are trees of statements and expressions.
//!
//! Names stand as written; what they mean is found out by who computes with them. Scopes are explicit. Every
//! expression knows its bytes in the file, so that patterns found in the syntax tree can speak of it.

/// Bytes of the file's text.
pub type Range = std::ops::Range<u32>;

/// A function of a unit: an index of [`Unit::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

/// A type of a unit: an index of [`Unit::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// One file.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// The package or namespace it says it belongs to, dotted; empty where it says none.
    pub package: String,
    /// What it brings in by name (Java, Kotlin, C#, Go: `import`, `using`). Languages in which an import is a
    /// statement that makes a variable (JavaScript, Python) declare it with [`ExpressionKind::Module`] instead.
    pub imports: Vec<ImportedName>,
    /// Every function, in the order of the text. The first is the file's own top-level code.
    pub functions: Vec<Function>,
    /// Every type, in the order of the text.
    pub types: Vec<TypeDeclaration>,
}

/// A name that an import brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedName {
    /// The full name or path, as written: `java.util.List`, `encoding/json`.
    pub path: String,
    /// The name that stands for it here; `*` for everything inside it; `_` for nothing.
    pub name: String,
    /// Whether it names a member of a type (Java's `import static`, C#'s `using static`).
    pub is_static: bool,
}

/// A function, method, constructor, closure, initialiser or the top-level code of a file.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// Its name; empty where it has none.
    pub name: String,
    /// The type whose member it is.
    pub owner: Option<TypeId>,
    /// The variable that stands for the receiver where that has a name of its own (Go); `this` and `self` of methods are
    /// [`ExpressionKind::This`] unless the language makes them an ordinary first parameter (Python).
    pub receiver: Option<String>,
    /// The parameters, by position.
    pub parameters: Vec<Parameter>,
    /// The declared type of what it returns.
    pub returns: Option<TypeName>,
    /// Names of results that are variables (Go); a bare return yields them.
    pub results: Vec<String>,
    /// Annotations, attributes, decorators.
    pub annotations: Vec<Annotation>,
    /// What is special about it.
    pub flags: FunctionFlags,
    /// Variables that belong to the whole body wherever they are set (Python's locals, JavaScript's `var` and function
    /// declarations).
    pub locals: Vec<String>,
    /// The code; none where it is declared only.
    pub body: Option<Block>,
    /// The whole declaration.
    pub range: Range,
    /// Its name, or where it begins.
    pub name_range: Range,
}

/// What is special about a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionFlags {
    /// Belongs to the type, not to an object.
    pub is_static: bool,
    /// Its calls yield something to await.
    pub is_async: bool,
    /// Its calls yield what it yields.
    pub is_generator: bool,
    /// Makes an object; `this` is that object.
    pub is_constructor: bool,
    /// Is read like a field (`get name()`, `@property`, C# properties).
    pub is_getter: bool,
    /// Is written like a field.
    pub is_setter: bool,
    /// Has no `this` of its own (arrow functions, lambdas): it is that of the function around it.
    pub keeps_this: bool,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What it binds.
    pub pattern: Pattern,
    /// Its declared type.
    pub of_type: Option<TypeName>,
    /// What it is where no argument is given.
    pub default: Option<Expression>,
    /// How it is bound.
    pub kind: ParameterKind,
    /// Annotations, attributes, decorators.
    pub annotations: Vec<Annotation>,
    /// Whether what is assigned to it is seen by the caller (`ref`, `out`, C++'s `&`).
    pub is_reference: bool,
    /// The whole parameter.
    pub range: Range,
}

/// How a parameter is bound to arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position or name.
    #[default]
    Plain,
    /// By name only.
    Keyword,
    /// All further positional arguments, as a list.
    Rest,
    /// All further named arguments, as a map.
    KeywordRest,
}

/// An annotation, attribute or decorator.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// Its name as written, dotted, without `@` and arguments.
    pub name: String,
    /// The whole of it as an expression: what is called where it wraps what it stands on (Python, TypeScript).
    pub expression: Expression,
}

/// A type: class, interface, record, enumeration, struct, trait, object.
#[derive(Clone, Debug, Default)]
pub struct TypeDeclaration {
    /// Its name; empty where it has none.
    pub name: String,
    /// The type around it.
    pub outer: Option<TypeId>,
    /// What it extends, implements or embeds, in this order.
    pub supers: Vec<TypeName>,
    /// The same, where a super is an expression that is evaluated (JavaScript, Python).
    pub super_expressions: Vec<Expression>,
    /// Fields, also of enumeration constants (static) and record components.
    pub fields: Vec<Field>,
    /// Methods and constructors.
    pub methods: Vec<FunctionId>,
    /// Runs on each new object before its constructor: field initialisers and blocks, `this` being the object.
    pub initializer: Option<FunctionId>,
    /// Runs once for the type: static initialisers and blocks, class bodies of Python; `this` being the type.
    pub static_initializer: Option<FunctionId>,
    /// Annotations, attributes, decorators.
    pub annotations: Vec<Annotation>,
    /// Whether objects of it cannot be made: interface, abstract class, trait.
    pub is_abstract: bool,
    /// Whether its one object has its name (Kotlin's `object`).
    pub is_singleton: bool,
    /// Whether assigning a value of it copies it (Go and C structs).
    pub is_value: bool,
    /// The constructor's parameters that are fields too (records, Kotlin's and C#'s primary constructors).
    pub components: Vec<String>,
    /// Names of type parameters.
    pub type_parameters: Vec<String>,
    /// The whole declaration.
    pub range: Range,
}

/// A field of a type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name. An embedded type (Go) is a field of that type's name.
    pub name: String,
    /// Its declared type.
    pub of_type: Option<TypeName>,
    /// Whether it belongs to the type.
    pub is_static: bool,
    /// Whether members of its value are members of this type too (Go's embedding).
    pub is_embedded: bool,
    /// Annotations, attributes, decorators.
    pub annotations: Vec<Annotation>,
    /// The declaration.
    pub range: Range,
}

/// A type as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeName {
    /// The dotted name without type arguments. `[]` for arrays and slices, `*` for pointers and references, `map`, `chan`, `func`,
    /// `tuple`, `|` for unions and optionals.
    pub name: String,
    /// Type arguments, or the parts of the above.
    pub arguments: Vec<TypeName>,
}

/// Statements in a scope of their own, unless [`Block::scope`] says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// Whether variables declared here end with it.
    pub scope: ScopeKind,
}

/// Whether a block has variables of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScopeKind {
    /// Variables declared in the block end with it.
    #[default]
    Own,
    /// They belong to the block around.
    Shared,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Its bytes.
    pub range: Range,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// Evaluates.
    Expression(Expression),
    /// Makes variables in the scope of the block and sets them; without a value they are unset (`null`, zero). A closure or
    /// type declared by a statement is declared this way.
    Declare {
        /// The variables.
        pattern: Pattern,
        /// Their declared type.
        of_type: Option<TypeName>,
        /// What they are set to.
        value: Option<Expression>,
    },
    /// Names of outer scopes that assignments here mean: Python's `global` (true) and `nonlocal`.
    Outer(Vec<String>, bool),
    /// Branches.
    If {
        /// The condition; assignments and type tests in it hold inside.
        test: Expression,
        /// Where it is true.
        then: Block,
        /// Where it is not.
        otherwise: Option<Block>,
    },
    /// Loops while a condition holds.
    Loop(Loop),
    /// Loops over what something holds.
    ForEach {
        /// Its label.
        label: Option<String>,
        /// What is set for each element. Two of a [`Pattern::Sequence`] with `pairs`: index or key, and element.
        pattern: Pattern,
        /// Whether variables are new for each round (`let`, Java, Go), or assigned (`for x in` of Python).
        declares: bool,
        /// What is looped over.
        over: Expression,
        /// What a round gets.
        yields: Yields,
        /// The rounds.
        body: Block,
        /// Runs where the loop was not left by a break (Python).
        otherwise: Option<Block>,
    },
    /// Chooses a case.
    Switch(Switch),
    /// Leaves a loop, switch or labelled block.
    Break(Option<String>),
    /// Goes to the loop's next round.
    Continue(Option<String>),
    /// Leaves the function.
    Return(Option<Expression>),
    /// Throws.
    Throw(Option<Expression>),
    /// Handles what is thrown.
    Try(Try),
    /// Statements, maybe with a label that breaks name.
    Block(Option<String>, Block),
    /// Runs the expression's call when the function ends, with arguments evaluated now (Go's `defer`).
    Defer(Expression),
    /// Starts the expression's call beside this code (Go's `go`).
    Spawn(Expression),
    /// Stops where the condition is false.
    Assert {
        /// The condition.
        test: Expression,
        /// Evaluated where it is false.
        message: Option<Expression>,
    },
    /// Runs while a lock is held.
    Locked(Expression, Block),
    /// Sets a variable or place to nothing (`del`, `delete`, `unset`).
    Delete(Expression),
    /// Everything inside something becomes a name here (`from m import *`, `export * from`).
    Include(Expression),
    /// A target of [`StatementKind::Goto`].
    Label(String),
    /// Goes to a label of the function.
    Goto(String),
    /// What the language's lowering does not know; the parts of it that it does.
    Unknown(Vec<Expression>),
}

/// What each round of a loop over something gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yields {
    /// Elements of lists, sets, generators, texts; values of channels. Keys of maps where the language does so (Python,
    /// C++ pairs): the computing side knows the language.
    Elements,
    /// Indices or keys (JavaScript's `for … in`, one variable of Go's `range`).
    Keys,
    /// Index or key, and element (two variables of Go's `range`).
    Pairs,
}

/// A loop with a condition.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Its label.
    pub label: Option<String>,
    /// Runs once before, in a scope around the loop.
    pub before: Vec<Statement>,
    /// The condition; none: forever.
    pub test: Option<Expression>,
    /// Whether the first round runs without asking (`do … while`).
    pub runs_first: bool,
    /// Runs after each round.
    pub update: Vec<Statement>,
    /// The rounds.
    pub body: Block,
    /// Runs where the condition ended it (Python's `else`).
    pub otherwise: Option<Block>,
}

/// A choice between cases.
#[derive(Clone, Debug)]
pub struct Switch {
    /// What is compared; none: cases are conditions. For `select` of Go: none, and `is_select`.
    pub subject: Option<Expression>,
    /// The cases as written.
    pub cases: Vec<Case>,
    /// Whether any case may be taken, whatever its tests (`select`).
    pub is_select: bool,
}

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// It is taken where one of them fits; none: the default.
    pub tests: Vec<Pattern>,
    /// What must hold beside.
    pub guard: Option<Expression>,
    /// The code. Its block is never `Shared` with another case unless the language falls through.
    pub body: Block,
    /// Whether the end of the body goes on in the next case.
    pub falls_through: bool,
}

/// Code with handlers.
#[derive(Clone, Debug)]
pub struct Try {
    /// Made before, closed after (`try (…)`, `with`, `using`): each is a declaration, and closing is a call of `close`.
    pub resources: Vec<Statement>,
    /// The code.
    pub body: Block,
    /// The handlers, in order.
    pub catches: Vec<Catch>,
    /// Runs where nothing was thrown (Python's `else`).
    pub otherwise: Option<Block>,
    /// Runs always.
    pub finally: Option<Block>,
}

/// A handler.
#[derive(Clone, Debug)]
pub struct Catch {
    /// What it takes; empty: everything.
    pub types: Vec<TypeName>,
    /// What the thrown value is called.
    pub pattern: Option<Pattern>,
    /// The code.
    pub body: Block,
}

/// What a value is bound to or compared with.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// A variable.
    Name(String, Range),
    /// A place that is assigned: field or element.
    Place(Box<Expression>),
    /// Elements by position.
    Sequence(Vec<Item<Pattern>>),
    /// Elements by key or field.
    Record(RecordPattern),
    /// Another, or a default where the value is missing.
    Default(Box<Pattern>, Box<Expression>),
    /// In cases: equals a constant or the value of an expression.
    Equals(Box<Expression>),
    /// In cases: is of a type, and fits the inner pattern.
    OfType(TypeName, Box<Pattern>),
    /// Some of these (`case A | B`).
    Either(Vec<Pattern>),
    /// The pattern, with the value bound to a name too (`as`).
    Both(Box<Pattern>, Box<Pattern>),
    /// Anything; binds nothing.
    Ignored,
}

/// Elements by key or field.
#[derive(Clone, Debug, Default)]
pub struct RecordPattern {
    /// Key and what its element is bound to.
    pub entries: Vec<(Expression, Pattern)>,
    /// What holds all others.
    pub rest: Option<Box<Pattern>>,
    /// Whether keys are fields of objects (Python class patterns, Java record patterns) rather than keys of maps. In
    /// JavaScript both are one.
    pub of_fields: bool,
}

/// One of several, or several at once.
#[derive(Clone, Debug)]
pub enum Item<T> {
    /// One.
    One(T),
    /// All that this holds: `...x`, `*x`.
    Spread(T),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it computes.
    pub kind: ExpressionKind,
    /// Its bytes, as the syntax tree has them (parentheses left out).
    pub range: Range,
}

/// What an expression computes.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A constant.
    Constant(Constant),
    /// A variable, function, type or package by its name.
    Name(String),
    /// The object of the method.
    This,
    /// The object of the method, as its super type.
    Super,
    /// A field or member: `of.name`. `optional` where `of` may be null (`?.`).
    Member {
        /// The object.
        of: Box<Expression>,
        /// The member.
        name: String,
        /// Whether null yields null.
        optional: bool,
    },
    /// An element: `of[index]`.
    Element {
        /// The container.
        of: Box<Expression>,
        /// Index or key.
        index: Box<Expression>,
    },
    /// A stretch of a sequence: `of[from:to:step]`.
    Slice {
        /// The sequence.
        of: Box<Expression>,
        /// From, to, step, where given.
        bounds: [Option<Box<Expression>>; 3],
    },
    /// A call. A method call is a call of a [`ExpressionKind::Member`].
    Call {
        /// What is called.
        callee: Box<Expression>,
        /// The arguments.
        arguments: Vec<Argument>,
    },
    /// Makes an object (or array: type `[]`, with the lengths as arguments).
    New {
        /// The type's name.
        of_type: TypeName,
        /// The type where it is an expression (JavaScript).
        callee: Option<Box<Expression>>,
        /// The arguments.
        arguments: Vec<Argument>,
        /// The anonymous type that is made of it.
        body: Option<TypeId>,
    },
    /// A struct or object with fields set by name (`T{a: 1}`, C# initialisers), or elements in order.
    Record {
        /// Its type, where it has a name; else a plain object or map.
        of_type: Option<TypeName>,
        /// What it is made of before fields are set: a spread or a constructor call.
        entries: Vec<Item<(Expression, Expression)>>,
    },
    /// A list, array or tuple.
    List(Vec<Item<Expression>>),
    /// A set.
    Set(Vec<Item<Expression>>),
    /// A map by computed keys.
    Map(Vec<Item<(Expression, Expression)>>),
    /// An operation on one operand.
    Unary(UnaryOperator, Box<Expression>),
    /// An operation on two.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// Evaluates the second only where the first does not decide.
    Logical(Logic, Box<Expression>, Box<Expression>),
    /// One or the other.
    Conditional(Box<Expression>, Box<Expression>, Box<Expression>),
    /// Sets something; its value is what was set.
    Assign(Box<Assignment>),
    /// `x++` and its kin: the operand, by how much, and whether the value is that before.
    Step(Box<Expression>, i8, bool),
    /// Text put together of parts.
    Template(Vec<Expression>),
    /// A function as a value, with the variables around it.
    Function(FunctionId),
    /// A type as a value.
    Type(TypeId),
    /// A method as a value: `T::name`, `x::name`.
    Reference(Box<Expression>, String),
    /// A module, by its path as written; `level` counts leading dots (Python).
    Module {
        /// The path.
        path: String,
        /// Directories up: 0 absolute, 1 this package.
        level: u32,
    },
    /// The value as another type.
    Cast(TypeName, Box<Expression>),
    /// Whether it is of a type; bound to the pattern where it is.
    IsType(Box<Expression>, TypeName, Option<Box<Pattern>>),
    /// Waits for it.
    Await(Box<Expression>),
    /// Yields it to who consumes the generator; `true`: all that it holds.
    Yield(Option<Box<Expression>>, bool),
    /// Throws, as an expression.
    Throw(Box<Expression>),
    /// Receives from a channel.
    Receive(Box<Expression>),
    /// The address of a place (`&x`).
    AddressOf(Box<Expression>),
    /// What an address points at (`*p`).
    Dereference(Box<Expression>),
    /// Statements, and then the value of the last expression (switch expressions yield by `Break` of the label
    /// [`VALUE_LABEL`] after assigning to the variable of that name; comprehensions).
    Block(Box<Block>, Box<Expression>),
    /// What the language's lowering does not know, made of these parts.
    Unknown(Vec<Expression>),
}

/// Sets a place, maybe together with what it held.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// What is set.
    pub target: Pattern,
    /// With what the old value is joined to the new.
    pub operator: Option<AssignmentOperator>,
    /// The new value.
    pub value: Expression,
}

/// How a compound assignment joins old and new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentOperator {
    /// `+=` and its kin.
    Binary(BinaryOperator),
    /// `&&=`, `||=`, `??=`.
    Logical(Logic),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The parameter that it names.
    pub name: Option<String>,
    /// Its value.
    pub value: Expression,
    /// Whether it stands for all that it holds: `...x`, `*x`; with `**x` its entries by name.
    pub spread: Spread,
    /// Whether the callee may set it (`ref`, `out`).
    pub is_reference: bool,
}

/// Whether an argument stands for several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// It is one argument.
    #[default]
    One,
    /// Its elements are arguments by position.
    Elements,
    /// Its entries are arguments by name.
    Entries,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `null`, `None`, `nil`, `undefined`.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// Another number.
    Float(f64),
    /// Text, with its escapes resolved.
    Text(String),
    /// A character.
    Character(char),
}

/// An operation on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`, `not`.
    Not,
    /// `-`.
    Negate,
    /// `+`.
    Plus,
    /// `~`, Go's `^`.
    Complement,
    /// `typeof`.
    TypeOf,
    /// `void`.
    Void,
}

/// An operation on two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    BitAnd,
    BitOr,
    BitXor,
    BitAndNot,
    Equal,
    NotEqual,
    /// Also JavaScript's `===`: the same identity or type and value.
    Identical,
    NotIdentical,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `in`: the left is an element or key of the right.
    In,
    NotIn,
    Compare,
    /// Evaluates both and yields the right (`,`).
    Then,
}

/// An operation that may not evaluate its second operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logic {
    /// The second where the first is true.
    And,
    /// The second where the first is false.
    Or,
    /// The second where the first is null.
    Coalesce,
}

/// The variable that the value of a switch expression is assigned to, and the label that leaves it.
pub const VALUE_LABEL: &str = "<value>";

impl TypeName {
    /// A type without arguments.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), arguments: Vec::new() }
    }

    /// The last part of the dotted name.
    pub fn simple(&self) -> &str {
        self.name.rsplit(['.', ':']).next().unwrap_or(&self.name)
    }
}

impl Expression {
    /// An expression at a place.
    pub fn new(kind: ExpressionKind, range: Range) -> Self {
        Self { kind, range }
    }
}

impl Statement {
    /// A statement at a place.
    pub fn new(kind: StatementKind, range: Range) -> Self {
        Self { kind, range }
    }
}

impl<T> Item<T> {
    /// What stands there, one or spread.
    pub fn inner(&self) -> &T {
        match self {
            Self::One(inner) | Self::Spread(inner) => inner,
        }
    }
}

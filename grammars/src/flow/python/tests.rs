//! What Python means in the intermediate form.

mod show;

use show::{Show, of_type};

use crate::flow::form::{FunctionId, TypeDeclaration, Unit};
use crate::flow::lower;
use crate::{Language, ParseBudget, SyntaxTree};

fn unit(code: &str) -> Unit {
    let tree = SyntaxTree::parse(code.to_owned(), Language::Python, ParseBudget::default()).unwrap();
    lower(&tree).unwrap()
}

/// The file's own code, in short.
fn top(code: &str) -> String {
    let unit = unit(code);
    let body = Show(&unit).function(FunctionId(0));
    body.strip_prefix("() {").and_then(|body| body.strip_suffix('}')).unwrap().to_owned()
}

fn find(unit: &Unit, name: &str) -> FunctionId {
    let at = unit.functions.iter().position(|function| function.name == name);
    FunctionId(at.unwrap() as u32)
}

/// A function by its name, in short.
fn function(code: &str, name: &str) -> String {
    let unit = unit(code);
    Show(&unit).function(find(&unit, name))
}

fn locals(code: &str, name: &str) -> String {
    let unit = unit(code);
    unit.functions[find(&unit, name).0 as usize].locals.join(" ")
}

/// What a class has, and what its body does.
fn class(code: &str) -> (TypeDeclaration, String) {
    let unit = unit(code);
    let declaration = unit.types[0].clone();
    let body = Show(&unit).function(declaration.static_initializer.unwrap());
    (declaration, body)
}

#[test]
fn a_name_bound_anywhere_is_a_variable_of_the_whole_function() {
    let code = "def f(a, *b, c=1, **d):\n  for x, (y, *z) in a: pass\n  with a as (w, v.u): pass\n  try: pass\n  \
                except E as e: pass\n  import p.q, r.s as t\n  from m import n as o\n  def g(): hidden = 1\n  \
                class C: hidden = 2\n  if (k := a): del l\n  [h for h in (j := a)]\n  i: int\n  a = 1\n";
    assert_eq!(locals(code, "f"), "a b c d x y z w e p t o g C k l j i");
}

#[test]
fn names_of_bodies_around_are_declared_first_and_are_no_locals() {
    let code = "def f():\n  n = 0\n  def g():\n    n = 1\n    nonlocal n\n    global m, o\n    m = o = 2\n";
    assert_eq!(function(code, "g"), "() {outer n false; outer m o true; n = 1; m = o = 2}");
    assert_eq!(locals(code, "g"), "");
    assert_eq!(unit(code).functions[0].locals, ["f", "m", "o"]);
}

#[test]
fn imports_make_variables_of_modules() {
    assert_eq!(
        top(
            "import a.b.c, d\nimport e.f as g\nfrom . import h\nfrom ..i.j import k as l, m\nfrom n import *\n"
        ),
        "declare a = Module<a>; Module<a.b.c>; declare d = Module<d>; declare g = Module<e.f>; \
         declare h = Module<.>.h; declare l = Module<..i.j>.k; declare m = Module<..i.j>.m; include Module<n>"
    );
    assert_eq!(top("from __future__ import annotations\n"), "");
}

#[test]
fn an_import_in_a_class_or_of_a_global_name_is_assigned() {
    assert_eq!(
        class("class C:\n  import a\n  from b import c\n").1,
        "() {@This.a = Module<a>; @This.c = Module<b>.c}"
    );
    assert_eq!(function("def f():\n  global a\n  import a\n", "f"), "() {outer a true; a = Module<a>}");
}

#[test]
fn parameters_are_bound_by_position_by_name_or_as_what_is_left() {
    let code = "def f(a, b: int = 1, /, c=2, *d: str, e, g=3, **h): pass\ndef i(a, *, b): pass\n";
    assert_eq!(function(code, "f"), "(a, b=1, c=2, Rest d, Keyword e, Keyword g=3, KeywordRest h) {}");
    assert_eq!(function(code, "i"), "(a, Keyword b) {}");
}

#[test]
fn a_lambda_is_a_function_that_returns() {
    let unit = unit("x = lambda a, *b: (yield a)\n");
    assert_eq!(Show(&unit).function(FunctionId(1)), "(a, Rest b) {return yield a}");
    assert!(unit.functions[1].flags.keeps_this && unit.functions[1].flags.is_generator);
}

#[test]
fn decorators_say_what_kind_of_method_it_is_or_stay_in_order() {
    let code = "class C:\n  @property\n  def a(self): pass\n  @a.setter\n  def a(self, v): pass\n  @a.deleter\n  \
                def a(self): pass\n  @staticmethod\n  def b(): pass\n  @app.route('/')\n  @classmethod\n  \
                async def c(cls): yield 1\n  def __init__(self): pass\n";
    let unit = unit(code);
    let methods = unit.types[0].methods.iter().map(|id| &unit.functions[id.0 as usize]);
    let shown: Vec<_> = methods
        .map(|method| {
            let flags = method.flags;
            let flags = [
                flags.is_getter,
                flags.is_setter,
                flags.is_static,
                flags.is_async,
                flags.is_generator,
                flags.is_constructor,
            ];
            let annotations: Vec<_> = method.annotations.iter().map(|each| each.name.as_str()).collect();
            let flags: String = flags.iter().map(|flag| if *flag { '1' } else { '0' }).collect();
            format!("{} {flags} {}", method.name, annotations.join(" "))
        })
        .collect();
    let expected =
        ["a 100000 ", "a 010000 ", "b 001000 ", "c 000110 app.route classmethod", "__init__ 000001 "];
    assert_eq!(shown, expected);
}

#[test]
fn names_that_the_body_of_a_class_binds_are_its_members() {
    let code = "class C(a.B, G[T], metaclass=M):\n  x = 1\n  y, z = x, 2\n  for i in y: w = i\n  def m(self): v = 1\n  \
                class D: pass\n  global q\n  q = [j for j in y]\n";
    let (declaration, body) = class(code);
    assert_eq!(
        body,
        "() {outer q true; unknown[M]; @This.x = 1; [@This.y, @This.z] = List[x, 2]; \
         for @This.i in y {@This.w = i}; @This.D = Type1; \
         q = do {declare <list> = List[]; each j in y {<list>.append(j)}} give <list>}"
    );
    assert_eq!(declaration.supers.iter().map(of_type).collect::<Vec<_>>(), ["a.B", "G[T]"]);
    assert_eq!(declaration.super_expressions.len(), 2);
    assert_eq!(declaration.methods.len(), 1);
}

#[test]
fn typed_fields_of_a_data_class_are_parameters_of_its_constructor() {
    let code = "@dataclass(frozen=True)\nclass C:\n  a: int\n  b: 'list[D] | None' = field()\n  c: ClassVar[int] = 1\n  \
                _: KW_ONLY\n  d = 2\n  e: Optional[x.Y] = None\n";
    let (declaration, body) = class(code);
    assert_eq!(declaration.components, ["a", "b", "e"]);
    let fields = declaration.fields.iter();
    let fields: Vec<_> = fields
        .map(|field| {
            format!(
                "{} {} {}",
                field.name,
                field.of_type.as_ref().map_or_else(String::new, of_type),
                field.is_static
            )
        })
        .collect();
    assert_eq!(
        fields,
        ["a int false", "b |[list[D],None] false", "c int true", "d  true", "e |[x.Y,None] false"]
    );
    assert_eq!(body, "() {@This.b = field(); @This.c = 1; @This.d = 2; @This.e = None}");
    assert_eq!(class("class P(NamedTuple):\n  x: int\n").0.components, ["x"]);
    assert!(class("class P:\n  x: int\n").0.components.is_empty());
}

#[test]
fn super_is_the_object_as_its_super_type() {
    let code = "class C:\n  def m(self): return super().m(1) + super(C, self).n\nsuper()\n";
    assert_eq!(function(code, "m"), "(self) {return (Super.m(1) Add Super.n)}");
    assert!(top(code).ends_with("super()"));
}

#[test]
fn comprehensions_fill_something_empty_round_by_round() {
    assert_eq!(
        top("[a for a, b in c if a if b for d in a]\n"),
        "do {declare <list> = List[]; each [a, b] in c {if a {if b {each d in a {<list>.append(a)}}}}} give <list>"
    );
    assert_eq!(
        top("{a for a in b}\n"),
        "do {declare <list> = Set[]; each a in b {<list>.add(a)}} give <list>"
    );
    assert_eq!(
        top("{a: c for a in b}\n"),
        "do {declare <list> = Map[]; each a in b {@<list>[a] = c}} give <list>"
    );
    assert_eq!(
        top("f(a for a in b)\n"),
        "f(do {declare <list> = List[]; each a in b {<list>.append(a)}} give <list>)"
    );
}

#[test]
fn text_has_its_escapes_resolved_unless_it_is_raw() {
    assert_eq!(
        top(r#""\x41\n\u00e9\101\d\"" "b" r'\n'"#),
        r#""A\né\u{41}\\d\"b\\n""#.replace(r"\u{41}", "A")
    );
    assert_eq!(top(r"b'\xff\u0041'"), r#""ÿ\\u0041""#);
    assert_eq!(top("'''a\\\nb'''"), r#""ab""#);
    assert_eq!(top("''"), r#""""#);
}

#[test]
fn f_strings_are_templates_of_constants_and_what_is_computed() {
    assert_eq!(top("'x' f'{{a}} {b!r:>{w}} {c=}' 'y'\n"), r#"Template["x{a} ", b, w, " c=", c, "y"]"#);
    assert_eq!(top("f'plain'\n"), r#""plain""#);
}

#[test]
fn comparisons_hold_link_by_link() {
    assert_eq!(top("a < b <= c\n"), "((a Less b) And (b LessOrEqual c))");
    assert_eq!(top("a not in b\n"), "(a NotIn b)");
    assert_eq!(top("a is not b is c\n"), "((a NotIdentical b) And (b Identical c))");
}

#[test]
fn operators_calls_and_subscripts_keep_their_parts() {
    assert_eq!(top("a if b else c or not d\n"), "(b ? a : (c Or Not(d)))");
    assert_eq!(top("f(a, *b, c=d, **e)\n"), "f(a, *b, c=d, **e)");
    assert_eq!(
        top("a[1:], a[:2], a[::3], a[b, 1:2]\n"),
        "List[a[1::], a[:2:], a[::3], a[List[b, slice(1, 2, None)]]]"
    );
    assert_eq!(
        top("{**a, 'b': c}, {d, *e}, (f,), []\n"),
        r#"List[Map[*None: a, "b": c], Set[d, *e], List[f], List[]]"#
    );
    assert_eq!(top("a @ b ** -c // 0x1_F\n"), "(a.__matmul__((b Power Negate(c))) FloorDivide 31)");
    assert_eq!(top("1_0 + 1.5e3 + 2j + ...\n"), "(((10 Add 1500.0) Add 2.0) Add unknown[])");
}

#[test]
fn assignments_unpack_chain_and_join() {
    assert_eq!(top("a = b.c = d\n"), "a = @b.c = d");
    assert_eq!(top("a, (b, *c[0]), = d, *e\n"), "[a, [b, *@c[0]]] = List[d, *e]");
    assert_eq!(top("(a) = [b] = c\n"), "a = [b] = c");
    assert_eq!(top("a.b += c\na[1:2] //= d\n"), "@a.b Add= c; @a[1:2:] FloorDivide= d");
    assert_eq!(top("a: int\nb: T = f()\nc: str = f()\nd: T = e\n"), "b = Cast<T>(f()); c = f(); d = e");
}

#[test]
fn managers_of_with_are_entered_in_order() {
    let entered = "try(b = a.__enter__(); [d, e] = c.__enter__(); f().__enter__()) {g}";
    assert_eq!(top("with a as b, c as (d, e), f(): g\n"), entered);
    assert_eq!(top("with (a as b, c as (d, e), f()):\n  g\n"), entered);
    assert_eq!(
        function("async def f():\n  async with a as b: await c\n", "f"),
        "() {try(b = await a.__aenter__()) {await c}}"
    );
}

#[test]
fn handlers_name_types_or_take_everything() {
    assert_eq!(
        top(
            "try: a\nexcept (B, c.D) as e: f\nexcept* G: h\nexcept errors(): i\nexcept: raise\nelse: j\nfinally: k\n"
        ),
        "try() {a} except B c.D as e {f} except G {h} except  {i} except  {throw} else {j} finally {k}"
    );
    assert_eq!(top("try: a\nexcept E, e: b\n"), "try() {a} except E as e {b}");
}

#[test]
fn loops_branches_and_their_else() {
    assert_eq!(
        top("for a.b, c in d, e:\n  break\nelse: f\nwhile g: continue\nelse:\n  h\n"),
        "for [@a.b, c] in List[d, e] {break} else {f}; while g {continue} else {h}"
    );
    assert_eq!(
        top("if a: b\nelif c: d\nelif e: f\nelse: g\n"),
        "if a {b} else {if c {d} else {if e {f} else {g}}}"
    );
}

#[test]
fn cases_bind_compare_and_take_apart() {
    let code = "match a:\n  case 1 | -2 | 'x' | b.C: pass\n  case [c, *_, [d]] if c: pass\n  case {'k': e, **f}: pass\n  \
                case g.H(1, i, j=None): pass\n  case str(k) as l: pass\n  case (m): pass\n  case n, *o: pass\n  \
                case P() | None: pass\n  case _: pass\n";
    assert_eq!(
        top(code),
        "switch a case =1 | =-2 | =\"x\" | =b.C {} case [c, *_, [d]] if c {} case {\"k\": e, **f} {} \
         case g.H<fields{0: =1, 1: i, \"j\": =None}> {} case str<k> & l {} case m {} case [n, *o] {} \
         case P<_> | =None {} case  {}"
    );
    assert_eq!(unit(code).functions[0].locals.join(" "), "c d e f i k l m n o");
}

#[test]
fn raising_asserting_deleting() {
    assert_eq!(top("raise A(b) from c\n"), "throw A(b)");
    assert_eq!(top("raise A, b\n"), "throw A(b)");
    assert_eq!(top("assert a, b\ndel c, d.e, f[0]\n"), "assert a b; delete c; delete d.e; delete f[0]");
    assert_eq!(class("class C:\n  a = 1\n  del a\n").1, "() {@This.a = 1; delete This.a}");
    assert_eq!(top("print >>a, b\nexec c in d\n"), "print(b, file=a); exec(c, d)");
}

#[test]
fn code_that_is_no_python_keeps_what_can_be_read() {
    assert_eq!(
        top("x = = f(a)\ng(b)\nif c(d) e(h)\ni(j)\n"),
        "x = f(a); unknown[]; g(b); c(d)(h)(j); unknown[e]; unknown[i]"
    );
}

#[test]
fn long_flat_chains_do_not_nest() {
    let branches = "elif b: c\n".repeat(20_000);
    assert!(top(&format!("if a: b\n{branches}")).starts_with("switch  case =a {b} case =b {c}"));
    let _ = unit(&format!("a{}\n", " < b".repeat(50_000)));
    let _ = unit(&format!("[a {}]\n", "for b in c ".repeat(5_000)));
    let _ = unit(&format!("match a:\n  case b{}: pass\n", ".c".repeat(50_000)));
}

#[test]
fn code_as_deep_as_the_parser_takes_is_lowered() {
    let inline = [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("{a:", "}"),
        ("-", ""),
        ("lambda: ", ""),
        ("a[", "]"),
        ("a if b else ", ""),
        ("a + (", ")"),
        ("[*", "]"),
        ("f(**", ")"),
        ("[b for b in ", "]"),
        ("a = ", ""),
        ("f'{", "}'"),
    ];
    for (open, close) in inline {
        deepest(&|depth| format!("{}x{}\n", open.repeat(depth), close.repeat(depth)));
    }
    deepest(&|depth| format!("a{}\n", ".b()".repeat(depth)));
    for line in ["if a:", "def f():", "class C:", "for a in b:", "with a as b:", "match a:"] {
        deepest(&|depth| {
            let lines = (0..depth).map(|at| format!("{}{line}\n", " ".repeat(at)));
            format!("{}{}x\n", lines.collect::<String>(), " ".repeat(depth))
        });
    }
}

/// Lowers the deepest code of a kind that is parsed, on a stack as large as reviews have.
fn deepest(code: &dyn Fn(usize) -> String) {
    let parse = |depth| SyntaxTree::parse(code(depth), Language::Python, ParseBudget::default());
    let depths = std::iter::successors(Some(990), |depth| (*depth > 1).then_some(depth * 9 / 10));
    let tree = depths.map(parse).find_map(Result::ok).unwrap();
    std::thread::scope(|scope| {
        let lowering = std::thread::Builder::new().stack_size(8 << 20);
        let lowered = lowering.spawn_scoped(scope, || lower(&tree)).unwrap();
        assert!(lowered.join().unwrap().is_some());
    });
}

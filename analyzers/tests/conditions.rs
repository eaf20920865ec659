//! What patterns cannot say: each condition under `where`, in a breach and its near miss.
//!
//! Code in, findings out: a line that ends in `// !` must be reported, every other line must not.

use std::collections::BTreeMap;

use analyzers::policy::{PolicyFile, PolicySet};
use analyzers::review::{Request, scan};
use analyzers::sources::{Side, SourceError, Sources};

struct Files(BTreeMap<String, String>);

impl Sources for Files {
    fn read(&self, _side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(SourceError::Missing)
    }

    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(self.0.keys().cloned().collect())
    }
}

const HEAD: &str = "id: t/policy\ncode: T-1\ntitle: t\nseverity: major\nobjective: o\nrationale: r\n\
    success_criteria: s\nfailure_criteria: f\nremedy: m\n";

fn policies(language: &str, rule: &str) -> PolicySet {
    let policy = format!("{HEAD}languages: [{language}]\nchecks:\n  - pattern:\n      {language}: {rule}\n");
    let words = "about: a\nterms: [amount, token]\nunless: [count]\n";
    let files = [("t/policy.yaml", policy.as_str()), ("vocabularies/money.yaml", words)]
        .map(|(path, text)| PolicyFile::new(path.to_owned(), path.to_owned(), text.to_owned()));
    let set = PolicySet::from_files(files.iter()).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(set.compile_all(), [], "{rule}");
    set
}

fn check_among(language: &str, extension: &str, rule: &str, code: &str, others: &[(&str, &str)]) {
    let set = policies(language, rule);
    let path = format!("Main.{extension}");
    let mut files: BTreeMap<_, _> =
        others.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.insert(path.clone(), code.to_owned());
    let review = scan(&[path], &Request::new(&set, &Files(files)));
    let found: Vec<u32> = review.findings.iter().map(|finding| finding.location.start.line).collect();
    let expected: Vec<u32> = (1..)
        .zip(code.lines())
        .filter(|(_, line)| line.trim_end().ends_with('!'))
        .map(|(line, _)| line)
        .collect();
    let mut found = found;
    found.dedup();
    assert_eq!(found, expected, "{rule}\n{code}");
}

fn check(language: &str, extension: &str, rule: &str, code: &str) {
    check_among(language, extension, rule, code, &[]);
}

#[test]
fn a_name_means_what_its_vocabulary_says() {
    let rule = "{kind: variable_declarator, has: {field: name, pattern: $N}, where: [{name: {of: N, means: money}}]}";
    check(
        "java",
        "java",
        rule,
        "class A {\n double totalAmount; // !\n double amountCount;\n double mount;\n}",
    );
}

#[test]
fn names_inside_an_expression_are_mentioned() {
    let rule = "{pattern: $A / 365, where: [{mentions: {means: money}}]}";
    check("java", "java", rule, "class A { void f() {\n x = amount * r / 365; // !\n y = days / 365;\n} }");
}

#[test]
fn a_purpose_is_the_target_or_the_function() {
    let rule = "{pattern: Math.random(), where: [{purpose: {means: money}}]}";
    let code = "class A {\n double token = Math.random(); // !\n double jitter = Math.random();\n\
        void f() {\n  setToken(Math.random()); // !\n  wait(Math.random());\n }\n\
        double newToken() {\n  return Math.random(); // !\n }\n}";
    check("java", "java", rule, code);
}

#[test]
fn a_type_is_declared_constructed_cast_or_computed() {
    let rule = "{pattern: new BigDecimal($X), where: [{type: {of: X, is: [double, float]}}]}";
    let code = "class A {\n double rate; String text;\n void f(double p, String s, long n) {\n  new BigDecimal(p); // !\n\
        new BigDecimal(s);\n  new BigDecimal(rate); // !\n  new BigDecimal(this.rate); // !\n  new BigDecimal(text);\n\
        new BigDecimal(0.1); // !\n  new BigDecimal(\"0.1\");\n  new BigDecimal(n * 0.5); // !\n  new BigDecimal(n * 2);\n\
        var v = half();\n  new BigDecimal(v); // !\n  new BigDecimal((double) n); // !\n\
        { String p2 = s; new BigDecimal(p2); }\n }\n double half() { return 0.5; }\n}";
    check("java", "java", rule, code);
    let kotlin = "{pattern: BigDecimal($X), where: [{type: {of: X, is: [Double, double]}}]}";
    let code = "fun f(p: Double, s: String) {\n    BigDecimal(p) // !\n    BigDecimal(s)\n    val d: Double = g()\n    BigDecimal(d) // !\n}";
    check("kotlin", "kt", kotlin, code);
}

#[test]
fn a_constant_is_a_literal_a_concatenation_or_a_name_written_once() {
    let rule = "{pattern: Cipher.getInstance($A), where: [{constant: {of: A, matches: '^DES'}}]}";
    let code = "class A {\n static final String ALG = \"DES\" + \"ede\";\n static String changing = \"DES\";\n void f(String given) {\n\
        Cipher.getInstance(\"DES/CBC\"); // !\n  Cipher.getInstance(\"AES\");\n  Cipher.getInstance(ALG); // !\n\
        Cipher.getInstance(given);\n  Cipher.getInstance(changing);\n  String once = \"DES\";\n\
        Cipher.getInstance(once); // !\n  String twice = \"DES\"; twice = given;\n  Cipher.getInstance(twice);\n }\n}";
    check("java", "java", rule, code);
}

#[test]
fn a_secret_is_no_placeholder() {
    let rule = "{pattern: login($P), where: [{secret: {of: P}}]}";
    let code = "class A { void f() {\n login(\"P0sting#2025\"); // !\n login(\"${PASSWORD}\");\n login(\"changeme1\");\n login(\"user.password\");\n} }";
    check("java", "java", rule, code);
}

#[test]
fn text_is_composed_of_parts_that_can_carry_code() {
    let rule = "{pattern: st.executeQuery($Q), where: [{composed: {of: Q}}]}";
    let code = "class A {\n static final String T = \"acct\";\n void f(String s, int n) {\n\
        st.executeQuery(\"select \" + s); // !\n  st.executeQuery(\"select \" + n);\n  st.executeQuery(\"select \" + T);\n\
        st.executeQuery(s);\n  String q = \"select \";\n  q += s;\n  st.executeQuery(q); // !\n\
        String fixed = \"select \" + 1;\n  st.executeQuery(fixed);\n  st.executeQuery(String.format(\"select %s\", s)); // !\n\
        st.executeQuery(String.format(\"select %d\", n));\n  StringBuilder b = new StringBuilder(\"select \");\n  b.append(s);\n\
        st.executeQuery(b.toString()); // !\n }\n}";
    check("java", "java", rule, code);
    let python = "{pattern: cur.execute($Q), where: [{composed: {of: Q}}]}";
    let code = "def f(cur, s):\n    cur.execute(f\"select {s}\") # !\n    cur.execute(\"select 1\")\n    cur.execute(\"select %s\" % s) # !\n    cur.execute(\"select {}\".format(s)) # !\n    n = int(s)\n    cur.execute(\"select \" + str(n))\n";
    check("python", "py", python, code);
}

#[test]
fn an_annotation_stands_on_the_member_or_its_type() {
    let rule = "{pattern: run(), where: [{annotated: {with: Tx, on: member}}]}";
    check(
        "java",
        "java",
        rule,
        "@Tx class A {\n @Tx(readOnly = true) void f() {\n  run(); // !\n }\n void g() {\n  run();\n }\n}",
    );
    let rule = "{pattern: run(), where: [{annotated: {with: [Tx], on: type}}]}";
    check(
        "java",
        "java",
        rule,
        "@a.b.Tx\nclass A {\n void g() {\n  run(); // !\n }\n}\nclass B {\n @Tx void g() {\n  run();\n }\n}",
    );
}

#[test]
fn a_type_may_be_annotated_in_its_own_file() {
    let rule = "{kind: formal_parameter, has: {field: type, pattern: $T}, where: [{type_annotated: {of: T, with: Entity}}]}";
    let code = "class A {\n void f(Account a) {} // !\n void g(AccountView a) {}\n void h(Nowhere n) {}\n}";
    let others = [
        ("model/Account.java", "@Entity\npublic class Account {}"),
        ("model/AccountView.java", "import x.Entity;\npublic class AccountView {}"),
    ];
    check_among("java", "java", rule, code, &others);
}

#[test]
fn the_file_and_the_function_are_read_without_comments() {
    let rule = "{pattern: go(), where: [{function: {matches: 'secure'}}]}";
    check(
        "java",
        "java",
        rule,
        "class A {\n void f() { secure();\n  go(); // !\n }\n void g() { /* secure */\n  go();\n }\n}",
    );
    let rule = "{pattern: go(), where: [{not: {file: {matches: 'EXEC'}}}, {path: {matches: '*.java'}}]}";
    check("java", "java", rule, "class A { void f() {\n go(); // !\n} } // EXEC");
}

//! Rows of the table: general programming languages.

use super::{C_COMMENTS, HASH_COMMENTS, NO_KINDS, NO_MARKS, PLAIN, SCRIPT_COMMENTS, at, named};
use crate::row::{Declaration, Embedding, Kinds, Marks, Row, Sign};
use crate::{Language, exec_sql, flow};

const JAVA: &[Declaration] = &[
    named(
        "class_declaration interface_declaration enum_declaration record_declaration \
annotation_type_declaration enum_constant method_declaration constructor_declaration \
compact_constructor_declaration annotation_type_element_declaration",
    ),
    at("field_declaration constant_declaration", "declarator name"),
];
const TYPESCRIPT: &[Declaration] = &[named(
    "class_declaration abstract_class_declaration interface_declaration enum_declaration \
internal_module module type_alias_declaration function_declaration \
generator_function_declaration function_signature method_definition method_signature \
abstract_method_signature public_field_definition variable_declarator",
)];

/// For an expression and for a statement: alone they look like macros.
const C_FRAMES: &[(&str, &str)] = &[("void f() { x = ", "; }"), ("void f() { ", " }")];

pub(super) static ROWS: &[Row] = &[
    Row {
        language: Language::Java,
        name: "java",
        grammar: Some(|| tree_sitter_java::LANGUAGE.into()),
        expando: '$',
        marks: Marks { extensions: "java jav", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "line_comment block_comment",
            strings: "string_literal",
            identifiers: "identifier type_identifier",
            interpolations: "string_interpolation",
            joins: "binary_expression parenthesized_expression",
        },
        keywords: &[
            ("catch_clause", "catch"),
            ("record_declaration", "record"),
            ("throw_statement", "throw"),
        ],
        declarations: JAVA,
        embedding: Embedding::Literals,
        lower: Some(flow::java::lower),
        ..PLAIN
    },
    Row {
        language: Language::Kotlin,
        name: "kotlin",
        grammar: Some(|| tree_sitter_kotlin_ng::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks { extensions: "kt kts ktm", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "line_comment block_comment",
            strings: "string_literal multiline_string_literal",
            identifiers: "identifier",
            interpolations: "interpolation",
            joins: "binary_expression parenthesized_expression",
        },
        keywords: &[("catch_block", "catch")],
        declarations: &[
            named("class_declaration object_declaration companion_object function_declaration"),
            at("property_declaration", "variable_declaration identifier"),
            at("enum_entry", "identifier"),
        ],
        embedding: Embedding::Literals,
        ..PLAIN
    },
    Row {
        language: Language::Scala,
        name: "scala",
        grammar: Some(|| tree_sitter_scala::LANGUAGE.into()),
        expando: '$',
        marks: Marks { extensions: "scala sc sbt", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "comment block_comment",
            strings: "string interpolated_string",
            identifiers: "identifier type_identifier operator_identifier",
            interpolations: "interpolation",
            joins: "infix_expression parenthesized_expression interpolated_string_expression",
        },
        declarations: &[
            named(
                "class_definition object_definition trait_definition enum_definition given_definition \
function_definition function_declaration type_definition",
            ),
            at("val_definition", "pattern"),
            at("var_definition", "pattern"),
        ],
        embedding: Embedding::Literals,
        ..PLAIN
    },
    Row {
        language: Language::C,
        name: "c",
        grammar: Some(|| tree_sitter_c::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks { extensions: "c h ec pc pgc sqc", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "string_literal",
            identifiers: "identifier field_identifier type_identifier",
            ..NO_KINDS
        },
        declarations: &[
            at("function_definition", "declarator"),
            at("type_definition", "declarator"),
            named("struct_specifier union_specifier enum_specifier preproc_def preproc_function_def"),
        ],
        embedding: Embedding::ExecSql(";"),
        prepare: Some(exec_sql::prepare),
        pattern_frames: C_FRAMES,
        ..PLAIN
    },
    Row {
        language: Language::Cpp,
        name: "cpp",
        grammar: Some(|| tree_sitter_cpp::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks {
            extensions: "cpp cc cxx c++ hpp hh hxx h++ h ipp tpp inl ino cppm sqx",
            sign: Some(Sign {
                pattern: r#"^\s*(class\s+\w+|namespace\b|template\s*<|using\s|public\s*:|private\s*:|protected\s*:)|\bstd::"#,
                alone: false,
            }),
            ..NO_MARKS
        },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "string_literal raw_string_literal",
            identifiers: "identifier field_identifier type_identifier namespace_identifier",
            ..NO_KINDS
        },
        keywords: &[("catch_clause", "catch"), ("throw_statement", "throw")],
        declarations: &[
            at("function_definition", "declarator"),
            at("type_definition", "declarator"),
            named("struct_specifier union_specifier enum_specifier preproc_def preproc_function_def"),
            named("class_specifier namespace_definition concept_definition alias_declaration"),
        ],
        embedding: Embedding::ExecSql(";"),
        prepare: Some(exec_sql::prepare),
        ..PLAIN
    },
    Row {
        language: Language::CSharp,
        name: "csharp",
        grammar: Some(|| tree_sitter_c_sharp::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks { extensions: "cs csx cake", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "string_literal verbatim_string_literal raw_string_literal interpolated_string_expression",
            identifiers: "identifier",
            interpolations: "interpolation",
            joins: "binary_expression parenthesized_expression",
        },
        keywords: &[
            ("catch_clause", "catch"),
            ("record_declaration", "record"),
            ("throw_statement", "throw"),
        ],
        declarations: &[
            named(
                "namespace_declaration file_scoped_namespace_declaration class_declaration \
interface_declaration struct_declaration enum_declaration record_declaration \
enum_member_declaration method_declaration constructor_declaration \
destructor_declaration property_declaration event_declaration delegate_declaration \
local_function_statement",
            ),
            at("field_declaration", "variable_declaration variable_declarator name"),
        ],
        embedding: Embedding::Literals,
        ..PLAIN
    },
    Row {
        language: Language::Go,
        name: "go",
        grammar: Some(|| tree_sitter_go::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks { extensions: "go", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "interpreted_string_literal raw_string_literal",
            identifiers: "identifier field_identifier type_identifier package_identifier",
            joins: "binary_expression parenthesized_expression",
            ..NO_KINDS
        },
        keywords: &[("defer_statement", "defer")],
        declarations: &[
            at("method_declaration", "name"),
            named("function_declaration type_spec method_elem const_spec var_spec"),
        ],
        embedding: Embedding::Literals,
        lower: Some(flow::go::lower),
        ..PLAIN
    },
    Row {
        language: Language::Python,
        name: "python",
        grammar: Some(|| tree_sitter_python::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks {
            names: "SConstruct wscript",
            extensions: "py pyi pyw",
            interpreters: "python",
            ..NO_MARKS
        },
        comments: HASH_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "string",
            identifiers: "identifier",
            interpolations: "interpolation",
            joins: "binary_operator concatenated_string parenthesized_expression",
        },
        keywords: &[("except_clause", "except"), ("raise_statement", "raise")],
        declarations: &[named("class_definition function_definition")],
        embedding: Embedding::Literals,
        lower: Some(flow::python::lower),
        ..PLAIN
    },
    Row {
        language: Language::JavaScript,
        name: "javascript",
        grammar: Some(|| tree_sitter_javascript::LANGUAGE.into()),
        expando: '$',
        marks: Marks { extensions: "js mjs cjs jsx es6", interpreters: "node", ..NO_MARKS },
        comments: SCRIPT_COMMENTS,
        kinds: Kinds {
            comments: "comment html_comment",
            strings: "string template_string",
            identifiers: "identifier property_identifier private_property_identifier shorthand_property_identifier \
statement_identifier",
            interpolations: "template_substitution",
            joins: "binary_expression parenthesized_expression",
        },
        keywords: &[("catch_clause", "catch"), ("throw_statement", "throw")],
        declarations: &[
            named(
                "class_declaration function_declaration generator_function_declaration method_definition \
variable_declarator",
            ),
            at("field_definition", "property"),
        ],
        embedding: Embedding::Literals,
        lower: Some(flow::javascript::lower),
        ..PLAIN
    },
    Row {
        language: Language::TypeScript,
        name: "typescript",
        grammar: Some(|| tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        expando: '$',
        marks: Marks { extensions: "ts mts cts", interpreters: "deno", ..NO_MARKS },
        comments: SCRIPT_COMMENTS,
        kinds: Kinds {
            comments: "comment html_comment",
            strings: "string template_string",
            identifiers: "identifier type_identifier property_identifier private_property_identifier \
shorthand_property_identifier statement_identifier",
            interpolations: "template_substitution",
            joins: "binary_expression parenthesized_expression",
        },
        keywords: &[("catch_clause", "catch"), ("throw_statement", "throw")],
        declarations: TYPESCRIPT,
        embedding: Embedding::Literals,
        lower: Some(flow::javascript::lower),
        ..PLAIN
    },
    Row {
        language: Language::Tsx,
        name: "tsx",
        grammar: Some(|| tree_sitter_typescript::LANGUAGE_TSX.into()),
        expando: '$',
        marks: Marks { extensions: "tsx", ..NO_MARKS },
        comments: SCRIPT_COMMENTS,
        kinds: Kinds {
            comments: "comment html_comment",
            strings: "string template_string",
            identifiers: "identifier type_identifier property_identifier private_property_identifier \
shorthand_property_identifier statement_identifier",
            interpolations: "template_substitution",
            joins: "binary_expression parenthesized_expression",
        },
        keywords: &[("catch_clause", "catch"), ("throw_statement", "throw")],
        declarations: TYPESCRIPT,
        embedding: Embedding::Literals,
        lower: Some(flow::javascript::lower),
        ..PLAIN
    },
    Row {
        language: Language::Rust,
        name: "rust",
        grammar: Some(|| tree_sitter_rust::LANGUAGE.into()),
        expando: 'µ',
        marks: Marks { extensions: "rs", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "line_comment block_comment",
            strings: "string_literal raw_string_literal",
            identifiers: "identifier type_identifier field_identifier shorthand_field_identifier",
            ..NO_KINDS
        },
        declarations: &[
            named(
                "mod_item struct_item enum_item union_item trait_item function_item \
function_signature_item const_item static_item type_item macro_definition",
            ),
            at("impl_item", "type"),
        ],
        embedding: Embedding::Literals,
        ..PLAIN
    },
    Row {
        language: Language::Groovy,
        name: "groovy",
        grammar: Some(|| tree_sitter_groovy::LANGUAGE.into()),
        expando: '$',
        marks: Marks {
            names: "Jenkinsfile",
            extensions: "groovy gradle gvy gy gsh",
            interpreters: "groovy",
            ..NO_MARKS
        },
        comments: C_COMMENTS,
        kinds: Kinds {
            comments: "line_comment block_comment",
            strings: "string_literal",
            identifiers: "identifier type_identifier",
            interpolations: "string_interpolation",
            joins: "binary_expression parenthesized_expression",
        },
        declarations: &[
            named(
                "class_declaration interface_declaration enum_declaration record_declaration \
annotation_type_declaration enum_constant method_declaration constructor_declaration \
compact_constructor_declaration annotation_type_element_declaration",
            ),
            at("field_declaration constant_declaration", "declarator name"),
            named("function_definition"),
        ],
        embedding: Embedding::Literals,
        ..PLAIN
    },
    Row {
        language: Language::Bash,
        name: "bash",
        grammar: Some(|| tree_sitter_bash::LANGUAGE.into()),
        expando: '$',
        marks: Marks {
            names: ".bashrc .bash_profile .profile",
            extensions: "sh bash ksh zsh",
            interpreters: "sh bash ksh zsh dash ash",
            ..NO_MARKS
        },
        comments: HASH_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "string raw_string ansi_c_string heredoc_body",
            identifiers: "variable_name command_name",
            interpolations: "expansion simple_expansion command_substitution",
            ..NO_KINDS
        },
        declarations: &[named("function_definition")],
        ..PLAIN
    },
];

//! Rows of the table: what banks keep beside programs, and the languages of the mainframe.

use super::{C_COMMENTS, HASH_COMMENTS, NO_COMMENTS, NO_KINDS, NO_MARKS, PLAIN, at};
use crate::row::{Comments, Declaration, Embedding, Kinds, Marks, Row, Sign};
use crate::{Language, cobol};

const SQL_COMMENTS: Comments = Comments { line: "--", block: &[("/*", "*/")], ..NO_COMMENTS };
const XML_COMMENTS: Comments = Comments { block: &[("<!--", "-->")], ..NO_COMMENTS };
const JCL_COMMENTS: Comments = Comments { line_start: "//*", ..NO_COMMENTS };
const PROPERTIES_COMMENTS: Comments = Comments { line_start: "# !", ..NO_COMMENTS };
const COBOL_COMMENTS: Comments = Comments { line: "*>", column_seven: b"*/", ..NO_COMMENTS };

/// For a statement, a data description, an expression.
const COBOL_FRAMES: &[(&str, &str)] = &[
    ("       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n           ", "\n"),
    (
        "       IDENTIFICATION DIVISION.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n           ",
        "\n",
    ),
    ("       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n           DISPLAY ", ".\n"),
];

/// An element is told apart from its like by its id or name.
const ELEMENT: Declaration =
    Declaration { kinds: "element", path: "STag EmptyElemTag Name", keys: "id name" };

const SQL: &[Declaration] = &[
    at(
        "create_table create_view create_materialized_view create_function \
         create_trigger create_sequence create_type",
        "object_reference name",
    ),
    at("create_schema create_database create_role create_index", "identifier"),
];

pub(super) static ROWS: &[Row] = &[
    Row {
        language: Language::Sql,
        name: "sql",
        grammar: Some(|| tree_sitter_sequel::LANGUAGE.into()),
        expando: '_',
        marks: Marks { extensions: "sql ddl dml pgsql mysql", ..NO_MARKS },
        comments: SQL_COMMENTS,
        kinds: Kinds {
            comments: "comment marginalia",
            strings: "literal",
            identifiers: "identifier",
            ..NO_KINDS
        },
        declarations: SQL,
        ..PLAIN
    },
    Row {
        language: Language::PlSql,
        name: "plsql",
        grammar: Some(|| tree_sitter_sequel::LANGUAGE.into()),
        expando: '_',
        marks: Marks {
            extensions: "sql pls pks pkb plb plsql pck pkg spc bdy prc fnc trg tps tpb",
            sign: Some(Sign {
                pattern: r"^\s*create\s+(or\s+replace\s+)?((non)?editionable\s+)?(package|procedure|function|trigger|type\s+body)\b|^\s*declare\b(?s:.*)^\s*begin\b(?s:.*)^\s*end\b",
                alone: false,
            }),
            ..NO_MARKS
        },
        comments: SQL_COMMENTS,
        kinds: Kinds {
            comments: "comment marginalia",
            strings: "literal",
            identifiers: "identifier",
            ..NO_KINDS
        },
        declarations: SQL,
        ..PLAIN
    },
    Row {
        language: Language::Cobol,
        name: "cobol",
        grammar: Some(|| arborium_cobol::language().into()),
        expando: '0',
        marks: Marks {
            extensions: "cbl cob cobol cpy pco sqb ccp cpb lcb",
            sign: Some(Sign {
                pattern: r"^(.{6} )?\s*(\d{6})?\s*(identification|id)\s+division\s*\.",
                alone: true,
            }),
            ..NO_MARKS
        },
        comments: COBOL_COMMENTS,
        kinds: Kinds { strings: "string x_string n_string h_string", identifiers: "WORD", ..NO_KINDS },
        declarations: &[
            at("program_definition", "identification_division program_name"),
            at("data_description", "entry_name"),
        ],
        headers: &[at("section_header", "name"), at("paragraph_header", "name")],
        embedding: Embedding::ExecSql("END-EXEC"),
        prepare: Some(cobol::prepare),
        pattern_frames: COBOL_FRAMES,
        ..PLAIN
    },
    Row {
        language: Language::Jcl,
        name: "jcl",
        expando: 'µ',
        marks: Marks {
            extensions: "jcl prc proc",
            sign: Some(Sign { pattern: r"\A//[A-Z@#$][A-Z0-9@#$]*\s+(JOB|PROC|EXEC)\b", alone: true }),
            ..NO_MARKS
        },
        comments: JCL_COMMENTS,
        ..PLAIN
    },
    Row {
        language: Language::Yaml,
        name: "yaml",
        grammar: Some(|| tree_sitter_yaml::LANGUAGE.into()),
        expando: '$',
        marks: Marks { extensions: "yaml yml", ..NO_MARKS },
        comments: HASH_COMMENTS,
        kinds: Kinds {
            comments: "comment",
            strings: "plain_scalar single_quote_scalar double_quote_scalar block_scalar",
            ..NO_KINDS
        },
        declarations: &[at("block_mapping_pair", "key"), at("flow_pair", "key")],
        ..PLAIN
    },
    Row {
        language: Language::Xml,
        name: "xml",
        grammar: Some(|| tree_sitter_xml::LANGUAGE_XML.into()),
        expando: '$',
        marks: Marks {
            extensions: "xml xsd xsl xslt wsdl xmi jrxml csproj vbproj fsproj props targets nuspec pom xaml fxml \
dtsx bpmn dmn tld",
            sign: Some(Sign { pattern: r"\A\s*<\?xml\b", alone: true }),
            ..NO_MARKS
        },
        comments: XML_COMMENTS,
        kinds: Kinds { comments: "Comment", strings: "AttValue CharData", identifiers: "Name", ..NO_KINDS },
        declarations: &[ELEMENT],
        embedding: Embedding::Mapper,
        nests_by_tags: true,
        ..PLAIN
    },
    Row {
        language: Language::Json,
        name: "json",
        grammar: Some(|| tree_sitter_json::LANGUAGE.into()),
        expando: '$',
        marks: Marks { extensions: "json jsonc json5 avsc geojson", ..NO_MARKS },
        comments: C_COMMENTS,
        kinds: Kinds { comments: "comment", strings: "string", ..NO_KINDS },
        declarations: &[at("pair", "key")],
        ..PLAIN
    },
    Row {
        language: Language::Properties,
        name: "properties",
        grammar: Some(|| tree_sitter_properties::LANGUAGE.into()),
        expando: '$',
        marks: Marks { extensions: "properties", ..NO_MARKS },
        comments: PROPERTIES_COMMENTS,
        kinds: Kinds { comments: "comment", strings: "value", identifiers: "key", ..NO_KINDS },
        declarations: &[at("property", "key")],
        ..PLAIN
    },
];

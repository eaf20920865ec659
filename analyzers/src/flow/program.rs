//! The files under analysis as one program: which module a path means, which type a name means, who has a method.
//!
//! What is not found here is outside the program and stands for itself by its dotted path.

use std::collections::HashMap;

use grammars::Language;
use grammars::flow::{Function, FunctionId, TypeDeclaration, TypeId, TypeName, Unit};

use crate::flow::value::{FunctionRef, TypeRef};

/// A file of the program.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) language: Language,
    pub(crate) unit: Unit,
    /// The module it belongs to.
    pub(crate) module: u32,
}

/// Files that share a scope: those of a package in Go, one file elsewhere.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) units: Vec<u32>,
    functions: HashMap<String, FunctionRef>,
    types: HashMap<String, Vec<TypeRef>>,
}

/// Every file under analysis.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) files: Vec<File>,
    pub(crate) modules: Vec<Module>,
    by_path: HashMap<String, u32>,
    by_full_name: HashMap<String, TypeRef>,
    by_simple_name: HashMap<String, Vec<TypeRef>>,
    functions_by_name: HashMap<String, Vec<FunctionRef>>,
    directories: HashMap<String, u32>,
    /// By file and type, the types above that are of the program.
    above: Vec<Vec<Vec<TypeRef>>>,
}

/// What a path in an import may end in, in the order in which it is tried.
const SCRIPT_ENDINGS: [&str; 13] = [
    "",
    ".js",
    ".ts",
    ".tsx",
    ".jsx",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    "/index.js",
    "/index.ts",
    "/index.tsx",
    "/index.jsx",
];

impl Program {
    /// Puts files together; in the order of their paths, so that numbers do not depend on who reads them first.
    pub(crate) fn new(mut files: Vec<(String, Language, Unit)>) -> Self {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        let mut program = Self::default();
        for (path, language, unit) in files {
            program.add(path, language, unit);
        }
        let above = (0..program.files.len() as u32).map(|unit| {
            let count = program.files[unit as usize].unit.types.len() as u32;
            (0..count).map(|index| program.find_supers(TypeRef { unit, of_type: TypeId(index) })).collect()
        });
        program.above = above.collect();
        program
    }

    fn add(&mut self, path: String, language: Language, unit: Unit) {
        let number = self.files.len() as u32;
        let module = self.module_for(&path, language, &unit);
        self.modules[module as usize].units.push(number);
        self.by_path.insert(path.clone(), number);
        for (index, function) in unit.functions.iter().enumerate().skip(1) {
            let at = FunctionRef { unit: number, function: FunctionId(index as u32) };
            if function.owner.is_none() && !function.name.is_empty() && !function.flags.keeps_this {
                self.modules[module as usize].functions.entry(function.name.clone()).or_insert(at);
            }
            self.functions_by_name.entry(function.name.clone()).or_default().push(at);
        }
        for (index, declaration) in unit.types.iter().enumerate() {
            let at = TypeRef { unit: number, of_type: TypeId(index as u32) };
            let full = full_name(&unit, declaration);
            self.by_full_name.entry(full).or_insert(at);
            self.by_simple_name.entry(declaration.name.clone()).or_default().push(at);
            self.modules[module as usize].types.entry(declaration.name.clone()).or_default().push(at);
        }
        self.files.push(File { path, language, unit, module });
    }

    fn module_for(&mut self, path: &str, language: Language, unit: &Unit) -> u32 {
        let fresh = self.modules.len() as u32;
        if language == Language::Go {
            let directory = directory(path).to_owned();
            let key = format!("{directory}\n{}", unit.package);
            if let Some(&known) = self.directories.get(&key) {
                return known;
            }
            self.directories.insert(key, fresh);
            self.directories.entry(directory).or_insert(fresh);
        }
        self.modules.push(Module::default());
        fresh
    }

    pub(crate) fn file(&self, unit: u32) -> &File {
        &self.files[unit as usize]
    }

    pub(crate) fn function(&self, at: FunctionRef) -> &Function {
        &self.files[at.unit as usize].unit.functions[at.function.0 as usize]
    }

    pub(crate) fn declaration(&self, at: TypeRef) -> &TypeDeclaration {
        &self.files[at.unit as usize].unit.types[at.of_type.0 as usize]
    }

    pub(crate) fn functions_named(&self, name: &str) -> &[FunctionRef] {
        self.functions_by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// A function that stands by itself, by the name it has in a module.
    pub(crate) fn module_function(&self, module: u32, name: &str) -> Option<FunctionRef> {
        self.modules[module as usize].functions.get(name).copied()
    }

    /// A type that a module declares.
    pub(crate) fn module_type(&self, module: u32, name: &str) -> Option<TypeRef> {
        let all = self.modules[module as usize].types.get(name)?;
        let whole = all.iter().find(|at| !self.declaration(**at).range.is_empty());
        whole.or(all.first()).copied()
    }

    /// The module that an import's path means, seen from a file.
    pub(crate) fn module(&self, from: u32, path: &str, level: u32) -> Option<u32> {
        let file = self.file(from);
        let found = match file.language {
            Language::JavaScript | Language::TypeScript | Language::Tsx => self.script(&file.path, path),
            Language::Python => self.python_module(&file.path, path, level),
            Language::Go => return self.go_package(path),
            _ => None,
        };
        found.map(|unit| self.files[unit as usize].module)
    }

    fn script(&self, from: &str, path: &str) -> Option<u32> {
        if !path.starts_with('.') {
            return None;
        }
        let joined = join(directory(from), path)?;
        let bare = joined.strip_suffix(".js").unwrap_or(&joined);
        let tried = SCRIPT_ENDINGS.iter().map(|ending| format!("{joined}{ending}"));
        let typed = [".ts", ".tsx"].iter().map(|ending| format!("{bare}{ending}"));
        tried.chain(typed).find_map(|path| self.by_path.get(path.as_str()).copied())
    }

    fn python_module(&self, from: &str, path: &str, level: u32) -> Option<u32> {
        let inner = path.replace('.', "/");
        let found = |directory: &str| {
            let base = match (directory.is_empty(), inner.is_empty()) {
                (_, true) => directory.to_owned(),
                (true, _) => inner.clone(),
                _ => format!("{directory}/{inner}"),
            };
            let init = if base.is_empty() { "__init__.py".to_owned() } else { format!("{base}/__init__.py") };
            self.by_path.get(&format!("{base}.py")).or_else(|| self.by_path.get(&init)).copied()
        };
        let mut around = directory(from);
        if level > 0 {
            for _ in 1..level {
                around = directory(around);
            }
            return found(around);
        }
        loop {
            if let Some(unit) = found(around) {
                return Some(unit);
            }
            if around.is_empty() {
                return None;
            }
            around = directory(around);
        }
    }

    /// The package whose directory ends as the import path does, the longer the better.
    fn go_package(&self, path: &str) -> Option<u32> {
        let mut rest = path;
        loop {
            if let Some(&module) = self.directories.get(rest) {
                return Some(module);
            }
            let ending = format!("/{rest}");
            let mut within: Vec<_> = self
                .directories
                .iter()
                .filter(|(directory, _)| !directory.contains('\n') && directory.ends_with(&ending))
                .collect();
            within.sort();
            if let Some((_, module)) = within.first() {
                return Some(**module);
            }
            rest = rest.split_once('/')?.1;
        }
    }

    /// The type that a name means in a file, inside a type where one is given.
    pub(crate) fn resolve_type(&self, from: u32, inside: Option<TypeRef>, name: &str) -> Option<TypeRef> {
        let name = name.replace("::", ".");
        if let Some((first, rest)) = name.split_once('.') {
            let is_go = self.file(from).language == Language::Go;
            if let Some(&found) = self.by_full_name.get(&name).filter(|_| !is_go) {
                return Some(found);
            }
            if let Some(module) = self.imported_module(from, first) {
                return self.module_type(module, rest);
            }
            let outer = self.resolve_type(from, inside, first)?;
            return rest.split('.').try_fold(outer, |outer, part| self.nested(outer, part));
        }
        let mut around = inside;
        while let Some(at) = around {
            if self.declaration(at).name == name {
                return Some(at);
            }
            if let Some(found) = self.nested_or_inherited(at, &name, 0) {
                return Some(found);
            }
            let outer = self.declaration(at).outer;
            around = outer.map(|outer| TypeRef { unit: at.unit, of_type: outer });
        }
        self.by_scope(from, &name)
    }

    fn by_scope(&self, from: u32, name: &str) -> Option<TypeRef> {
        let file = self.file(from);
        if let Some(found) = self.module_type(file.module, name) {
            return Some(found);
        }
        let unit = &file.unit;
        for import in unit.imports.iter().filter(|import| import.name == name) {
            if let Some(&found) = self.by_full_name.get(&import.path) {
                return Some(found);
            }
        }
        let package =
            if unit.package.is_empty() { name.to_owned() } else { format!("{}.{name}", unit.package) };
        if let Some(&found) = self.by_full_name.get(&package)
            && self.file(found.unit).language == file.language
        {
            return Some(found);
        }
        for import in unit.imports.iter().filter(|import| import.name == "*") {
            if let Some(&found) = self.by_full_name.get(&format!("{}.{name}", import.path)) {
                return Some(found);
            }
        }
        let loose = matches!(
            file.language,
            Language::Python
                | Language::JavaScript
                | Language::TypeScript
                | Language::Tsx
                | Language::Cpp
                | Language::C
        );
        let named = self.by_simple_name.get(name)?;
        (loose && named.len() == 1).then(|| named[0])
    }

    /// The module that an import's name stands for in a file.
    pub(crate) fn imported_module(&self, from: u32, name: &str) -> Option<u32> {
        let unit = &self.file(from).unit;
        let import = unit.imports.iter().find(|import| import.name == name)?;
        self.module(from, &import.path, 0)
    }

    fn nested(&self, outer: TypeRef, name: &str) -> Option<TypeRef> {
        let types = &self.file(outer.unit).unit.types;
        let at = types.iter().position(|inner| inner.outer == Some(outer.of_type) && inner.name == name)?;
        Some(TypeRef { unit: outer.unit, of_type: TypeId(at as u32) })
    }

    fn nested_or_inherited(&self, at: TypeRef, name: &str, depth: usize) -> Option<TypeRef> {
        if depth > 16 {
            return None;
        }
        self.nested(at, name).or_else(|| {
            let supers = self.supers(at);
            supers.into_iter().find_map(|above| self.nested_or_inherited(above, name, depth + 1))
        })
    }

    /// The type of a full dotted name.
    pub(crate) fn type_named(&self, full: &str) -> Option<TypeRef> {
        self.by_full_name.get(full).copied()
    }

    /// The type that a type, or one above it, declares inside.
    pub(crate) fn resolve_inside(&self, at: TypeRef, name: &str) -> Option<TypeRef> {
        self.nested_or_inherited(at, name, 0)
    }

    /// The type that declares a field or method, seen from a type: itself or one above; and whether it belongs to the type.
    pub(crate) fn field(&self, at: TypeRef, name: &str, depth: usize) -> Option<(TypeRef, bool)> {
        for part in self.parts(at) {
            let declaration = self.declaration(part);
            if let Some(field) = declaration.fields.iter().find(|field| field.name == name) {
                return Some((part, field.is_static));
            }
            let mut methods = declaration
                .methods
                .iter()
                .map(|id| self.function(FunctionRef { unit: part.unit, function: *id }));
            if let Some(method) = methods.find(|method| method.name == name && !method.flags.is_constructor) {
                return Some((part, method.flags.is_static));
            }
        }
        let supers = if depth < 12 { self.supers(at) } else { Vec::new() };
        supers.into_iter().find_map(|above| self.field(above, name, depth + 1))
    }

    /// The types of the program that a type extends, in the order written.
    pub(crate) fn supers(&self, at: TypeRef) -> Vec<TypeRef> {
        match self.above.get(at.unit as usize).and_then(|types| types.get(at.of_type.0 as usize)) {
            Some(known) => known.clone(),
            None => self.find_supers(at),
        }
    }

    fn find_supers(&self, at: TypeRef) -> Vec<TypeRef> {
        let declaration = self.declaration(at);
        let outer = declaration.outer.map(|outer| TypeRef { unit: at.unit, of_type: outer });
        let named = declaration.supers.iter().filter(|name| name.simple() != declaration.name);
        named
            .filter_map(|name| self.resolve_type(at.unit, outer, &name.name))
            .filter(|found| *found != at)
            .collect()
    }

    /// The names of types outside the program that a type extends, near ones first.
    pub(crate) fn library_supers(&self, at: TypeRef, depth: usize) -> Vec<TypeName> {
        let mut names = Vec::new();
        if depth > 16 {
            return names;
        }
        let declaration = self.declaration(at);
        let outer = declaration.outer.map(|outer| TypeRef { unit: at.unit, of_type: outer });
        for name in &declaration.supers {
            match self.resolve_type(at.unit, outer, &name.name) {
                Some(found) if found != at => names.extend(self.library_supers(found, depth + 1)),
                Some(_) => {}
                None => names.push(name.clone()),
            }
        }
        names
    }

    /// Whether a type is another or extends it.
    pub(crate) fn is_a(&self, at: TypeRef, other: TypeRef) -> bool {
        let mut seen = vec![at];
        let mut next = 0;
        while next < seen.len() && seen.len() < 64 {
            let current = seen[next];
            if current == other {
                return true;
            }
            next += 1;
            seen.extend(self.supers(current));
        }
        false
    }

    /// The declarations of one type: in Go, methods may stand in other files than the type.
    pub(crate) fn parts(&self, at: TypeRef) -> Vec<TypeRef> {
        let module = self.file(at.unit).module;
        let name = &self.declaration(at).name;
        if self.file(at.unit).language != Language::Go || name.is_empty() {
            return vec![at];
        }
        self.modules[module as usize].types.get(name).cloned().unwrap_or_else(|| vec![at])
    }

    /// The functions that a type itself declares under a name.
    pub(crate) fn own_methods(&self, at: TypeRef, name: &str) -> Vec<FunctionRef> {
        let parts = self.parts(at).into_iter();
        parts
            .flat_map(|part| {
                self.declaration(part)
                    .methods
                    .iter()
                    .map(move |id| FunctionRef { unit: part.unit, function: *id })
            })
            .filter(|method| self.function(*method).name == name)
            .collect()
    }

    /// The functions that a type has under a name: its own, or those of the nearest type above that has a body for one.
    pub(crate) fn methods(&self, at: TypeRef, name: &str, depth: usize) -> Vec<FunctionRef> {
        let mut found = self.own_methods(at, name);
        if depth < 16 {
            for above in self.supers(at) {
                let inherited = self.methods(above, name, depth + 1);
                let arity = |at: &FunctionRef| self.function(*at).parameters.len();
                let fresh: Vec<_> = inherited
                    .into_iter()
                    .filter(|method| {
                        !found
                            .iter()
                            .any(|own| arity(own) == arity(method) && self.function(*own).body.is_some())
                    })
                    .collect();
                found.extend(fresh);
            }
        }
        found
    }

    /// Types that are or extend a type and that objects can be made of, at most `limit`.
    pub(crate) fn implementers(&self, at: TypeRef, limit: usize) -> Vec<TypeRef> {
        let all = self.files.iter().enumerate().flat_map(|(unit, file)| {
            (0..file.unit.types.len())
                .map(move |index| TypeRef { unit: unit as u32, of_type: TypeId(index as u32) })
        });
        let concrete =
            all.filter(|found| !self.declaration(*found).is_abstract && self.implements(*found, at));
        concrete.take(limit + 1).collect()
    }

    pub(crate) fn implements(&self, found: TypeRef, at: TypeRef) -> bool {
        if self.is_a(found, at) {
            return true;
        }
        let wanted = self.declaration(at);
        if self.file(at.unit).language != Language::Go || !wanted.is_abstract || wanted.methods.is_empty() {
            return false;
        }
        let names =
            wanted.methods.iter().map(|id| &self.function(FunctionRef { unit: at.unit, function: *id }).name);
        let mut names = names.filter(|name| !name.is_empty());
        names.all(|name| !self.own_methods(found, name).is_empty())
    }
}

fn full_name(unit: &Unit, declaration: &TypeDeclaration) -> String {
    let mut parts = vec![declaration.name.as_str()];
    let mut outer = declaration.outer;
    while let Some(id) = outer {
        let around = &unit.types[id.0 as usize];
        parts.push(&around.name);
        outer = around.outer;
    }
    if !unit.package.is_empty() {
        parts.push(&unit.package);
    }
    parts.reverse();
    parts.join(".")
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A relative path from a directory; none where it leaves the repository.
fn join(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let root = if directory.starts_with('/') { "/" } else { "" };
    Some(format!("{root}{}", parts.join("/")))
}

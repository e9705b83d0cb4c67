//! The modules of one crate target, as its `mod` declarations make them, and what each name in them stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItem, Item, ItemMod, ItemUse, Meta, UseTree};

/// The number of a module in [`Modules::all`]; the root is 0.
pub type Id = usize;

/// One module: a file, or a `mod` with a body within one.
pub struct Module {
    /// The file it is in; an inline module shares it with its parent.
    pub file: PathBuf,
    parent: Option<Id>,
    /// All but its `mod` declarations.
    pub items: Vec<Item>,
    children: BTreeMap<String, Id>,
    /// What it defines itself: neither modules nor what it imports.
    defined: BTreeSet<String>,
    /// Imported names, and the paths that they stand for.
    imported: BTreeMap<String, Vec<Vec<String>>>,
    globs: Vec<Vec<String>>,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Module(Id),
    /// Something that this module defines, under this name or, by a macro, unseen.
    Item(Id),
}

/// All modules of a crate target.
pub struct Modules {
    pub all: Vec<Module>,
    /// Files that are compiled for unit tests only, which are not read further.
    pub for_tests: Vec<PathBuf>,
}

/// Gives the text of a file, `None` when there is none.
pub type Read<'a> = &'a dyn Fn(&Path) -> Option<String>;

impl Modules {
    /// Reads the tree below `root`, without what is compiled for unit tests only.
    pub fn read(root: &Path, read: Read) -> Result<Self> {
        let mut modules = Self { all: Vec::new(), for_tests: Vec::new() };
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        modules.add_file(root, &folder, None, read)?;
        Ok(modules)
    }

    fn add_file(&mut self, file: &Path, folder: &Path, parent: Option<Id>, read: Read) -> Result<Id> {
        let text = read(file).with_context(|| format!("there is no {}", file.display()))?;
        let parsed = syn::parse_file(&text).with_context(|| format!("{} is not Rust", file.display()))?;
        self.add(file, folder, parent, parsed.items, read)
    }

    /// `folder` is where files of the children are looked for.
    fn add(&mut self, file: &Path, folder: &Path, parent: Option<Id>, items: Vec<Item>, read: Read) -> Result<Id> {
        let id = self.all.len();
        let mut names = Names::default();
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            names.defined.extend(defined_name(item).map(Ident::to_string));
            names.visit_item(item);
        }
        let (defined, imported, globs) = (names.defined, names.imported, names.globs);
        let (declared, items): (Vec<Item>, Vec<Item>) =
            items.into_iter().partition(|item| matches!(item, Item::Mod(_)));
        self.all.push(Module {
            file: file.to_owned(),
            parent,
            items,
            children: BTreeMap::new(),
            defined,
            imported,
            globs,
        });
        for item in declared {
            let Item::Mod(module) = item else { continue };
            let is_for_tests = is_for_tests(&module.attrs);
            let name = module.ident.to_string();
            let below = folder.join(&name);
            let child = match module.content {
                Some(_) if is_for_tests => continue,
                Some((_, items)) => self.add(file, &below, Some(id), items, read)?,
                None => {
                    let named = file.parent().unwrap_or(Path::new(""));
                    let candidates = match path_attribute(&module.attrs) {
                        Some(path) => vec![normal(&named.join(path))],
                        None => vec![folder.join(format!("{name}.rs")), below.join("mod.rs")],
                    };
                    let Some(found) = candidates.into_iter().find(|path| read(path).is_some()) else {
                        bail!("no file for `mod {name}` of {}", file.display());
                    };
                    if is_for_tests {
                        self.for_tests.push(found);
                        continue;
                    }
                    self.add_file(&found, &below, Some(id), read)?
                }
            };
            self.all[id].children.insert(name, child);
        }
        Ok(id)
    }

    /// Whether a glob import of the module takes in more than re-exports.
    pub fn defines_something(&self, id: Id) -> bool {
        !self.all[id].defined.is_empty()
    }

    /// Whether the module itself defines the name, macros aside.
    pub fn defines(&self, id: Id, name: &str) -> bool {
        self.all[id].defined.contains(name)
    }

    /// Where `path`, written in module `from`, leads; `None` for other crates, local names and the prelude.
    pub fn resolve(&self, from: Id, path: &[String]) -> Option<Target> {
        self.follow(from, path, &mut BTreeSet::new())
    }

    fn follow(&self, from: Id, path: &[String], seen: &mut BTreeSet<(Id, String)>) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.all[from].parent?),
            name => self.look_up(from, name, rest.is_empty(), seen)?,
        };
        for (index, name) in rest.iter().enumerate() {
            let Target::Module(module) = at else { break };
            at = match name.as_str() {
                "super" => Target::Module(self.all[module].parent?),
                "self" => at,
                // A name that is not found is made by a macro, or of a crate that is imported there with a glob.
                _ => self.look_up(module, name, index + 1 == rest.len(), seen).unwrap_or(Target::Item(module)),
            };
        }
        Some(at)
    }

    /// A module and a function may share a name: `is_last` says that the path ends with it, so that the function is meant.
    fn look_up(&self, id: Id, name: &str, is_last: bool, seen: &mut BTreeSet<(Id, String)>) -> Option<Target> {
        let module = &self.all[id];
        let child = module.children.get(name).map(|child| Target::Module(*child));
        if let Some(child) = child.filter(|_| !is_last) {
            return Some(child);
        }
        if module.defined.contains(name) {
            return Some(Target::Item(id));
        }
        if !seen.insert((id, name.to_owned())) {
            return child;
        }
        let mut found = None;
        for path in module.imported.get(name).into_iter().flatten() {
            found = found.or_else(|| self.follow(id, path, seen));
        }
        for glob in &module.globs {
            let of_glob = || match self.follow(id, glob, seen)? {
                Target::Module(other) if other != id => self.look_up(other, name, is_last, seen),
                _ => None,
            };
            found = found.or_else(of_glob);
        }
        seen.remove(&(id, name.to_owned()));
        found.or(child)
    }
}

/// Collects what a module imports, in function bodies too, but not what its inline modules import.
#[derive(Default)]
struct Names {
    defined: BTreeSet<String>,
    imported: BTreeMap<String, Vec<Vec<String>>>,
    globs: Vec<Vec<String>>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !is_for_tests(attributes_within(item)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, _: &'ast ItemMod) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_some() {
            return;
        }
        for leaf in leaves(&item.tree) {
            match leaf {
                Leaf::Glob(path) => self.globs.push(path),
                Leaf::Name { path, name } => self.imported.entry(name).or_default().push(path),
            }
        }
    }
}

/// One name that a `use` brings in.
pub enum Leaf {
    Glob(Vec<String>),
    Name { path: Vec<String>, name: String },
}

/// The names of a `use` with braces in it, each with its whole path.
pub fn leaves(tree: &UseTree) -> Vec<Leaf> {
    fn walk(tree: &UseTree, before: &[String], leaves: &mut Vec<Leaf>) {
        let with = |ident: &Ident| [before, &[ident.to_string()]].concat();
        let whole = |ident: &Ident| if ident == "self" && !before.is_empty() { before.to_vec() } else { with(ident) };
        match tree {
            UseTree::Path(path) => walk(&path.tree, &with(&path.ident), leaves),
            UseTree::Group(group) => group.items.iter().for_each(|tree| walk(tree, before, leaves)),
            UseTree::Glob(_) => leaves.push(Leaf::Glob(before.to_vec())),
            UseTree::Name(name) => {
                let path = whole(&name.ident);
                let name = path.last().cloned().unwrap_or_default();
                leaves.push(Leaf::Name { path, name });
            }
            UseTree::Rename(name) => {
                leaves.push(Leaf::Name { path: whole(&name.ident), name: name.rename.to_string() });
            }
        }
    }
    let mut all = Vec::new();
    walk(tree, &[], &mut all);
    all
}

fn defined_name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

pub fn attributes_within(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Const(item) => &item.attrs,
        ImplItem::Fn(item) => &item.attrs,
        ImplItem::Type(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether it is compiled for unit tests only: `cfg(test)`, or `cfg(all(test, …))`.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test" || condition.starts_with("all(test,") || condition.starts_with("all(test)")
        }
        _ => false,
    })
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

/// The path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() == ".." {
            normal.pop();
        } else {
            normal.push(part);
        }
    }
    normal
}

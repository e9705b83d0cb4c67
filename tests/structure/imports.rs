//! Which file uses what of which other file, and the circles that come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemMod, ItemUse, Macro, Visibility};

use crate::modules::{Id, Leaf, Modules, Read, Target, attributes, attributes_within, is_for_tests, leaves};

/// The names by which a file uses another, by the two files.
#[derive(Default)]
pub struct Arrows {
    names: BTreeMap<(PathBuf, PathBuf), BTreeSet<String>>,
    /// Every file of the tree, used or not, those of unit tests included.
    pub files: BTreeSet<PathBuf>,
}

impl Arrows {
    /// Of the crate target with this root.
    pub fn of(root: &Path, read: Read) -> Result<Self> {
        let modules = Modules::read(root, read)?;
        let mut arrows = Self { files: modules.for_tests.iter().cloned().collect(), ..Self::default() };
        for (id, module) in modules.all.iter().enumerate() {
            arrows.files.insert(module.file.clone());
            let mut uses = Uses { modules: &modules, from: id, arrows: &mut arrows };
            module.items.iter().for_each(|item| uses.visit_item(item));
        }
        Ok(arrows)
    }

    /// Each set of files of which every one leads to every other, with the arrows that tie it.
    pub fn circles(&self) -> Vec<String> {
        let reached: BTreeMap<&Path, BTreeSet<&Path>> =
            self.files.iter().map(|file| (file.as_path(), self.reached_from(file))).collect();
        let mut told: BTreeSet<&Path> = BTreeSet::new();
        let mut circles = Vec::new();
        for (file, all) in &reached {
            if !all.contains(file) || told.contains(file) {
                continue;
            }
            let circle: BTreeSet<&Path> = all.iter().copied().filter(|other| reached[other].contains(file)).collect();
            told.extend(&circle);
            let arrows = self
                .names
                .iter()
                .filter(|((from, to), _)| circle.contains(from.as_path()) && circle.contains(to.as_path()));
            let lines = arrows.map(|((from, to), names)| {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("  {} -> {}: {}\n", from.display(), to.display(), names.join(", "))
            });
            circles.push(format!("{} files in a circle:\n{}", circle.len(), lines.collect::<String>()));
        }
        circles
    }

    fn reached_from(&self, file: &Path) -> BTreeSet<&Path> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![file];
        while let Some(at) = waiting.pop() {
            for (_, to) in self.names.keys().filter(|(from, _)| from == at) {
                if reached.insert(to.as_path()) {
                    waiting.push(to);
                }
            }
        }
        reached
    }
}

/// Walks one module, and draws an arrow for every path that leads into another file.
struct Uses<'a> {
    modules: &'a Modules,
    from: Id,
    arrows: &'a mut Arrows,
}

impl Uses<'_> {
    /// Naming a module uses nothing of its file yet; the path that goes on from there does.
    fn path(&mut self, path: &[String]) {
        if let Some(Target::Item(to)) = self.modules.resolve(self.from, path) {
            let defined = path.iter().find(|name| self.modules.defines(to, name));
            self.arrow(to, defined.or(path.last()).cloned().unwrap_or_default());
        }
    }

    fn arrow(&mut self, to: Id, name: String) {
        let (from, to) = (&self.modules.all[self.from].file, &self.modules.all[to].file);
        if from != to {
            self.arrows.names.entry((from.clone(), to.clone())).or_default().insert(name);
        }
    }

    /// The arguments of a macro are tokens: whatever looks like a path counts as one.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut colons, mut after_dot) = (0, false);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 || path.is_empty() {
                        self.path(&std::mem::take(&mut path));
                    }
                    if !after_dot {
                        path.push(ident.to_string());
                    }
                    (colons, after_dot) = (0, false);
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.path(&std::mem::take(&mut path));
                    (colons, after_dot) = (0, matches!(&other, TokenTree::Punct(punct) if punct.as_char() == '.'));
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(&path);
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
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

    /// A module of its own, which is walked by itself.
    fn visit_item_mod(&mut self, _: &'ast ItemMod) {}

    /// `pub(super)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_some() {
            return;
        }
        for leaf in leaves(&item.tree) {
            match leaf {
                Leaf::Name { path, .. } => self.path(&path),
                Leaf::Glob(path) => match self.modules.resolve(self.from, &path) {
                    Some(Target::Module(to)) if self.modules.defines_something(to) => self.arrow(to, "*".to_owned()),
                    // All variants of an enum.
                    Some(Target::Item(_)) => self.path(&path),
                    _ => {}
                },
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.path(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }
}

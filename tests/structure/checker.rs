//! The checker of circles, on small crates made up for it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::imports::Arrows;

/// The circles of a crate with these files; the first is its root.
fn circles(files: &[(&str, &str)]) -> Result<Vec<String>> {
    let texts: BTreeMap<&Path, &str> = files.iter().map(|(name, text)| (Path::new(*name), *text)).collect();
    let arrows = Arrows::of(Path::new(files[0].0), &|path| texts.get(path).map(|text| (*text).to_owned()))?;
    Ok(arrows.circles())
}

#[track_caller]
fn assert_circle(files: &[(&str, &str)], ties: &[&str]) {
    let found = circles(files).expect("the sources are Rust");
    assert_eq!(found.len(), 1, "{found:?}");
    let mut lines: Vec<&str> = found[0].lines().skip(1).map(str::trim).collect();
    lines.sort_unstable();
    assert_eq!(lines, ties);
}

#[track_caller]
fn assert_no_circle(files: &[(&str, &str)]) {
    assert_eq!(circles(files).expect("the sources are Rust"), [] as [&str; 0]);
}

const TWO: &str = "mod a; mod b;";

#[test]
fn two_files_that_import_each_other_are_a_circle() {
    assert_circle(
        &[("lib.rs", TWO), ("a.rs", "use crate::b::B; pub struct A;"), ("b.rs", "use crate::a::A; pub struct B;")],
        &["a.rs -> b.rs: B", "b.rs -> a.rs: A"],
    );
}

#[test]
fn three_files_in_a_row_that_ends_where_it_began_are_a_circle_and_the_one_beside_them_is_not_in_it() {
    assert_circle(
        &[
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "use crate::b::{self, B}; pub struct A;"),
            ("b.rs", "pub struct B; fn f() -> crate::c::C { crate::c::C }"),
            ("c.rs", "use super::{a::A, d}; pub struct C(A, d::D);"),
            ("d.rs", "pub struct D;"),
        ],
        &["a.rs -> b.rs: B", "b.rs -> c.rs: C", "c.rs -> a.rs: A"],
    );
}

#[test]
fn a_child_that_uses_what_its_parent_defines_is_a_circle_when_the_parent_uses_the_child() {
    let parent = "mod child; pub trait Cell {} pub fn all() { child::make() }";
    let ties = ["cells/child.rs -> cells/mod.rs: Cell", "cells/mod.rs -> cells/child.rs: make"];
    assert_circle(
        &[("lib.rs", "mod cells;"), ("cells/mod.rs", parent), ("cells/child.rs", "use super::Cell; pub fn make() {}")],
        &ties,
    );
    assert_no_circle(&[
        ("lib.rs", "mod cells;"),
        ("cells/mod.rs", "mod child; pub trait Cell {}"),
        ("cells/child.rs", "use super::Cell; pub(super) fn make() {}"),
    ]);
}

#[test]
fn what_only_unit_tests_use_is_no_circle() {
    let a = "use crate::b::B; pub struct A; #[cfg(test)] use crate::b::C;";
    let tests = "pub struct B; #[cfg(test)] mod tests { use crate::a::A; } #[cfg(test)] fn f() { crate::a::A; }";
    let method = "impl B { #[cfg(test)] fn g() -> crate::a::A { crate::a::A } }";
    assert_no_circle(&[("lib.rs", TWO), ("a.rs", a), ("b.rs", &format!("{tests} {method}"))]);
    let built = "pub struct B; #[cfg(not(test))] fn f() { crate::a::A; }";
    assert_circle(&[("lib.rs", TWO), ("a.rs", a), ("b.rs", built)], &["a.rs -> b.rs: B", "b.rs -> a.rs: A"]);
}

#[test]
fn a_re_export_leads_to_the_file_that_defines() {
    let lib = "mod a; mod b; pub use a::A; pub use b::B as Renamed;";
    assert_no_circle(&[("lib.rs", lib), ("a.rs", "pub struct A;"), ("b.rs", "use crate::A; pub struct B(A);")]);
    assert_circle(
        &[("lib.rs", lib), ("a.rs", "use crate::Renamed; pub struct A;"), ("b.rs", "use crate::A; pub struct B;")],
        &["a.rs -> b.rs: Renamed", "b.rs -> a.rs: A"],
    );
}

#[test]
fn a_path_through_an_imported_module_counts_and_the_module_alone_does_not() {
    let b = "use crate::a; pub fn b() { a::f() }";
    let ties = ["a.rs -> b.rs: b", "b.rs -> a.rs: f"];
    assert_circle(&[("lib.rs", TWO), ("a.rs", "use crate::b::b; pub fn f() {}"), ("b.rs", b)], &ties);
    assert_no_circle(&[
        ("lib.rs", TWO),
        ("a.rs", "use crate::b::b; pub fn f() {}"),
        ("b.rs", "use crate::a; pub fn b() {}"),
    ]);
}

#[test]
fn paths_in_the_arguments_of_macros_count_and_fields_do_not() {
    let a = "use crate::b::b; pub fn f() -> u8 { 1 }";
    let ties = ["a.rs -> b.rs: b", "b.rs -> a.rs: f"];
    assert_circle(&[("lib.rs", TWO), ("a.rs", a), ("b.rs", "pub fn b() { println!(\"{}\", crate::a::f()) }")], &ties);
    assert_no_circle(&[("lib.rs", TWO), ("a.rs", a), ("b.rs", "pub fn b() { println!(\"{}\", x.crate_.a.f) }")]);
}

#[test]
fn globs_and_inline_modules_are_seen_through() {
    let a = "use crate::b::*; pub struct A;";
    assert_circle(
        &[("lib.rs", TWO), ("a.rs", a), ("b.rs", "pub struct B; mod inner { use super::super::a::A; }")],
        &["a.rs -> b.rs: *", "b.rs -> a.rs: A"],
    );
    let facade = "mod c; pub use c::C; use crate::a::A;";
    assert_no_circle(&[("lib.rs", TWO), ("a.rs", a), ("b/mod.rs", facade), ("b/c.rs", "pub struct C;")]);
}

#[test]
fn a_name_behind_a_glob_is_of_the_file_that_defines_it() {
    let a = "use crate::b::*; pub struct A(C);";
    let files = [("lib.rs", TWO), ("a.rs", a), ("b/mod.rs", "mod c; pub use c::C;")];
    assert_no_circle(&[&files[..], &[("b/c.rs", "pub struct C;")]].concat());
    assert_circle(
        &[&files[..], &[("b/c.rs", "pub struct C; fn f(_: crate::a::A) {}")]].concat(),
        &["a.rs -> b/c.rs: C", "b/c.rs -> a.rs: A"],
    );
}

#[test]
fn a_file_that_is_missing_is_named() {
    let error = circles(&[("lib.rs", "mod a;")]).expect_err("there is no a.rs");
    assert!(error.to_string().contains("mod a"), "{error}");
}

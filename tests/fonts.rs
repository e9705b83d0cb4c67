//! The fonts that come with the page: every character that it shows is one of those that were kept, all are small, licensed and
//! used, and nothing comes from another host. How they are made is told in `web/fonts/README.md`.
#![allow(clippy::unwrap_used, reason = "a helper that finds nothing fails its test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use html5gum::{Token, Tokenizer};
use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;
use vanishing_tests::markup;

/// The most bytes of all fonts together.
const BUDGET: u64 = 160_000;

/// Where text of the page is written that does not stand in its HTML.
const SOURCES: [&str; 6] =
    ["crates/app/src", "crates/charts/src", "crates/core/src", "crates/weights/src", "web/src", "web/style"];

/// None of the fonts has them; the system's do. The last stands for a letter that is not known at all.
const OF_THE_SYSTEM: [char; 3] = ['ᵀ', '✕', '\u{fffd}'];

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(top().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"))
}

fn kept(file: &str) -> BTreeSet<char> {
    read(&format!("web/fonts/{file}")).chars().filter(|one| *one != '\n').collect()
}

/// The names of the files of fonts, and their bytes.
fn fonts() -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(top().join("web/fonts")).unwrap().map(|entry| entry.unwrap().path());
    let fonts = files.filter(|path| path.extension().is_some_and(|ending| ending == "woff2"));
    fonts.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// What the literals of a source file say, but for those of its tests.
fn literals(tokens: TokenStream, said: &mut String) {
    let mut before = [String::new(), String::new()];
    for token in tokens {
        match &token {
            // An attribute: a comment for those who read the code, or a condition.
            TokenTree::Group(_) if before[1] == "#" || before[1] == "!" && before[0] == "#" => {}
            TokenTree::Group(_) if before == ["mod", "tests"] => {}
            TokenTree::Group(group) => literals(group.stream(), said),
            TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
                Lit::Str(text) => *said += &text.value(),
                // One that is written by its number is the end of a range.
                Lit::Char(one) if !literal.to_string().contains('\\') => said.push(one.value()),
                _ => {}
            },
            _ => {}
        }
        let [_, last] = before;
        before = [last, token.to_string()];
    }
}

/// The text of the HTML: outside of formulas, and within them.
fn text_of_html() -> (String, String) {
    let (mut prose, mut formulas, mut in_formula) = (String::new(), String::new(), false);
    for token in Tokenizer::new(markup::page()).flatten() {
        match token {
            Token::StartTag(tag) if *tag.name == *b"math" => in_formula = true,
            Token::EndTag(tag) if *tag.name == *b"math" => in_formula = false,
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                if in_formula { formulas += &text } else { prose += &text }
            }
            _ => {}
        }
    }
    (prose, formulas)
}

fn missing(text: &str, kept: &BTreeSet<char>) -> BTreeSet<char> {
    text.chars().filter(|one| !one.is_control() && !kept.contains(one) && !OF_THE_SYSTEM.contains(one)).collect()
}

#[test]
fn every_character_that_the_page_shows_is_kept() {
    let (of_text, of_formulas) = (kept("characters.txt"), kept("characters-math.txt"));
    let both: BTreeSet<char> = of_text.union(&of_formulas).copied().collect();
    let (prose, formulas) = text_of_html();
    assert!(prose.len() > 10_000 && formulas.len() > 1_000, "the HTML was not understood");
    // A character that the fonts of text and labels lack is taken from the one of formulas, which stands behind them.
    assert_eq!(missing(&prose, &both), BTreeSet::new(), "in the HTML");
    assert_eq!(missing(&formulas, &of_formulas), BTreeSet::new(), "in formulas");
    let mut looked_at = 0;
    for path in SOURCES.iter().flat_map(|folder| files_below(&top().join(folder))) {
        let text = fs::read_to_string(&path).unwrap();
        let mut said = String::new();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("rs") if path.ends_with("tests.rs") => continue,
            Some("rs") => literals(TokenStream::from_str(&text).unwrap(), &mut said),
            Some("txt" | "css") => said = text,
            _ => continue,
        }
        looked_at += usize::from(!said.is_empty());
        assert_eq!(missing(&said, &both), BTreeSet::new(), "in {}", path.display());
    }
    assert!(looked_at > 100, "only {looked_at} files say anything");
}

/// A letter that stands alone in a formula is drawn by the browser as one of the italic letters of mathematics.
#[test]
fn formulas_have_their_italic_letters() {
    let kept = kept("characters-math.txt");
    let latin = ('\u{1d434}'..='\u{1d467}').map(|one| if one == '\u{1d455}' { 'ℎ' } else { one });
    let italic: String = latin.chain('\u{1d6e2}'..='\u{1d71b}').collect();
    assert_eq!(missing(&italic, &kept), BTreeSet::new());
}

#[test]
fn fonts_are_small_licensed_and_used() {
    let fonts = fonts();
    let sheet = read("web/style/fonts.css");
    assert!(fonts.len() > 3, "there are only {:?}", fonts.keys());
    let licences: Vec<String> = files_below(&top().join("web/fonts"))
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.strip_prefix("LICENSE-")?.strip_suffix(".txt")?.to_owned()))
        .collect();
    for (name, bytes) in &fonts {
        assert!(bytes.starts_with(b"wOF2"), "{name} is no WOFF2");
        assert!(sheet.contains(&format!("url(\"fonts/{name}\")")), "no style names {name}");
        let licence = licences.iter().find(|licence| name.starts_with(&format!("{licence}-")));
        let licence = licence.unwrap_or_else(|| panic!("{name} has no licence"));
        let terms = read(&format!("web/fonts/LICENSE-{licence}.txt"));
        assert!(terms.contains("SIL OPEN FONT LICENSE Version 1.1"), "{licence} has another licence");
    }
    let bytes: u64 = fonts.values().map(|bytes| bytes.len() as u64).sum();
    assert!(bytes <= BUDGET, "the fonts have {bytes} bytes, and may have {BUDGET}");
}

#[test]
fn every_face_is_there_is_swapped_in_and_comes_from_here() {
    let (fonts, sheet) = (fonts(), read("web/style/fonts.css"));
    let mut files = BTreeSet::new();
    for face in sheet.split("@font-face").skip(1).filter(|face| face.contains("url(")) {
        let file = face.split("url(\"fonts/").nth(1).and_then(|rest| rest.split('"').next());
        let file = file.unwrap_or_else(|| panic!("not one of the page's own: {face}"));
        assert!(fonts.contains_key(file), "there is no {file}");
        assert!(face.contains("font-display: swap;"), "{file} hides the text until it is there");
        assert!(files.insert(file), "{file} is named twice");
    }
    let preloaded: Vec<&str> = markup::page()
        .split("<link rel=\"preload\" href=\"fonts/")
        .skip(1)
        .map(|link| {
            let (tag, _) = link.split_once('>').unwrap();
            assert!(tag.ends_with("as=\"font\" type=\"font/woff2\" crossorigin"), "it is fetched twice: {tag}");
            tag.split('"').next().unwrap()
        })
        .collect();
    assert!(!preloaded.is_empty() && preloaded.iter().all(|file| files.contains(file)), "{preloaded:?}");
    for path in files_below(&top().join("web/style")) {
        let text = fs::read_to_string(&path).unwrap();
        let addresses = text.split("url(").skip(1).map(|address| address.trim_start_matches(['"', '\'']));
        for address in addresses {
            assert!(address.starts_with("fonts/") || address.starts_with("data:"), "{}: {address:.60}", path.display());
        }
        assert!(!text.contains("@import"), "{}", path.display());
    }
    for token in Tokenizer::new(markup::page()).flatten() {
        let Token::StartTag(tag) = token else { continue };
        let fetched = if *tag.name == *b"link" { "href" } else { "src" };
        let address = tag.attributes.iter().find(|(name, _)| *name.as_slice() == *fetched.as_bytes());
        let address = address.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
        let is_own = !address.contains("//") || address.starts_with("data:");
        assert!(is_own, "{address} comes from another host");
    }
}

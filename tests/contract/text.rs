//! Pictures, references, formulas, headings.
use crate::elements::{Element, elements, values};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vanishing_app::chapters::{self};
use vanishing_app::page_figures::{self, PageFigure};
use vanishing_app::symbols;
use vanishing_tests::markup;

#[test]
fn every_figure_has_a_picture_for_readers_without_scripts_with_words_for_it() {
    let images: Vec<Element> = elements().into_iter().filter(|element| element.name == "img").collect();
    let shown = values("data-figure");
    for slug in &shown {
        // The golden pictures of the default settings, of chapter 4 after training; the page takes their folder along as
        // `pictures`.
        let trained = page_figures::find(slug).is_some_and(PageFigure::is_of_training);
        let picture = format!("{slug}.{}.svg", if trained { "trained" } else { "defaults" });
        let source = format!("pictures/{picture}");
        let image = images.iter().find(|image| image.get("src") == Some(&source));
        let image = image.unwrap_or_else(|| panic!("no image shows {source}"));
        assert!(image.get("alt").is_some_and(|text| text.len() > 20), "{source} has no words");
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(&picture);
        assert!(golden.is_file(), "{} is missing; `cargo xtask golden --bless` draws it", golden.display());
    }
    assert_eq!(images.len(), shown.len(), "an image that belongs to no figure");
}

#[test]
fn every_reference_within_the_page_leads_somewhere() {
    let elements = elements();
    let ids: Vec<&str> = elements.iter().filter_map(|element| element.get("id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    let mut led = 0;
    for element in &elements {
        let fragment = element.get("href").and_then(|address| address.strip_prefix('#'));
        let named = ["aria-labelledby", "aria-controls", "aria-describedby"].map(|name| element.get(name));
        for id in named.into_iter().chain([fragment]).flatten().flat_map(str::split_whitespace) {
            assert!(unique.contains(id), "<{}>: nothing has the id {id}", element.name);
            led += 1;
        }
    }
    assert!(led > 0, "no reference was found, so nothing was tested");
}

/// How many children a MathML element must have; another number is drawn as something else.
fn arity(name: &str) -> Option<usize> {
    match name {
        "msup" | "msub" | "mfrac" | "mover" | "munder" | "mroot" => Some(2),
        "msubsup" | "munderover" => Some(3),
        _ => None,
    }
}

#[test]
fn every_element_is_closed_where_it_was_opened_and_formulas_have_all_their_parts() {
    // Elements without content, and those whose end may be left out but is not counted on here.
    const EMPTY: &[&str] = &["meta", "link", "img", "br", "hr", "input", "wbr"];
    let mut open: Vec<(String, usize)> = Vec::new();
    for token in html5gum::Tokenizer::new(markup::page()).flatten() {
        match token {
            html5gum::Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if let Some((_, children)) = open.last_mut() {
                    *children += 1;
                }
                assert!(
                    name != "section" || open.iter().all(|(own, _)| own != "section"),
                    "a chapter within a chapter: {open:?}"
                );
                if !tag.self_closing && !EMPTY.contains(&name.as_str()) {
                    open.push((name, 0));
                }
            }
            html5gum::Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let (last, children) = open.pop().unwrap_or_default();
                assert_eq!(last, name, "within {open:?}");
                assert!(arity(&name).is_none_or(|parts| parts == children), "<{name}> has {children} parts: {open:?}");
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn every_chapter_is_a_section_with_its_heading_and_a_button_that_presents_it() {
    let (mut chapter, mut in_heading, mut headings) = (String::new(), false, Vec::<(String, String)>::new());
    for token in html5gum::Tokenizer::new(markup::page()).flatten() {
        match token {
            html5gum::Token::StartTag(tag) if tag.name == b"section" => {
                let id = tag.attributes.iter().find(|(name, _)| name.as_slice() == b"id");
                chapter = id.map_or_else(String::new, |(_, id)| String::from_utf8_lossy(id).into_owned());
            }
            html5gum::Token::StartTag(tag) if tag.name == b"h2" && !chapter.is_empty() => {
                in_heading = true;
                headings.push((chapter.clone(), String::new()));
            }
            html5gum::Token::EndTag(tag) if tag.name == b"h2" => in_heading = false,
            html5gum::Token::String(text) if in_heading => {
                let words: String = String::from_utf8_lossy(&text).split_whitespace().collect();
                headings.last_mut().unwrap().1 += &words;
            }
            _ => {}
        }
    }
    let expected = chapters::ALL.iter().map(|own| {
        let title: String = own.title.replace('₁', "1").split_whitespace().collect();
        let number = match own.chapter.number() {
            0 => String::new(),
            number => number.to_string(),
        };
        (own.slug.to_owned(), format!("{number}{title}"))
    });
    assert_eq!(headings, expected.collect::<Vec<_>>());
    let actions = values("data-action");
    for own in &chapters::ALL {
        assert!(actions.contains(&format!("present:{}", own.slug)), "nothing presents {}", own.slug);
    }
}

/// Operators, functions and constants, which are read as they are written.
const READ_AS_WRITTEN: &[&str] =
    &["tan", "ln", "sin", "cos", "asin", "atan", "tanh", "diag", "max", "e", "π", "ℝ", "⊤", "′", "ReLU"];

/// Letters that are explained where they stand, in the proof or the formula that needs them alone; by the chapter's `id`.
const EXPLAINED_WHERE_THEY_STAND: &[(&str, &[&str])] = &[
    ("powers", &["A", "m", "y"]),
    ("alignment", &["E", "I", "R", "S", "a", "b", "d", "j", "m", "q", "s", "t", "u", "w", "y", "η", "μ"]),
    ("gradients", &["D", "I", "N", "U", "j", "p", "q", "𝒩"]),
];

#[test]
fn every_letter_of_a_formula_is_explained_in_its_chapter() {
    let (mut chapter, mut in_letter) = (String::new(), false);
    let (mut explained, mut others) = (0, BTreeMap::<String, BTreeSet<String>>::new());
    for token in html5gum::Tokenizer::new(markup::page()).flatten() {
        match token {
            html5gum::Token::StartTag(tag) => {
                in_letter = tag.name == b"mi";
                // A part that is no chapter says whose symbols it uses.
                let wanted: &[u8] = if tag.name == b"section" { b"id" } else { b"data-symbols" };
                let found = tag.attributes.iter().find(|(name, _)| name.as_slice() == wanted);
                chapter = found.map_or(chapter, |(_, value)| String::from_utf8_lossy(value).into_owned());
            }
            html5gum::Token::EndTag(_) => in_letter = false,
            html5gum::Token::String(text) if in_letter => {
                let letter = String::from_utf8_lossy(&text).into_owned();
                let letter = letter.trim();
                let known = symbols::explain(letter, &chapter).is_some();
                explained += usize::from(known);
                if !known && !READ_AS_WRITTEN.contains(&letter) {
                    others.entry(chapter.clone()).or_default().insert(letter.to_owned());
                }
            }
            _ => {}
        }
    }
    assert!(explained > 500, "only {explained} letters are explained");
    let expected = EXPLAINED_WHERE_THEY_STAND
        .iter()
        .map(|(chapter, letters)| ((*chapter).to_owned(), letters.iter().map(|letter| (*letter).to_owned()).collect()));
    assert_eq!(others, expected.collect(), "left: what no list of symbols explains");
}

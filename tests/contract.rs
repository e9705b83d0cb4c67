//! The page names things of the application in its `data-*` attributes; here every name is held against the application.
//!
//! | attribute | names |
//! |---|---|
//! | `data-controls="KEY eigenvalue-*"` | parameters, by key or by how it begins |
//! | `data-figure="SLUG"` | a figure |
//! | `data-readout="NAME"` | a readout |
//! | `data-action="NAME"` | something that the application does |
//! | `data-preset` and `href="?QUERY"` | settings that a link makes |
//! | `data-transport="NAME"` | a row of buttons |
//! | `data-term="KEY eigenvalue-*"` | the parameters that change a term of an equation |
//! | `data-when="KEY=VALUE\|VALUE KEY=VALUE"` | choices that a passage belongs to |

use std::collections::BTreeSet;
use std::path::Path;

use vanishing_app::chapters::{self, Chapter};
use vanishing_app::page_figures::{self, PageFigure};
use vanishing_app::{
    Effects, Lab, Msg, action, exercises, lanes, model, schema, symbols, training_readouts, transport,
};
use vanishing_charts::figures;
use vanishing_core::param::{Domain, ParamSpec, Settings};
use vanishing_tests::markup;

/// An element of the page: its name and its attributes.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }
}

/// All elements of the page in their order, those of `<noscript>` included.
fn elements() -> Vec<Element> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut in_script = false;
    let mut elements = Vec::new();
    for token in html5gum::Tokenizer::new(markup::page()).flatten() {
        match token {
            html5gum::Token::StartTag(tag) if !in_script => {
                in_script = tag.name == b"script";
                let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
                elements.push(Element { name: text(&tag.name), attributes });
            }
            html5gum::Token::EndTag(tag) if tag.name == b"script" => in_script = false,
            _ => {}
        }
    }
    elements
}

/// The values of an attribute, of all elements that have it.
fn values(attribute: &str) -> Vec<String> {
    let found: Vec<String> =
        elements().iter().filter_map(|element| element.get(attribute).map(str::to_owned)).collect();
    let written = markup::page().split_whitespace().filter(|word| word.starts_with(&format!("{attribute}=\""))).count();
    assert_eq!(found.len(), written, "the HTML was not understood: {attribute}");
    assert!(!found.is_empty(), "nothing on the page has {attribute}");
    found
}

/// The names of all readouts of the application.
fn readouts() -> BTreeSet<String> {
    let model = vanishing_charts::Model::new(model::configs(&Settings::default()));
    let of_training = training_readouts().into_iter().map(str::to_owned);
    let of_exercises = exercises::all().map(|exercise| exercise.readout.to_owned());
    model::readouts(&model)
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .chain(of_training)
        .chain(of_exercises)
        .collect()
}

/// Every parameter of the page: those of its own, and those of the lane that is chosen.
fn parameters() -> Vec<&'static ParamSpec> {
    schema::all().iter().copied().chain(lanes::all().iter().map(|lane| lane.control)).collect()
}

/// The slugs of all figures of the registry.
fn figures() -> BTreeSet<String> {
    figures::ALL.iter().map(|figure| figure.slug.to_owned()).collect()
}

/// The names that are only in the first set.
fn only_in<'a>(first: &'a BTreeSet<String>, second: &BTreeSet<String>) -> Vec<&'a str> {
    first.iter().filter(|name| !second.contains(*name)).map(String::as_str).collect()
}

#[test]
fn every_figure_of_the_page_is_one_of_the_registry_and_stands_there_once() {
    let shown = values("data-figure");
    let unique: BTreeSet<String> = shown.iter().cloned().collect();
    assert_eq!(only_in(&unique, &figures()), [""; 0], "no figure has this name");
    assert_eq!(unique.len(), shown.len(), "a figure stands twice: {shown:?}");
}

#[test]
fn every_figure_of_the_registry_is_shown_on_the_page() {
    assert_eq!(only_in(&figures(), &values("data-figure").into_iter().collect()), [""; 0], "not on the page");
}

#[test]
fn every_readout_of_the_page_is_given_by_the_application() {
    assert_eq!(
        only_in(&values("data-readout").into_iter().collect(), &readouts()),
        [""; 0],
        "no readout has this name"
    );
}

#[test]
fn every_readout_of_the_application_is_shown_on_the_page() {
    assert_eq!(only_in(&readouts(), &values("data-readout").into_iter().collect()), [""; 0], "not on the page");
}

/// The keys that the words of a slot name.
fn keys_of(word: &str) -> Vec<&'static str> {
    let keys = parameters().into_iter().map(|spec| spec.key);
    match word.strip_suffix('*').filter(|beginning| !beginning.is_empty()) {
        Some(beginning) => keys.filter(|key| key.starts_with(beginning)).collect(),
        None => keys.filter(|key| *key == word).collect(),
    }
}

#[test]
fn every_control_of_the_page_is_a_parameter_and_every_parameter_has_a_control() {
    // The shell makes slots of its own for the remedies.
    let mut slots = values("data-controls");
    slots.extend(lanes::remedies().into_iter().map(|remedy| remedy.controls));
    let words: Vec<&str> = slots.iter().flat_map(|slot| slot.split_whitespace()).collect();
    for word in &words {
        assert!(!keys_of(word).is_empty(), "data-controls: {word} is no parameter");
    }
    let placed: BTreeSet<&str> = words.iter().flat_map(|word| keys_of(word)).collect();
    let all: BTreeSet<&str> = parameters().into_iter().map(|spec| spec.key).collect();
    assert_eq!(placed, all);
}

#[test]
fn the_remedies_of_chapter_3_stand_together_and_alone() {
    let own: Vec<&str> = schema::remedy_params().map(|spec| spec.key).collect();
    let slots = values("data-controls");
    let slot = slots.iter().find(|slot| slot.split_whitespace().any(|word| word == own[0]));
    assert_eq!(slot.map(|slot| slot.split_whitespace().collect::<Vec<_>>()), Some(own));
}

#[test]
fn every_control_attribute_of_the_page_names_a_parameter() {
    for attribute in ["data-param", "data-control", "data-number"] {
        for key in elements().iter().filter_map(|element| element.get(attribute)) {
            assert!(schema::all().iter().any(|spec| spec.key == key), "{attribute}: {key} is no parameter");
        }
    }
}

#[test]
fn every_term_of_an_equation_belongs_to_parameters() {
    for word in values("data-term").iter().flat_map(|terms| terms.split_whitespace()) {
        assert!(!keys_of(word).is_empty(), "data-term: {word} is no parameter");
    }
}

#[test]
fn every_passage_belongs_to_choices_that_exist() {
    for (key, allowed) in conditions() {
        let spec = schema::all().iter().find(|spec| spec.key == key);
        let spec = spec.unwrap_or_else(|| panic!("data-when: {key} is no parameter"));
        for value in allowed {
            let (settings, notices) = Settings::from_pairs(schema::all(), [(key.as_str(), value.as_str())]);
            assert_eq!(notices, [], "data-when: {key}={value}");
            // What is compared is the text of the control.
            assert_eq!(settings.value(spec).text(), value);
        }
    }
}

#[test]
fn every_cell_every_activation_and_every_recurrent_matrix_has_its_equation() {
    for key in ["cell", "activation", "recurrent"] {
        let spec = schema::all().iter().find(|spec| spec.key == key).unwrap_or_else(|| panic!("{key}"));
        let Domain::Choice(choices) = spec.domain else { panic!("{key} is no choice") };
        let written: BTreeSet<String> =
            conditions().into_iter().filter(|(own, _)| own == key).flat_map(|(_, values)| values).collect();
        assert_eq!(written, choices.iter().map(|choice| choice.slug.to_owned()).collect(), "{key}");
    }
}

/// The words of all `data-when`: parameter, values.
fn conditions() -> Vec<(String, Vec<String>)> {
    let passages = values("data-when");
    let words = passages.iter().flat_map(|text| text.split_whitespace());
    words
        .map(|word| {
            let (key, values) = word.split_once('=').unwrap_or_else(|| panic!("data-when: {word} has no value"));
            (key.to_owned(), values.split('|').map(str::to_owned).collect())
        })
        .collect()
}

/// A page with a network from a file whose eigenvalues are still to be computed.
fn with_a_large_network() -> Lab {
    let n = 129;
    let (hh, ih) = (4 * n * n, 4 * n);
    let header = format!(
        r#"{{"weight_hh_l0":{{"dtype":"F32","shape":[{n},{n}],"data_offsets":[0,{hh}]}},"weight_ih_l0":{{"dtype":"F32","shape":[{n},1],"data_offsets":[{hh},{}]}}}}"#,
        hh + ih
    );
    let content = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; hh + ih]].concat();
    let mut lab = Lab::new("").0;
    let mut effects = lab.update(Msg::FileOffered { name: "large".to_owned(), size: content.len() as u64 });
    while let Some(ranges) = effects.read.take() {
        let part = |range: &std::ops::Range<u64>| content[range.start as usize..range.end as usize].to_vec();
        effects = lab.update(Msg::FileParts { parts: ranges.iter().map(part).collect() });
    }
    assert!(lab.opened_network().is_some(), "{:?}", effects.notices);
    lab
}

/// What the buttons of the page do, those of the shell's rows included.
fn actions() -> Vec<String> {
    let mut actions = values("data-action");
    for name in values("data-transport") {
        let row = transport::find(&name).unwrap_or_else(|| panic!("data-transport: nothing plays as {name}"));
        actions.extend(row.buttons.into_iter().map(|button| button.action));
    }
    actions
}

#[test]
fn every_row_of_buttons_has_icons_of_the_page() {
    let ids: Vec<String> = values("id");
    for name in values("data-transport") {
        for button in transport::find(&name).into_iter().flat_map(|row| row.buttons) {
            assert!(ids.contains(&format!("icon-{}", button.icon)), "{name}: {}", button.action);
        }
    }
    assert!(ids.contains(&"icon-pause".to_owned()));
}

#[test]
fn every_button_of_the_page_does_something() {
    let does = |name: &str| {
        let act = |lab: &mut Lab| lab.update(Msg::Action { name: name.to_owned() }) != Effects::default();
        let after = |first: &str| {
            let mut lab = Lab::new("").0;
            lab.update(Msg::Action { name: first.to_owned() });
            act(&mut lab)
        };
        let mut trained = Lab::new("a.hidden-size=3&a.sequence-length=5").0;
        trained.train(1);
        act(&mut Lab::new("").0)
            || act(&mut trained)
            || act(&mut Lab::new("present=powers&beat=3").0)
            || ["play", "train-start", "experiment-start"].into_iter().any(after)
            || ["", "own-aside"].into_iter().any(|first| {
                let mut lab = with_a_large_network();
                lab.update(Msg::Action { name: first.to_owned() });
                act(&mut lab)
            })
    };
    let of_figures = page_figures::ALL.iter().flat_map(|own| own.buttons).map(|button| button.action.to_owned());
    let of_chapters = chapters::ALL.iter().map(|own| own.plays.to_owned()).filter(|action| !action.is_empty());
    for name in actions().into_iter().chain(of_figures).chain(of_chapters).collect::<BTreeSet<_>>() {
        assert!(does(&name), "the application does not know the action {name}");
    }
    assert!(!does("make-tea"), "an action that nobody knows does something, so nothing was tested");
}

/// What following a link of the page makes of the defaults.
fn followed(query: &str) -> (Lab, Effects) {
    let mut lab = Lab::new("").0;
    let effects = lab.update(Msg::Follow { query: query.to_owned() });
    (lab, effects)
}

/// The links that set parameters: the address of each, and its query.
fn links() -> Vec<(String, String)> {
    let all = elements().into_iter().filter(|element| element.get("data-preset").is_some());
    let links: Vec<(String, String)> = all
        .map(|link| {
            let address = link.get("href").unwrap_or_default();
            let query = address.strip_prefix('?');
            let query = query.unwrap_or_else(|| panic!("the address {address} is not one of this page"));
            (address.to_owned(), query.to_owned())
        })
        .collect();
    assert_eq!(links.len(), markup::page().matches("<a data-preset").count(), "the HTML was not understood");
    assert!(links.len() > 50, "only {} links", links.len());
    links
}

#[test]
fn every_link_of_the_page_is_taken_without_a_notice() {
    for (_, query) in links() {
        let (_, effects) = followed(&query);
        assert_eq!(effects.notices.unwrap_or_default(), [], "{query}");
    }
}

#[test]
fn a_link_opened_in_another_tab_shows_what_following_it_shows() {
    for (address, query) in links() {
        let (opened, effects) = Lab::new(&address);
        assert_eq!(effects.notices, Some(Vec::new()), "{address}");
        assert_eq!(opened.query(), followed(&query).0.query(), "{query}");
    }
}

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
fn every_button_of_the_page_is_explained_in_the_help() {
    for action in actions() {
        assert!(action::is_explained(&action), "{action}");
    }
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
        (own.slug.to_owned(), format!("{}{title}", own.chapter.number()))
    });
    assert_eq!(headings, expected.collect::<Vec<_>>());
    let actions = values("data-action");
    for own in &chapters::ALL {
        assert!(actions.contains(&format!("present:{}", own.slug)), "nothing presents {}", own.slug);
    }
}

#[test]
fn every_exercise_has_its_control_its_button_and_its_answer_on_the_page() {
    let (controls, actions, readouts) = (values("data-controls"), values("data-action"), values("data-readout"));
    let controls: BTreeSet<&str> = controls.iter().flat_map(|keys| keys.split(' ')).collect();
    for own in exercises::all() {
        assert!(controls.contains(own.guess.spec().key), "{}: no control", own.slug);
        assert!(actions.contains(&format!("compare:{}", own.slug)), "{}: no button", own.slug);
        assert!(readouts.iter().any(|name| name == own.readout), "{}: no answer", own.slug);
    }
}

#[test]
fn every_figure_belongs_to_the_chapter_in_which_it_stands() {
    let mut chapter = String::new();
    for element in elements() {
        if element.name == "section" {
            chapter = element.get("id").map_or(chapter, str::to_owned);
        }
        match element.get("data-figure") {
            // It stands above all chapters.
            None | Some("opening") => {}
            Some(slug) => {
                let own = page_figures::find(slug).map(|own| own.chapter);
                assert_eq!((own.is_some(), own), (true, Chapter::find(&chapter)), "{slug}");
            }
        }
    }
}

/// Operators and functions, which are read as they are written, and letters that are explained where they stand, in the
/// proof or the formula that needs them alone.
const UNEXPLAINED: &[&str] = &[
    "tan", "ln", "sin", "cos", "asin", "atan", "tanh", "diag", "max", "e", "π", "ℝ", "m", "A", "d", "μ", "s", "R", "j",
    "u", "q", "S", "I", "U", "D", "N", "𝒩", "p", "⊤", "′", "ReLU", "η", "w", "b", "y", "a", "E", "g", "t",
];

#[test]
fn every_letter_of_a_formula_is_explained_in_its_chapter() {
    let (mut chapter, mut in_letter) = (String::new(), false);
    let mut explained = 0;
    for token in html5gum::Tokenizer::new(markup::page()).flatten() {
        match token {
            html5gum::Token::StartTag(tag) => {
                in_letter = tag.name == b"mi";
                if tag.name == b"section" {
                    let id = tag.attributes.iter().find(|(name, _)| name.as_slice() == b"id");
                    chapter = id.map_or(chapter, |(_, id)| String::from_utf8_lossy(id).into_owned());
                }
            }
            html5gum::Token::EndTag(_) => in_letter = false,
            html5gum::Token::String(text) if in_letter => {
                let letter = String::from_utf8_lossy(&text).into_owned();
                let known = symbols::explain(letter.trim(), &chapter).is_some();
                explained += usize::from(known);
                assert!(known || UNEXPLAINED.contains(&letter.trim()), "{letter} in {chapter}");
            }
            _ => {}
        }
    }
    assert!(explained > 500, "only {explained} letters are explained");
}

//! Figures, readouts, parameters and choices that the page names.
use crate::elements::{elements, only_in, values};
use std::collections::BTreeSet;
use vanishing_app::chapters::Chapter;
use vanishing_app::page_figures::{self};
use vanishing_app::{exercises, lanes, model, schema, text_readouts, training_readouts, workbench};
use vanishing_charts::figures;
use vanishing_core::param::{Domain, ParamSpec, Settings};
use vanishing_core::remedies;

/// The names of all readouts of the application.
fn readouts() -> BTreeSet<String> {
    let model = vanishing_charts::Model::new(model::configs(&Settings::default()));
    let of_training = training_readouts().into_iter().map(str::to_owned);
    let of_text = text_readouts().into_iter().map(str::to_owned);
    let of_exercises = exercises::all().map(|exercise| exercise.readout.to_owned());
    let settings = Settings::default();
    model::readouts(&model)
        .into_iter()
        .chain(workbench::readouts(&model, &settings))
        .map(|(name, _)| name.to_owned())
        .chain(of_training)
        .chain(of_text)
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
    for remedy in lanes::remedies() {
        slots.extend([remedy.controls, remedy.toggle.to_owned(), remedy.params]);
    }
    let words: Vec<&str> = slots.iter().flat_map(|slot| slot.split_whitespace()).collect();
    for word in &words {
        assert!(!keys_of(word).is_empty(), "data-controls: {word} is no parameter");
    }
    let placed: BTreeSet<&str> = words.iter().flat_map(|word| keys_of(word)).collect();
    let all: BTreeSet<&str> = parameters().into_iter().map(|spec| spec.key).collect();
    assert_eq!(placed, all);
}

#[test]
fn a_remedy_is_switched_on_in_a_list_of_remedies_alone() {
    let slots = values("data-controls");
    for spec in remedies::params() {
        let named = slots.iter().flat_map(|slot| slot.split_whitespace()).find(|word| *word == spec.key);
        assert_eq!(named, None, "{} stands outside the lists that are made from the registry", spec.key);
    }
}

#[test]
fn every_control_attribute_of_the_page_names_a_parameter() {
    for attribute in ["data-param", "data-control", "data-number", "data-in-text"] {
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

#[test]
fn every_figure_belongs_to_the_chapter_in_which_it_stands() {
    let mut chapter = String::new();
    for element in elements() {
        if element.name == "section" {
            chapter = element.get("id").map_or(chapter, str::to_owned);
        }
        // The story before all chapters goes with the one whose symbols it uses.
        chapter = element.get("data-symbols").map_or(chapter, str::to_owned);
        match element.get("data-figure") {
            None => {}
            Some(slug) => {
                let own = page_figures::find(slug).map(|own| own.chapter);
                assert_eq!((own.is_some(), own), (true, Chapter::find(&chapter)), "{slug}");
            }
        }
    }
}

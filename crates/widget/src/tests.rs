//! A figure without a browser.
use crate::figure::Figure;
use serde_json::Value;
use std::collections::BTreeSet;
use vanishing_app::{Lab, page_figures};

fn made(slug: &str, query: &str) -> Figure {
    let mut figure = Figure::new(slug, query).expect("the figure is known");
    figure.resize(700.0, 420.0, 2.0);
    figure.see(true);
    figure
}

fn told(figure: &mut Figure) -> Value {
    serde_json::from_str(&figure.told()).expect("what is told is JSON")
}

#[test]
fn every_figure_of_the_page_is_told_with_its_controls() {
    for entry in page_figures::ALL {
        let slug = entry.spec.slug;
        let mut figure = made(slug, "");
        let (about, news): (Value, Value) =
            (serde_json::from_str(&figure.about()).expect("what it is, is JSON"), told(&mut figure));
        assert_eq!(about["title"], entry.spec.title);
        let keys: BTreeSet<&str> =
            news["controls"].as_array().into_iter().flatten().filter_map(|control| control["key"].as_str()).collect();
        assert_eq!(keys, entry.controls.iter().copied().collect(), "{slug}");
        assert_eq!(news["redraw"], true, "{slug}");
        assert_eq!(news["query"], "", "{slug}");
        assert!(news["label"].as_str().is_some_and(|label| label.ends_with('.')), "{slug}");
        let again = told(&mut figure);
        assert!(again["controls"].as_array().is_some_and(Vec::is_empty) && again["query"].is_null(), "{slug}");
    }
}

#[test]
fn a_query_has_everything_but_the_figure_itself_and_can_be_replaced() {
    let mut figure = made("gradient-norms", "?only=spectrum&hide=captions&cell=lstm");
    assert_eq!(figure.query(), "cell=lstm&hide=captions");
    figure.input("hidden-size", "9", true);
    figure.slide("sequence-length", 40.0, true);
    assert!(figure.query().contains("hidden-size=9"));
    let news = told(&mut figure);
    assert_eq!(news["query"], figure.query());
    figure.set("cell=gru");
    assert_eq!(figure.query(), "cell=gru");
    let control = |news: &Value, key: &str| {
        news["controls"].as_array().into_iter().flatten().find(|control| control["key"] == key).cloned()
    };
    assert_eq!(control(&told(&mut figure), "cell").expect("it changed")["text"], "gru");
    figure.set("cell=gru");
    assert!(told(&mut figure)["query"].is_null(), "what stands already is not told");
}

#[test]
fn what_cannot_be_taken_is_told_in_sentences() {
    let refused = Figure::new("tea", "").err().expect("there is no such figure");
    assert!(refused.starts_with("There is no figure “tea”. The figures are: workbench-matrix,"), "{refused}");
    assert!(Figure::new("workbench", "").is_err(), "the workbench as a whole is no figure");
    let mut figure = made("spectrum", "cell=tea");
    assert!(told(&mut figure)["notices"][0].as_str().is_some_and(|text| text.contains("tea")));
    figure.open("mine.safetensors", b"nothing of the kind".to_vec());
    assert!(told(&mut figure)["notices"][0].as_str().is_some_and(|text| text.contains("mine.safetensors")));
}

#[test]
fn the_numbers_are_those_of_the_page() {
    let query = "cell=lstm&sequence-length=40";
    let page = Lab::new(query).0;
    let expected = page.table("gradient-norms").expect("a figure has a table").to_csv();
    assert_eq!(made("gradient-norms", query).csv(), expected);
}

#[test]
fn training_goes_on_in_slices_until_it_ends() {
    let mut figure = made("training-loss", "stop-step=5&lanes=1&hidden-size=4&sequence-length=6");
    assert!(!figure.work(&|| 0.0), "nothing was ordered");
    figure.press("train-start");
    let news = told(&mut figure);
    assert_eq!((&news["works"], &news["plays"][0]["on"]), (&Value::Bool(true), &Value::Bool(true)));
    let clock = std::cell::Cell::new(0.0);
    let tick = || {
        clock.set(clock.get() + 3.0);
        clock.get()
    };
    let mut slices = 0;
    while figure.work(&tick) {
        slices += 1;
        assert!(slices < 100, "it does not end");
    }
    let news = told(&mut figure);
    let words = news["words"].to_string();
    assert!(words.contains("stopped at update 5") && words.contains("has no worker of its own"), "{words}");
    assert!(figure.csv().lines().count() > 5);
}

#[test]
fn an_opened_network_is_the_same_as_on_the_command_line() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/networks/lstm.safetensors");
    let content = std::fs::read(file).expect("the network is there");
    let mut expected = Lab::new("").0;
    expected.open_network("lstm.safetensors", &content).expect("it is a network");
    let mut figure = made("gradient-norms", "");
    figure.open("lstm.safetensors", content);
    while figure.work(&|| 0.0) {}
    assert_eq!(Some(figure.csv()), expected.table("gradient-norms").map(|table| table.to_csv()));
    let network = &told(&mut figure)["network"];
    assert_eq!(network["open"], true);
    assert!(
        network["strip"].as_str().is_some_and(|strip| strip.contains("LSTM, 2 layers, 8 hidden units")),
        "{network}"
    );
    figure.close();
    assert_eq!(told(&mut figure)["network"]["open"], false);
}

#[test]
fn a_run_from_elsewhere_is_a_map_with_a_verdict() {
    let mut figure = made("training-heat", "");
    let steps = 10;
    let row = |update: usize, slope: f32| -> Vec<f32> {
        let norms = (0..=steps).map(|t| -slope * (steps - t) as f32);
        std::iter::once(update as f32).chain(norms).collect()
    };
    let rows: Vec<f32> = (0..20).flat_map(|i| row(10 * i, if i < 19 { 0.0 } else { 0.2 })).collect();
    figure.show_run("mine", steps + 2, &rows);
    let news = told(&mut figure);
    assert_eq!(news["verdict"], "over 10 steps back the gradient shrinks by a factor of 100: vanishing");
    assert!(
        news["label"].as_str().is_some_and(|label| label.contains("at the first state 0.01 of it is left")),
        "{news}"
    );
    assert_eq!(news["redraw"], true);
    let picture = figure.svg(700).expect("it is drawn");
    assert!(!picture.contains("no update yet"), "there is one run");
    let has = |text: &str| picture.lines().any(|line| line.trim() == text);
    assert!(has("mine") && has("200"), "the axis ends after the last look: {picture}");
    // Nothing to show leaves what is shown.
    figure.show_run("nothing", 1, &[3.0]);
    figure.show_run("nothing", 0, &[]);
    assert!(told(&mut figure)["verdict"].is_null());
}

#[test]
fn a_batch_that_is_shorter_is_judged_by_its_own_steps() {
    let mut figure = made("training-heat", "");
    let rows = [0.0, f32::NAN, f32::NAN, 3.0, 2.0, 1.0, 0.0];
    figure.show_run("mine", rows.len(), &rows);
    let verdict = told(&mut figure)["verdict"].to_string();
    assert!(verdict.contains("over 3 steps back the gradient grows by a factor of 1000"), "{verdict}");
}

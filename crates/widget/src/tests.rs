//! A figure without a browser.
use crate::figure::Figure;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vanishing_app::{Lab, Msg, page_figures};

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
fn what_is_hidden_is_not_told() {
    let mut figure = made("training-heat", "hide=controls,buttons,take-away");
    let about: Value = serde_json::from_str(&figure.about()).expect("what it is, is JSON");
    for part in ["controls", "buttons", "taken"] {
        assert_eq!(about[part], json!([]), "{part}");
    }
    assert_eq!(told(&mut figure)["controls"], json!([]));
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
    let whole = Figure::new("workbench", "").err().expect("the workbench as a whole is no figure");
    assert!(whole.contains("put it into a frame with “only=workbench”"), "{whole}");
    let several = Figure::new("spectrum,gates", "").err().expect("two figures are not one");
    assert!(several.contains("“spectrum,gates” are several: show each by itself"), "{several}");
    let mut figure = made("spectrum", "cell=tea");
    assert!(told(&mut figure)["notices"][0].as_str().is_some_and(|text| text.contains("tea")));
    figure.open("mine.safetensors", b"nothing of the kind".to_vec());
    assert!(told(&mut figure)["notices"][0].as_str().is_some_and(|text| text.contains("mine.safetensors")));
}

#[test]
fn what_an_address_says_of_a_whole_page_is_left_out_and_told() {
    let mut figure = made("spectrum", "only=workbench&present=laboratory&gain=2&parent=https://a.org");
    assert_eq!(figure.query(), "gain=2");
    let text = "This is one figure alone: “only=workbench”, “present=laboratory”, “parent=https://a.org” has no meaning \
        here, only in a frame.";
    assert_eq!(told(&mut figure)["notices"], json!([text]));
    figure.set("only=spectrum&gain=1.5");
    assert_eq!(told(&mut figure)["notices"], json!([]), "its own name is no mistake");
    figure.set("beat=2");
    assert!(told(&mut figure)["notices"].to_string().contains("“beat=2”"));
}

#[test]
fn table_and_code_are_those_of_the_page() {
    let query = "cell=lstm&sequence-length=40&hidden-size=8";
    let mut figure = made("gradient-norms", query);
    assert_eq!(told(&mut figure)["sheet"], Value::Null);
    figure.press("table:gradient-norms");
    figure.press("code:gradient-norms");
    let mut page = Lab::new(query).0;
    let mut expected = page.update(Msg::Action { name: "table:gradient-norms".to_owned() }).sheets;
    expected.extend(page.update(Msg::Action { name: "code:gradient-norms".to_owned() }).sheets);
    let expected = expected.pop().expect("a sheet is open");
    let sheet = told(&mut figure)["sheet"].clone();
    let table = expected.table.expect("there is a table");
    assert_eq!(sheet["table"]["headings"], json!(table.headings));
    assert_eq!(sheet["table"]["rows"], json!(table.rows));
    let code = expected.code.expect("there is code");
    // The state is the same, whatever is said of the page around it.
    assert_eq!(sheet["code"], json!(code));
    assert_eq!(figure.code(), code);
    figure.press("save-code:gradient-norms");
    assert_eq!(told(&mut figure)["download"]["name"], "vanishing-point-gradient-norms.py");
    figure.press("copy-code:gradient-norms");
    assert_eq!(told(&mut figure)["copy"], json!(code));
    figure.press("table:gradient-norms");
    assert_eq!(told(&mut figure)["sheet"]["table"], Value::Null);
    // It follows what is set, and a figure without code has none.
    figure.input("hidden-size", "4", true);
    assert!(
        told(&mut figure)["sheet"]["code"].as_str().is_some_and(|now| now != code && now.contains("hidden-size=4"))
    );
    let mut without = made("training-cost", "");
    assert_eq!(without.code(), "");
    assert!(!without.about().contains("\"code:training-cost\"") && without.about().contains("\"table:training-cost\""));
    assert!(told(&mut without)["sheet"].is_null());
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

const STEPS: usize = 10;

/// The row of an update, in which the gradient changes by a factor of 10^-slope in each step back.
fn row(update: usize, slope: f32) -> Vec<f32> {
    let norms = (0..=STEPS).map(|t| -slope * (STEPS - t) as f32);
    [update as f32, STEPS as f32].into_iter().chain(norms).collect()
}

fn about(more: &Value) -> String {
    let mut about = json!({ "name": "mine", "width": STEPS + 3, "guessing": null, "first": null, "broke": [] });
    for (key, value) in more.as_object().into_iter().flatten() {
        about[key] = value.clone();
    }
    about.to_string()
}

/// What is said of a run of 20 looks, ten updates apart, with these losses.
fn said(more: &Value, losses: &[(f32, f32)]) -> Value {
    let mut figure = made("training-heat", "");
    let rows: Vec<f32> = (0..20).flat_map(|i| row(10 * i, 0.2)).collect();
    let losses: Vec<f32> = losses.iter().flat_map(|(step, loss)| [*step, *loss]).collect();
    figure.show_run(&about(more), &rows, &losses);
    let mut news = told(&mut figure);
    news["svg"] = figure.svg(700).expect("it is drawn").into();
    news
}

#[test]
fn a_run_from_elsewhere_is_a_map_with_a_verdict() {
    let mut figure = made("training-heat", "");
    let rows: Vec<f32> = (0..20).flat_map(|i| row(10 * i, if i < 19 { 0.0 } else { 0.2 })).collect();
    figure.show_run(&about(&Value::Null), &rows, &[]);
    let news = told(&mut figure);
    assert_eq!(news["run"]["verdict"], "over 10 steps back the gradient shrinks by a factor of 100: vanishing");
    assert!(news["run"]["learning"].is_null() && news["run"]["end"].is_null(), "nobody gave a loss: {news}");
    assert!(news["run"]["cost"].is_null(), "nobody said what it cost: {news}");
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
    figure.show_run(&about(&json!({ "width": 3 })), &[3.0, 0.0, 1.0], &[]);
    figure.show_run(&about(&json!({ "width": 0 })), &[], &[]);
    figure.show_run("tea", &rows, &[]);
    assert!(told(&mut figure)["run"].is_null());
}

#[test]
fn a_loss_from_elsewhere_has_the_verdict_of_the_laboratory() {
    let learning = |more: Value, loss: f32| said(&more, &[(0.0, 0.2), (190.0, loss)])["run"]["learning"].clone();
    // The words of chapter 4, by the same rule.
    let guessing = |loss| learning(json!({ "guessing": 0.2, "first": 0.3 }), loss);
    assert_eq!(guessing(0.01), "loss 0.01, it has learned: below a tenth of what guessing costs");
    assert_eq!(guessing(0.05), "loss 0.05, it learns: below half of what guessing costs");
    assert_eq!(guessing(0.21), "loss 0.21, no better than guessing without memory");
    assert_eq!(guessing(5.0), "loss 5, far worse than guessing without memory");
    // Where nobody says what guessing costs, nothing is said of learning.
    let first = |loss| learning(json!({ "first": 2.0 }), loss);
    assert_eq!(first(0.1), "loss 0.1, below a tenth of its first loss");
    assert_eq!(first(1.9), "loss 1.9, as at first");
    assert_eq!(first(-3.0), "loss −3, which is held against nothing: it is negative");
}

#[test]
fn a_run_from_elsewhere_that_diverges_is_a_result() {
    let losses = [(0.0, 0.2), (100.0, 0.4), (150.0, f32::NAN), (190.0, f32::NAN)];
    let news = said(&json!({ "guessing": 0.2, "broke": [150], "cost": "measuring took 2 ms" }), &losses);
    assert_eq!(news["run"]["learning"], "nothing is left to train, and the last loss was 0.4");
    assert_eq!(news["run"]["end"], "At update 150 the first number that is not finite came up in the loss.");
    assert_eq!(news["run"]["cost"], "measuring took 2 ms");
    assert!(news["label"].as_str().is_some_and(|label| label.contains("diverged at update 150")), "{news}");
    assert!(news["svg"].as_str().is_some_and(|svg| svg.contains("diverged at 150")), "{news}");
    let news = said(&json!({ "broke": [150, 4] }), &[]);
    let end = "At update 150 the first number that is not finite came up in the gradient of h at time step 4.";
    assert_eq!(news["run"]["end"], end);
    assert!(news["run"]["learning"].is_null());
}

#[test]
fn the_losses_from_elsewhere_are_a_curve_beside_what_they_are_held_against() {
    let curve = |more: Value| {
        let mut figure = made("training-loss", "");
        figure.show_run(&about(&more), &row(0, 0.2), &[0.0, 2.0, 1.0, 0.5, 2.0, f32::INFINITY, 3.0, 0.125]);
        (told(&mut figure)["label"].to_string(), figure.svg(700).expect("it is drawn"), figure.csv())
    };
    let (label, picture, csv) = curve(json!({ "guessing": 1.5 }));
    assert!(label.contains("after 4 updates, loss 0.125, where guessing without memory costs 1.5"), "{label}");
    assert!(picture.contains("guessing without memory: 1.5"), "{picture}");
    assert!(csv.lines().any(|line| line.ends_with(",inf")), "an infinite loss is a number of the figure: {csv}");
    let (label, picture, _) = curve(json!({ "first": 2.0 }));
    assert!(label.contains("loss 0.125, where the first was 2"), "{label}");
    assert!(picture.contains("the first loss: 2"), "{picture}");
}

#[test]
fn a_batch_that_is_shorter_is_judged_by_its_own_steps() {
    let verdict = |rows: &[f32]| {
        let mut figure = made("training-heat", "");
        figure.show_run(&about(&json!({ "width": rows.len() })), rows, &[]);
        told(&mut figure)["run"]["verdict"].to_string()
    };
    let short = verdict(&[0.0, 3.0, f32::NAN, f32::NAN, 3.0, 2.0, 1.0, 0.0]);
    assert!(short.contains("over 3 steps back the gradient grows by a factor of 1000"), "{short}");
    // What is undefined in its own steps is no padding.
    let lost = verdict(&[0.0, 5.0, f32::NAN, f32::NAN, 3.0, 2.0, 1.0, 0.0]);
    assert!(lost.contains("over 5 steps back the gradient is undefined (NaN) from time step 1 back"), "{lost}");
    let grown = verdict(&[0.0, 3.0, f32::NAN, f32::NAN, f32::INFINITY, 38.0, 1.0, 0.0]);
    assert!(grown.contains("beyond the range of its numbers at time step 0: exploding"), "{grown}");
}

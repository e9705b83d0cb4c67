//! The report as Markdown.
use super::advice::advice;
use super::found::Report;
use super::sentences::{self, gates, gradient, layer_name, left_out, truncation, verdict, what_it_is};
use std::fmt::Write as _;
use vanishing_charts::format;
use vanishing_core::studies::diagnosis::Diagnosis;

impl Report {
    /// The report for people. `figures`: pictures beside it, as (file, what is seen).
    pub fn markdown(&self, figures: &[(String, String)]) -> String {
        write(self, figures)
    }
}

/// One section after the other; a section without anything to say is left out.
fn write(report: &Report, figures: &[(String, String)]) -> String {
    let diagnosis = &report.diagnosis;
    let mut text = format!("# {}\n\n**{}**\n", report.name, sentences::headline(diagnosis));
    let about = [vec![what_it_is(diagnosis), report.run_on.clone()], report.remarks.clone()].concat();
    section(&mut text, "What it is", &about);
    section(&mut text, "What the gradient does", &gradient(diagnosis));
    for (file, seen) in figures {
        let _ = writeln!(text, "\n![{}]({file})", seen.replace(['[', ']', '\n'], " "));
    }
    section(&mut text, "Layers", &[layers(diagnosis)]);
    section(&mut text, "Gates", &listed(gates(diagnosis)));
    section(&mut text, "Truncation", &listed(truncation(diagnosis)));
    section(&mut text, "Verdict", &[verdict(diagnosis)]);
    let _ = write!(text, "\n## What to do\n");
    let all = advice(diagnosis);
    for (place, advice) in all.iter().enumerate() {
        let _ = write!(text, "\n{}. **{}.** {} {}\n", place + 1, advice.title, advice.reason, advice.effect);
    }
    if all.iter().any(|advice| advice.has_curve) {
        text += "\nWhat changes weights also changes what the network computes: it is for the start of a new training, not for a \
                 network that is finished. Training changes the curves again.\n";
    }
    for sentence in left_out(diagnosis) {
        let _ = write!(text, "\n{sentence}\n");
    }
    text
}

/// As the entries of a list, where there are several.
fn listed(sentences: Vec<String>) -> Vec<String> {
    let several = sentences.len() > 1;
    sentences.into_iter().map(|sentence| if several { format!("- {sentence}") } else { sentence }).collect()
}

fn section(text: &mut String, heading: &str, sentences: &[String]) {
    let said: Vec<&String> = sentences.iter().filter(|sentence| !sentence.is_empty()).collect();
    if said.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {heading}\n\n");
    for sentence in said {
        let _ = writeln!(text, "{sentence}");
    }
}

/// The table of the layers' matrices.
fn layers(diagnosis: &Diagnosis) -> String {
    let means = diagnosis.units.iter().flat_map(|unit| &unit.blocks).any(|block| block.mean.is_some());
    let mut rows = match means {
        true => {
            "| | block of Wₕₕ | spectral radius | largest singular value | mean of the gate |\n|---|---|---|---|---|"
                .to_owned()
        }
        false => {
            "| | spectral radius of Wₕₕ | largest singular value | mean slope of the activation |\n|---|---|---|---|"
                .to_owned()
        }
    };
    let number = |x: f64| if x.is_nan() { "left out".to_owned() } else { format::short(x) };
    for unit in &diagnosis.units {
        let layer = layer_name(diagnosis, unit.layer, unit.reverse);
        for block in &unit.blocks {
            let (radius, norm) = (number(block.spectral_radius), number(block.spectral_norm));
            let _ = match (means, block.mean) {
                (true, mean) => {
                    let mean = mean.map_or(String::new(), |mean| format!("{mean:.2}"));
                    write!(rows, "\n| {layer} | {} ({}) | {radius} | {norm} | {mean} |", block.name, block.symbol)
                }
                (false, _) => write!(rows, "\n| {layer} | {radius} | {norm} | {:.2} |", unit.mean_slope),
            };
        }
    }
    rows
}

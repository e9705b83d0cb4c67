//! The report as JSON.
use super::advice::advice;
use super::found::Report;
use super::sentences::{headline, verdict};
use vanishing_charts::format;
use vanishing_core::studies::diagnosis::{Bias, Course, Cut, Effect, Pace, Source, UnitDiagnosis};

impl Report {
    /// The report for programs: numbers of any size as they are, `null` for what is undefined or was left out, `"inf"` and `"-inf"`
    /// for infinite logarithms.
    pub fn json(&self) -> String {
        write(self)
    }
}

/// One object.
fn write(report: &Report) -> String {
    let found = &report.diagnosis;
    let words = advice(found);
    let proposals = found.treatments.iter().zip(&words).map(|(treatment, advice)| {
        let effect = match &treatment.effect {
            Effect::Curve(course) => ("gradient", of_course(course)),
            Effect::Norms { threshold_log10, update, quartiles_log10, largest_log10, sequences } => (
                "gradient_norm",
                object(&[
                    ("log10_threshold", number(*threshold_log10)),
                    (
                        "losses_before_plain_clipped",
                        update.map_or_else(
                            || "null".to_owned(),
                            |update| numbers(&[update.before, update.plain, update.clipped]),
                        ),
                    ),
                    ("log10_quartiles", numbers(quartiles_log10)),
                    ("log10_largest", number(*largest_log10)),
                    ("sequences", sequences.to_string()),
                ]),
            ),
            Effect::Cut(cut) => ("truncation", of_cut(cut)),
            Effect::Unmeasured => ("measured", "false".to_owned()),
        };
        let says = [("proposal", text(advice.slug)), ("title", text(&advice.title)), ("reason", text(&advice.reason))];
        object(&[&says[..], &[("effect", text(&advice.effect)), effect]].concat())
    });
    let optional = |course: &Option<Course>| course.as_ref().map_or_else(|| "null".to_owned(), of_course);
    let source = match found.growth.source {
        Source::Jacobians => "jacobians",
        Source::Gradient => "gradient",
    };
    let fields = [
        ("name", text(&report.name)),
        ("headline", text(&headline(found))),
        ("verdict", text(found.fate().word())),
        ("verdict_in_words", text(&verdict(found))),
        ("cell", text(found.cell.kind)),
        ("activation", found.cell.activation.map_or_else(|| "null".to_owned(), text)),
        ("layers", found.layers.to_string()),
        ("directions", found.directions.to_string()),
        ("input_size", found.input_size.to_string()),
        ("hidden_size", found.hidden_size.to_string()),
        ("state_size", found.state_size.to_string()),
        ("numbers", found.numbers.to_string()),
        ("steps", found.steps.to_string()),
        ("loss_at_every_step", found.loss_at_every_step.to_string()),
        ("run_on", text(&report.run_on)),
        ("remarks", list(report.remarks.iter().map(|remark| text(remark)))),
        ("layer", (found.layer + 1).to_string()),
        ("gradient", of_course(&found.course)),
        ("gradient_of_all_losses", optional(&found.together)),
        (
            "gradient_at_another_scale",
            found.other_scale.as_ref().map_or_else(
                || "null".to_owned(),
                |(deviation, course)| object(&[("input_noise", number(*deviation)), ("gradient", of_course(course))]),
            ),
        ),
        ("gradient_reverse", optional(&found.reverse)),
        ("gate_path", optional(&found.gate_path)),
        ("growth", object(&[("per_step", number(found.growth.per_step)), ("source", text(source))])),
        ("units", list(found.units.iter().map(of_unit))),
        ("truncation", list(found.cuts.iter().map(of_cut))),
        ("proposals", list(proposals)),
        ("left_out", list(super::sentences::left_out(found).iter().map(|sentence| text(sentence)))),
    ];
    object(&fields) + "\n"
}

fn of_course(course: &Course) -> String {
    let (half_life, doubling_time) = match course.pace {
        Pace::Halves(time) => (number(time), "null".to_owned()),
        Pace::Doubles(time) => ("null".to_owned(), number(time)),
        Pace::Steady => ("null".to_owned(), "null".to_owned()),
    };
    object(&[
        ("fate", text(course.fate.word())),
        ("log10_ratio", number(course.whole_log10)),
        ("half_life", half_life),
        ("doubling_time", doubling_time),
        ("slope", number(course.slope)),
        ("reach", course.reach.map_or_else(|| "null".to_owned(), |reach| reach.to_string())),
        ("log10_norms", numbers(&course.norms_log10)),
    ])
}

fn of_unit(unit: &UnitDiagnosis) -> String {
    let blocks = unit.blocks.iter().map(|block| {
        object(&[
            ("block", text(block.symbol)),
            ("name", text(block.name)),
            ("spectral_radius", number(block.spectral_radius)),
            ("largest_singular_value", number(block.spectral_norm)),
            ("gate_high", block.high.map_or_else(|| "null".to_owned(), number)),
            ("gate_mean", block.mean.map_or_else(|| "null".to_owned(), number)),
        ])
    });
    let of_bias = |bias: &Bias| {
        object(&[
            ("gate", text(bias.gate)),
            ("mean", number(bias.mean)),
            ("least", number(bias.least)),
            ("largest", number(bias.largest)),
        ])
    };
    object(&[
        ("layer", (unit.layer + 1).to_string()),
        ("reverse", unit.reverse.to_string()),
        ("blocks", list(blocks)),
        ("bias", unit.bias.as_ref().map_or_else(|| "null".to_owned(), of_bias)),
        ("gradient", of_course(&unit.course)),
        ("mean_slope", number(unit.mean_slope)),
    ])
}

fn of_cut(cut: &Cut) -> String {
    object(&[
        ("window", cut.window.to_string()),
        ("log10_left_out", number(cut.lost_log10)),
        ("angle_radians", number(cut.angle)),
    ])
}

fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{}:{value}", text(key))).collect();
    format!("{{{}}}", fields.join(","))
}

fn list(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(","))
}

fn numbers(values: &[f64]) -> String {
    list(values.iter().map(|x| number(*x)))
}

/// `null` for NaN, a word for infinity.
fn number(value: f64) -> String {
    match value {
        value if value.is_nan() => "null".to_owned(),
        value if value.is_infinite() => text(&format::plain(value)),
        value => format::plain(value),
    }
}

fn text(content: &str) -> String {
    let mut quoted = String::from('"');
    for letter in content.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if u32::from(letter) < 0x20 => quoted += &format!("\\u{:04x}", u32::from(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

//! How far the gates of an LSTM or a GRU are open over time: mean, and the middle 80 % of the units.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_time::{self, points};
use crate::scene::{Axis, Dash, Mark, Panel, Scene, Series, Tone};
use vanishing_core::studies::hidden_states::{self, BlockOverTime};

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "gates", title: "How far the gates are open", aspect: 2.4, scene };

fn scene(model: &Model) -> Scene {
    let study = model.gradients();
    let pass = study.in_force();
    let gates = hidden_states::gates(&pass.network, pass.backward_pass.top());
    let mut panels: Vec<Panel> = gates.iter().enumerate().map(|(place, gate)| panel(model, place, gate)).collect();
    let mut remark = String::new();
    if panels.is_empty() {
        panels.push(empty(model));
        remark = "A plain RNN has no gates: choose LSTM or GRU as the cell to see them at work.".to_owned();
    }
    Scene { panels, summary: summary(&gates), remark: over_time::of_part(model, remark) }
}

/// One gate: 0 is shut, 1 is open.
fn panel(model: &Model, place: usize, gate: &BlockOverTime) -> Panel {
    let mut panel = over_time::panel(model, over_time::FORWARDS, Axis::linear("", 0.0, 1.0));
    panel.title = format!("{} {}", gate.name, gate.symbol);
    let tone = Tone::Series(place);
    panel.marks.push(Mark::Horizontal { y: 0.5, label: String::new(), tone: Tone::Muted, dash: Dash::Dotted });
    let band = gate.spread.iter().enumerate().map(|(i, [_, low, high])| ((i + 1) as f64, *low, *high)).collect();
    panel.marks.push(Mark::Band { name: "80 % of units".to_owned(), tone, opacity: 0.22, points: band });
    let mean: Vec<f64> = gate.spread.iter().map(|[mean, ..]| *mean).collect();
    panel.marks.push(Mark::Series(Series::line("mean", tone, points(1, &mean)).unlabelled()));
    panel
}

/// The axes alone, with the sentence that the remark says, too.
fn empty(model: &Model) -> Panel {
    let mut panel = over_time::panel(model, over_time::FORWARDS, Axis::linear("", 0.0, 1.0));
    let at = (model.gradients().steps as f64 / 2.0, 0.5);
    panel.marks.push(Mark::Text { at, text: "no gates".to_owned(), tone: Tone::Muted, anchor: 0 });
    panel.cursor = None;
    panel.scrubs = None;
    panel
}

fn summary(gates: &[BlockOverTime]) -> String {
    if gates.is_empty() {
        return "No gates: the cell is a plain RNN.".to_owned();
    }
    let described = gates.iter().map(|gate| {
        let mean = over_time::mean(gate.spread.iter().map(|[mean, ..]| *mean));
        let (low, high) = over_time::span(gate.spread.iter().flat_map(|[_, low, high]| [*low, *high]))
            .unwrap_or((f64::NAN, f64::NAN));
        format!(
            "the {} is open {} on average, most units between {} and {}",
            gate.name,
            format::short(mean),
            format::short(low),
            format::short(high)
        )
    });
    let described: Vec<String> = described.collect();
    format!("Gates over time, from 0, shut, to 1, open: {}.", described.join("; "))
}

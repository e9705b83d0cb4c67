//! The sizes of the eigenvalues of the powers of the recurrent matrix, over the steps back.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::over_steps as over;
use crate::over_time::{roomy, span};
use crate::scene::{Axis, Dash, Mark, Scene, Series, Tone};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "workbench-powers", title: "The eigenvalues of the matrix’s powers", aspect: 1.6, scene };

/// So many eigenvalues have a line.
const LINES: usize = 12;
/// So many of them a strong one.
const STRONG: usize = 3;
/// Nearer to 1 than this, an eigenvalue keeps its size.
const ON_CIRCLE: f64 = 1e-9;

/// log10 |λ| of the first block, by falling size.
fn sizes(model: &Model) -> Vec<f64> {
    let found = model.recurrence().blocks.first().map(|block| &block.eigenvalues[..]).unwrap_or_default();
    found.iter().map(|(re, im)| math::log10(math::hypot(*re, *im))).collect()
}

/// The eigenvalues that have a line, by their place: the first, and the rest evenly.
fn shown(count: usize) -> Vec<usize> {
    if count <= LINES {
        return (0..count).collect();
    }
    let mut shown: Vec<usize> = (0..LINES).map(|i| i * (count - 1) / (LINES - 1)).collect();
    shown.splice(0..STRONG, 0..STRONG);
    shown
}

fn scene(model: &Model) -> Scene {
    let steps = over::steps(model);
    let mut panel = over::panel(model, Axis::log(""));
    let sizes = sizes(model);
    // k log |λ|, where 0 times minus infinity is 0.
    let line = |size: f64| (0..=steps).map(move |k| (k as f64, if k == 0 { 0.0 } else { k as f64 * size }));
    let leading = sizes.first().copied().unwrap_or(f64::NAN);
    let ends = sizes.iter().map(|size| steps as f64 * size).filter(|y| y.is_finite());
    if let Some((low, high)) = span(ends.chain([0.0])) {
        panel.y.range = Some(roomy((low.max(high - 12.0).clamp(-40.0, -0.5), high.max(0.5))));
    }
    panel.marks.push(Mark::Horizontal { y: 0.0, label: String::new(), tone: Tone::Muted, dash: Dash::Solid });
    for (rank, i) in shown(sizes.len()).into_iter().enumerate().rev() {
        let size = sizes[i];
        let tone = Tone::of_factor(math::exp(size * math::LN_10), ON_CIRCLE);
        // The numbers of the handles may be in another order.
        let name = if i == 0 { "largest".to_owned() } else { format!("|λ|ᵏ, {} by size", i + 1) };
        let mut series = Series::line(name, tone, line(size).collect());
        series.line = Some((Dash::Solid, if rank == 0 { 2.4 } else { 1.2 }));
        series.opacity = if rank < STRONG { 1.0 } else { 0.45 };
        series.labelled = rank == 0;
        panel.marks.push(Mark::Series(series));
    }
    let summary = if leading.is_nan() {
        "Sizes of the eigenvalues of the powers of the recurrent matrix: they are not known yet.".to_owned()
    } else {
        let end = format::log10_value(steps as f64 * leading);
        format!(
            "Sizes of the eigenvalues of the recurrent matrix to the power k, on a logarithmic axis: after {steps} steps the largest is {end}."
        )
    };
    Scene { panels: vec![panel], summary, remark: String::new() }
}

/// What becomes of the largest eigenvalue, in words.
pub fn words(model: &Model) -> String {
    let (steps, sizes) = (over::steps(model), sizes(model));
    let Some(leading) = sizes.first().copied().filter(|size| !size.is_nan()) else {
        return "its eigenvalues are not known yet".to_owned();
    };
    let power = format!(
        "{}{} = {}",
        format::log10_value(leading),
        format::superscript(steps as i64),
        format::log10_value(if steps == 0 { 0.0 } else { steps as f64 * leading })
    );
    match Tone::of_factor(math::exp(leading * math::LN_10), ON_CIRCLE) {
        Tone::Exploding => format!("grows: {power}"),
        Tone::Vanishing => format!("dies out: {power}"),
        _ => format!("keeps its size: {power}"),
    }
}

//! M and M^k side by side as heat maps, each divided by its largest entry.
use super::spec::FigureSpec;
use crate::format;
use crate::model::Model;
use crate::scene::{Axis, Mark, Panel, Scene, Shades};
use vanishing_core::math;

/// Registry entry.
pub const SPEC: FigureSpec = FigureSpec { slug: "matrix-powers", title: "M and Mᵏ", aspect: 1.9, scene };

fn scene(model: &Model) -> Scene {
    let study = model.matrix_power();
    let largest = study.matrix.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let matrix: Vec<f64> = study.matrix.iter().map(|x| x / scale).collect();
    let k = format::superscript(model.power() as i64);
    let first = panel(study.size, format!("M: largest entry {}", format::short(largest)), "M", matrix);
    let size = format::log10_value(study.power_log10_max);
    let second = panel(study.size, format!("M{k}: largest entry {size}"), &format!("M{k}"), study.power.clone());
    let summary = format!(
        "Two heat maps, blue for negative and orange for positive entries: M, {n} by {n}, whose largest entry is {}, and M to the power {}, whose largest entry is {size}. Each is divided by its largest entry.",
        format::short(largest),
        model.power(),
        n = study.size,
    );
    Scene { panels: vec![first, second], summary, remark: remark(model) }
}

fn panel(size: usize, title: String, name: &str, values: Vec<f64>) -> Panel {
    let n = size as f64;
    let mut panel = Panel::new(Axis::linear("column", 0.0, n).hidden(), Axis::linear("row", 0.0, n).hidden());
    panel.title = title;
    panel.equal_units = true;
    panel.marks.push(Mark::Heatmap {
        name: format!("{name}, of its largest entry"),
        rows: size,
        columns: size,
        values,
        shades: Shades::Signed,
        limit: 1.0,
        words: Vec::new(),
    });
    panel
}

fn remark(model: &Model) -> String {
    let study = model.matrix_power();
    let (first, second) = (study.leading.0.abs(), study.leading.1.abs());
    if study.power_log10_max == f64::NEG_INFINITY {
        return "Mᵏ = 0.".to_owned();
    }
    // How far M^k is from λ_1^k v_1 v_1ᵀ, relative to its size.
    let rest = if first > 0.0 { model.power() as f64 * math::log10(second / first) } else { f64::NAN };
    if rest < -1.5 {
        return "Only one direction is left: Mᵏ is nearly λ₁ᵏ v₁v₁ᵀ, a matrix of rank one.".to_owned();
    }
    String::new()
}

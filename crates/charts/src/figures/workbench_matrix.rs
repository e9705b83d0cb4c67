//! The eigenvalues of the recurrent matrix as handles: on the line where they are real, in the plane elsewhere.
use super::spec::FigureSpec;
use super::{eigenvalue_line, spectrum};
use crate::format;
use crate::model::Model;
use crate::scene::{Mark, Marker, Scene, Tone};
use vanishing_core::recurrent::Ingredient;
use vanishing_core::remedies;

/// Registry entry.
pub const SPEC: FigureSpec =
    FigureSpec { slug: "workbench-matrix", title: "The eigenvalues of the network’s matrix", aspect: 2.6, scene };

/// Whether all eigenvalues are real and M's: a symmetric matrix of a network that was not opened.
fn is_real(model: &Model) -> bool {
    let config = &model.network().recurrence;
    config.opened.is_none() && config.kind.uses(Ingredient::Eigenvalues)
}

fn scene(model: &Model) -> Scene {
    let mut scene = if is_real(model) { (eigenvalue_line::SPEC.scene)(model) } else { (spectrum::SPEC.scene)(model) };
    for panel in &mut scene.panels {
        panel.x.title = String::new();
        if is_real(model) {
            // Room is short, and the panel's heading says it.
            for mark in &mut panel.marks {
                match mark {
                    Mark::Zone { label, .. } => label.clear(),
                    // Those that no handle moves are small beside those that one does.
                    Mark::Series(series) => (series.tone, series.marker) = (Tone::Muted, Some((Marker::Dot, 1.5))),
                    _ => {}
                }
            }
        } else {
            panel.y.title = String::new();
        }
    }
    scene.remark = String::new();
    scene
}

/// What the matrix does in the long run, in words.
pub fn words(model: &Model) -> String {
    let Some(radius) = model.recurrence().spectral_radius() else {
        return "its eigenvalues are not known yet".to_owned();
    };
    // M is the network's own. What some remedies start from is another matrix.
    let replaced = remedies::switched_on(&model.network().remedies).any(|spec| spec.changes_matrix);
    let whose = if replaced { ", without the remedies" } else { "" };
    format!("largest |λ| = {}{whose}", format::short(radius))
}

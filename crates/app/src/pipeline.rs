//! The steps of an update as a row of boxes, with the gradient's norm between them.
use vanishing_charts::format;
use vanishing_charts::laboratory::Lane;
use vanishing_core::param::Settings;
use vanishing_core::remedies::{self, RemedySpec, Stage};

/// A norm in words, from its base-10 logarithm.
pub fn norm_text(log10: f64) -> String {
    if log10.is_nan() { "not a number".to_owned() } else { format::log10_value(log10) }
}

/// A box of the pipeline, and the gradient's norm behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineBox {
    /// Its name.
    pub title: String,
    /// Whether it is a remedy.
    pub remedy: bool,
    /// ‖dL/dθ‖ after it, where it has one; after the optimiser, the size of the update.
    pub norm: Option<String>,
}

/// The boxes of a lane with these settings, in the order in which an update passes them.
pub fn boxes(settings: &Settings, lane: &Lane) -> Vec<PipelineBox> {
    let plain = |title: &str, norm: Option<String>| PipelineBox { title: title.to_owned(), remedy: false, norm };
    let newest = lane.history.newest.as_ref();
    let after = |slug: &str| {
        let norms = newest.map(|report| &report.norms)?;
        norms.iter().find(|(remedy, _)| *remedy == slug).map(|(_, norm)| norm_text(*norm))
    };
    let on: Vec<&RemedySpec> = remedies::switched_on(settings).collect();
    let of = |stage: Stage| on.iter().filter(move |spec| spec.stage == stage);
    let boxed =
        |spec: &&RemedySpec, norm: Option<String>| PipelineBox { title: spec.title.to_owned(), remedy: true, norm };
    let mut boxes = vec![plain("sequences", None)];
    boxes.extend(of(Stage::Data).map(|spec| boxed(spec, None)));
    boxes.push(plain("network", None));
    for stage in [Stage::Cell, Stage::Initialization] {
        boxes.extend(of(stage).map(|spec| boxed(spec, None)));
    }
    boxes.push(plain("forward", None));
    boxes.extend(of(Stage::Memory).map(|spec| boxed(spec, None)));
    boxes.push(plain("loss", newest.map(|report| format::short(report.loss))));
    boxes.extend(of(Stage::Backward).map(|spec| boxed(spec, None)));
    boxes.push(plain("backward", after("")));
    boxes.extend(of(Stage::Gradient).map(|spec| boxed(spec, after(spec.slug))));
    boxes.extend(
        of(Stage::Rate)
            .map(|spec| boxed(spec, newest.map(|report| format!("η = {}", format::short(report.learning_rate))))),
    );
    let moved =
        newest.map(|report| if report.skipped { "left out".to_owned() } else { norm_text(report.update_log10) });
    boxes.push(plain("optimiser", moved));
    boxes.extend(of(Stage::Weights).map(|spec| boxed(spec, None)));
    boxes.push(plain("weights", None));
    boxes
}

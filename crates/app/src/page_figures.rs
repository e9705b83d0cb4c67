//! The REGISTRY of the page's figures: for each of [`vanishing_charts::figures`] where it stands, what moves it, and what it
//! follows.
use crate::chapters::{Chapter, WORKBENCH};
use vanishing_charts::figures::{self as charts, FigureSpec};

/// A figure on the page, as data.
pub struct PageFigure {
    /// Its entry in the registry of charts.
    pub spec: &'static FigureSpec,
    /// The chapter in which it stands, whose presets and keys go with it.
    pub chapter: Chapter,
    /// The keys of the controls that stand beneath it when it is embedded alone.
    pub controls: &'static [&'static str],
    /// The buttons beneath it then.
    pub buttons: &'static [Button],
    /// What makes its picture anew.
    pub follows: Follows,
    /// Whether it is drawn low until something was trained, because there is little to see.
    pub waits: bool,
}

/// What a figure shows, and so when its picture is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// The parameters of the page.
    Settings,
    /// The runs of chapter 4 as they report.
    Training,
    /// The experiment of chapter 4, run after run.
    Experiment,
    /// The map of what can be learned, run after run.
    Map,
    /// The short runs of the workbench.
    Trials,
    /// The networks of chapter 4 that learn a text.
    Reading,
}

/// A button beneath an embedded figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its `data-action`.
    pub action: &'static str,
    /// Its label.
    pub words: &'static str,
    /// Whether it pauses while something plays, and says so.
    pub pauses: bool,
}

impl PageFigure {
    /// Whether it shows the runs of chapter 4, an experiment with them, or those that learn a text.
    pub fn is_of_training(&self) -> bool {
        matches!(self.follows, Follows::Training | Follows::Experiment | Follows::Reading)
    }
}

const fn button(action: &'static str, words: &'static str) -> Button {
    Button { action, words, pauses: false }
}

const fn player(action: &'static str, words: &'static str) -> Button {
    Button { action, words, pauses: true }
}

const POWER_BUTTONS: &[Button] =
    &[player("play", "Play"), button("back", "Step back"), button("step", "Step on"), button("reset", "k = 0")];

const POWERS: &[&str] = &["power", "eigenvalue-1", "eigenvalue-2", "eigenvalue-3", "eigenvalue-4"];

const START: &[&str] = &["power", "eigenvalue-1", "eigenvalue-2", "start", "start-along", "start-across"];

const NETWORK: &[&str] = &[
    "cell",
    "activation",
    "cell-alpha",
    "cell-epsilon",
    "cell-gamma",
    "recurrent",
    "gain",
    "eigenvalue-1",
    "hidden-size",
    "sequence-length",
    "layers",
    "forget-bias",
    "clip-norm",
    "orthogonal-init",
];

const TRAINING_BUTTONS: &[Button] =
    &[player("train-start", "Start"), button("train-step", "Step"), button("train-reset", "Restart")];

const EXPERIMENT_BUTTONS: &[Button] =
    &[button("experiment-start", "Run the experiment"), button("experiment-cancel", "Cancel")];

const DESCENT: &[&str] = &["cliff-step", "cliff-threshold", "cliff-rate", "cliff-w", "cliff-b"];

const DESCENT_BUTTONS: &[Button] = &[
    player("cliff-play", "Play"),
    button("cliff-back", "Step back"),
    button("cliff-step", "Step on"),
    button("cliff-reset", "To the start"),
];

/// A figure of the network of chapter 3.
const fn of_network(spec: &'static FigureSpec) -> PageFigure {
    PageFigure {
        spec,
        chapter: Chapter::Gradients,
        controls: NETWORK,
        buttons: &[],
        follows: Follows::Settings,
        waits: false,
    }
}

/// A figure of the runs of chapter 4.
const fn of_training(spec: &'static FigureSpec) -> PageFigure {
    PageFigure {
        spec,
        chapter: Chapter::Laboratory,
        controls: &["lanes", "stop-step"],
        buttons: TRAINING_BUTTONS,
        follows: Follows::Training,
        waits: true,
    }
}

/// A figure of the experiment.
const fn of_experiment(spec: &'static FigureSpec) -> PageFigure {
    PageFigure {
        spec,
        chapter: Chapter::Laboratory,
        controls: &["evidence-order", "seeds", "stop-step"],
        buttons: EXPERIMENT_BUTTONS,
        follows: Follows::Experiment,
        waits: false,
    }
}

/// A figure of M^k, or of the start on its way.
const fn of_powers(spec: &'static FigureSpec, chapter: Chapter, controls: &'static [&'static str]) -> PageFigure {
    PageFigure { spec, chapter, controls, buttons: POWER_BUTTONS, follows: Follows::Settings, waits: false }
}

const BENCH: &[&str] =
    &["spectral-radius", "recurrent", "eigenvalue-1", "cell", "activation", "sequence-length", "clip-norm"];

const BENCH_BUTTONS: &[Button] = &[player("sweep-play", "Play")];

/// A figure of the workbench.
const fn of_workbench(spec: &'static FigureSpec) -> PageFigure {
    PageFigure {
        spec,
        chapter: Chapter::Workbench,
        controls: BENCH,
        buttons: BENCH_BUTTONS,
        follows: Follows::Settings,
        waits: false,
    }
}

/// All figures, in the order of the page.
pub static ALL: &[PageFigure] = &[
    of_workbench(&charts::workbench_matrix::SPEC),
    of_workbench(&charts::workbench_powers::SPEC),
    of_workbench(&charts::workbench_angle::SPEC),
    of_workbench(&charts::workbench_gradient::SPEC),
    PageFigure { follows: Follows::Trials, ..of_workbench(&charts::workbench_training::SPEC) },
    PageFigure {
        spec: &charts::opening::SPEC,
        chapter: Chapter::Gradients,
        controls: &["opening-gain"],
        buttons: &[player("opening-play", "Play")],
        follows: Follows::Settings,
        waits: false,
    },
    PageFigure {
        spec: &charts::iterated::SPEC,
        chapter: Chapter::Gradients,
        controls: &["iterated-kappa", "iterated-times", "iterated-start"],
        buttons: &[],
        follows: Follows::Settings,
        waits: false,
    },
    PageFigure {
        spec: &charts::eigenvalue_line::SPEC,
        chapter: Chapter::Powers,
        controls: &["eigenvalue-1", "eigenvalue-2", "eigenvalue-3", "eigenvalue-4"],
        buttons: &[],
        follows: Follows::Settings,
        waits: false,
    },
    of_powers(&charts::matrix_powers::SPEC, Chapter::Powers, POWERS),
    of_powers(&charts::eigenvalue_powers::SPEC, Chapter::Powers, POWERS),
    of_powers(&charts::unit_circle::SPEC, Chapter::Powers, POWERS),
    of_powers(&charts::iterate::SPEC, Chapter::Alignment, START),
    of_powers(&charts::alignment_angle::SPEC, Chapter::Alignment, START),
    PageFigure {
        spec: &charts::alignment_probability::SPEC,
        chapter: Chapter::Alignment,
        controls: &["power", "eigenvalue-1", "eigenvalue-2", "aligned-when", "epsilon", "delta"],
        buttons: &[],
        follows: Follows::Settings,
        waits: false,
    },
    PageFigure {
        spec: &charts::start_overlap::SPEC,
        chapter: Chapter::Alignment,
        controls: &["hidden-size", "starts", "start-seed"],
        buttons: &[],
        follows: Follows::Settings,
        waits: false,
    },
    of_network(&charts::spectrum::SPEC),
    of_network(&charts::gradient_norms::SPEC),
    of_network(&charts::gradient_direction::SPEC),
    of_network(&charts::jacobian_singular_values::SPEC),
    of_network(&charts::saturation::SPEC),
    of_network(&charts::gates::SPEC),
    of_network(&charts::weight_gradient::SPEC),
    PageFigure { waits: false, ..of_training(&charts::training_loss::SPEC) },
    of_training(&charts::training_gradient_norm::SPEC),
    of_training(&charts::training_heat::SPEC),
    of_training(&charts::training_spectrum::SPEC),
    of_training(&charts::training_update::SPEC),
    of_training(&charts::training_accuracy::SPEC),
    of_training(&charts::training_cost::SPEC),
    of_experiment(&charts::evidence_runs::SPEC),
    of_experiment(&charts::evidence_heat::SPEC),
    PageFigure {
        spec: &charts::text_bits::SPEC,
        chapter: Chapter::Laboratory,
        controls: &["read-units", "read-length", "read-updates"],
        buttons: &[button("read-start", "Start"), button("read-pause", "Pause"), button("read-again", "Again")],
        follows: Follows::Reading,
        waits: false,
    },
    PageFigure {
        spec: &charts::learning_map::SPEC,
        chapter: Chapter::Laboratory,
        controls: &["spectral-radius", "sequence-length", "cell", "clip-norm", "orthogonal-init"],
        buttons: &[button("map-start", "Start"), button("map-pause", "Pause"), button("map-cancel", "Forget")],
        follows: Follows::Map,
        waits: false,
    },
    PageFigure {
        spec: &charts::cliff::SPEC,
        chapter: Chapter::Cliff,
        controls: DESCENT,
        buttons: DESCENT_BUTTONS,
        follows: Follows::Settings,
        waits: false,
    },
    PageFigure {
        spec: &charts::cliff_descent::SPEC,
        chapter: Chapter::Cliff,
        controls: DESCENT,
        buttons: DESCENT_BUTTONS,
        follows: Follows::Settings,
        waits: false,
    },
    PageFigure {
        spec: &charts::cliff_attractors::SPEC,
        chapter: Chapter::Cliff,
        controls: DESCENT,
        buttons: &[],
        follows: Follows::Settings,
        waits: false,
    },
];

/// The figure of that slug.
pub fn find(slug: &str) -> Option<&'static PageFigure> {
    ALL.iter().find(|figure| figure.spec.slug == slug)
}

/// Those of a chapter.
pub fn of(chapter: Chapter) -> impl Iterator<Item = &'static PageFigure> {
    ALL.iter().filter(move |figure| figure.chapter == chapter)
}

/// The slug of the chapter in which a figure stands; empty for what is no figure.
pub fn chapter_of(slug: &str) -> &'static str {
    // The whole of it, as a lesson shows it.
    if slug == WORKBENCH {
        return WORKBENCH;
    }
    find(slug).map_or("", |figure| figure.chapter.slug())
}

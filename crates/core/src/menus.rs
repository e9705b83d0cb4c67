//! The registries as menus: the choices of the parameters that pick one of their entries.
use crate::param::Choice;
use crate::{cells, optimizers, recurrent, tasks};

/// A place that the loops below fill.
const EMPTY: Choice = Choice { slug: "", label: "" };

/// Every entry of a registry, with its slug and its title.
macro_rules! menu {
    ($all:expr) => {{
        let mut choices = [EMPTY; $all.len()];
        let mut i = 0;
        while i < choices.len() {
            choices[i] = Choice { slug: $all[i].slug, label: $all[i].title };
            i += 1;
        }
        choices
    }};
}

/// The training tasks.
pub static TASKS: [Choice; tasks::ALL.len()] = menu!(tasks::ALL);

/// The recurrent matrices.
pub static MATRICES: [Choice; recurrent::ALL.len()] = menu!(recurrent::ALL);

/// The optimisers.
pub static OPTIMIZERS: [Choice; optimizers::ALL.len()] = menu!(optimizers::ALL);

/// The kinds of cell; the activation of a kind that has several is chosen from [`ACTIVATIONS`].
pub static CELLS: [Choice; cells::KINDS] = {
    let mut choices = [EMPTY; cells::KINDS];
    let (mut i, mut kinds) = (0, 0);
    while i < cells::ALL.len() {
        if cells::is_first_of_its_kind(i) {
            choices[kinds] = Choice { slug: cells::ALL[i].kind, label: cells::ALL[i].kind_title };
            kinds += 1;
        }
        i += 1;
    }
    choices
};

/// The activations of the kinds of cell that take one.
pub static ACTIVATIONS: [Choice; cells::ACTIVATIONS] = {
    let mut choices = [EMPTY; cells::ACTIVATIONS];
    let (mut i, mut activations) = (0, 0);
    while i < cells::ALL.len() {
        if let Some(slug) = cells::ALL[i].activation {
            choices[activations] = Choice { slug, label: slug };
            activations += 1;
        }
        i += 1;
    }
    choices
};

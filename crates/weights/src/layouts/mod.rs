//! The ways in which libraries name and lay out the weights of a recurrent network: each turns the tensors that it knows by
//! their names into those of PyTorch (`weight_ih_l0`, ...), and says so. One file and one line each.
mod flax;
mod keras;
mod mlx;
mod parametrized;
mod pruned;
mod short_names;
mod spec;
mod spectral_norm;
mod weight_drop;
mod weight_norm;

pub use spec::{Layout, Tensor, Tensors};

/// All of them, in the order in which they are tried: first what makes a tensor of others, then other names for it.
pub const ALL: &[&Layout] = &[
    &parametrized::LAYOUT,
    &spectral_norm::LAYOUT,
    &weight_norm::LAYOUT,
    &pruned::LAYOUT,
    &weight_drop::LAYOUT,
    &keras::LAYOUT,
    &mlx::LAYOUT,
    &flax::LAYOUT,
    &short_names::LAYOUT,
];

/// Puts PyTorch's names in the place of others.
pub fn translate(all: &mut Tensors) {
    for layout in ALL {
        (layout.apply)(all);
    }
}
